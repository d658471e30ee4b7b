package import RecastModel

/// The instances of one host that others may hang on, as far as it is decided what becomes of them.
struct SharedOwners {
    private var containers: [InstanceAddress: String] = [:]
    /// The container stays and is started: whoever runs on what it had before hangs on nothing.
    private var starting: Set<InstanceAddress> = []

    mutating func add(_ decision: Decision) {
        switch decision.work {
        case .keep(let current), .rename(let current), .retire(let current, _):
            containers[decision.address] = current.id
        case .start(let current), .finish(let current, _):
            containers[decision.address] = current.id
            starting.insert(decision.address)
        case .create, .replace, .remove: break
        }
    }

    /// The containers on which that one may hang.
    func ids(for container: ObservedContainer) -> [Sharing.Owner: String] {
        let usable = containers.filter { !container.isUp || !starting.contains($0.key) }
        return Dictionary(uniqueKeysWithValues: usable.map { (.instance($0.key), $0.value) })
    }

    /// The first of the owners that gets a new container, or is started anew.
    func renewed(in sharing: Sharing) -> InstanceAddress? {
        sharing.instances.first { containers[$0] == nil || starting.contains($0) }
    }
}

extension [PinnedInstance] {
    /// Owners before those that hang on them, else in the order they have.
    ///
    /// The loader refuses cycles; should one come through, its members come last.
    var ownersFirst: [PinnedInstance] {
        var sorted: [PinnedInstance] = []
        var waiting = self
        while !waiting.isEmpty {
            let addresses = Set(waiting.map(\.address))
            let ready = waiting.filter { addresses.isDisjoint(with: $0.spec.sharing.instances) }
            if ready.isEmpty { return sorted + waiting }
            sorted += ready
            waiting.removeAll { addresses.isDisjoint(with: $0.spec.sharing.instances) }
        }
        return sorted
    }
}

extension ObservedContainer {
    /// Whether it has something of any other one.
    var shares: Bool { !spec.sharing.isEmpty }

    /// Whether it has namespaces or volumes of that container.
    func hangs(on other: ObservedContainer) -> Bool { spec.sharing.owners.contains(.container(other.id)) }
}

extension Planner.Scope {
    /// With the services that share namespaces or volumes with those it names, as none can be replaced alone, and with
    /// the tasks that they wait for.
    package func closed(over instances: [DesiredInstance]) -> Self {
        guard !services.isEmpty else { return self }
        let tasks = Set(instances.filter { $0.task?.time == .before }.map(\.address.service))
        var closed = self
        var before = -1
        while closed.services.count != before {
            before = closed.services.count
            for instance in instances {
                let owners = Set(instance.spec.sharing.instances.map(\.service))
                let all = owners.union([instance.address.service])
                if !owners.isEmpty, !all.isDisjoint(with: closed.services) { closed.services.formUnion(all) }
                guard closed.services.contains(instance.address.service) else { continue }
                let awaited = instance.dependencies.filter { $0.condition == .completed }.map(\.service)
                closed.services.formUnion(tasks.intersection(awaited))
            }
        }
        return closed
    }
}
