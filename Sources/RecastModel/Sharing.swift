/// What a container shares with other containers of its host: their namespaces and volumes.
///
/// Such a container hangs on the very container whose namespace it shares: a successor of that one has a new
/// namespace. So a change of the owner replaces everything that shares with it.
package struct Sharing: Hashable, Sendable {
    package enum Owner: Hashable, Sendable, CustomStringConvertible {
        /// Another instance of the same application on the same host.
        case instance(InstanceAddress)
        /// A container by its name, or by its ID where an engine reports it.
        case container(String)

        /// `service:db.1` or `container:name`.
        package var description: String {
            switch self {
            case .instance(let address): "service:\(address)"
            case .container(let name): "container:\(name)"
            }
        }

        package var instance: InstanceAddress? {
            if case .instance(let address) = self { address } else { nil }
        }
    }

    package struct Volumes: Hashable, Sendable {
        package var owner: Owner
        package var readOnly: Bool

        package init(_ owner: Owner, readOnly: Bool = false) {
            self.owner = owner
            self.readOnly = readOnly
        }
    }

    /// In place of `Networking.mode` and its endpoints.
    package var network: Owner?
    /// In place of `Isolation.pidMode`.
    package var pid: Owner?
    /// In place of `Isolation.ipcMode`; the owner must have `shareable`.
    package var ipc: Owner?
    /// `volumes_from`.
    package var volumes: [Volumes] = []

    package init() {}

    package var isEmpty: Bool { network == nil && pid == nil && ipc == nil && volumes.isEmpty }

    package var owners: [Owner] { [network, pid, ipc].compactMap(\.self) + volumes.map(\.owner) }

    /// The instances it hangs on, sorted.
    package var instances: [InstanceAddress] { Set(owners.compactMap(\.instance)).sorted() }

    package func mapOwners(_ transform: (Owner) -> Owner) -> Self {
        var mapped = self
        mapped.network = network.map(transform)
        mapped.pid = pid.map(transform)
        mapped.ipc = ipc.map(transform)
        mapped.volumes = volumes.map { Volumes(transform($0.owner), readOnly: $0.readOnly) }
        return mapped
    }
}
