package import RecastModel
import Synchronization

/// What the definitions of many containers have in common: it is kept once, however many hosts report it.
package final class SpecPool: Sendable {
    /// By what the container says of its own definition.
    private let known = Mutex<[String: ContainerSpec]>([:])

    package init() {}

    /// The same, with all that an earlier one of the same definition has, too, in the place of its own copy.
    package func sharing(_ container: ObservedContainer) -> ObservedContainer {
        let key = container.identity.specHash
        guard let other = known.withLock({ $0[key] }) else {
            known.withLock { $0[key] = container.spec }
            return container
        }
        var shared = container
        shared.spec = container.spec.sharing(with: other)
        return shared
    }
}

extension ContainerSpec {
    /// What has the same content gets the same memory; names and addresses are each container's own.
    fileprivate func sharing(with other: Self) -> Self {
        var spec = self
        spec.share(\.image, other)
        spec.share(\.command, other)
        spec.share(\.entrypoint, other)
        spec.share(\.environment, other)
        spec.share(\.labels, other)
        spec.share(\.annotations, other)
        spec.share(\.healthcheck, other)
        spec.share(\.resources, other)
        spec.share(\.isolation, other)
        spec.share(\.logging, other)
        spec.share(\.mounts, other)
        spec.share(\.fileRecord, other)
        return spec
    }

    private mutating func share<Value: Equatable>(_ path: WritableKeyPath<Self, Value>, _ other: Self) {
        if self[keyPath: path] == other[keyPath: path] { self[keyPath: path] = other[keyPath: path] }
    }
}
