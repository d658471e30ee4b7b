import RecastModel

extension Decision {
    /// The container that will serve the instance.
    var container: ContainerHandle? {
        switch work {
        case .keep(let current), .start(let current), .rename(let current), .finish(let current, _),
            .retire(let current, _):
            current.handle
        case .create, .replace: instance.map { .name($0.containerName) }
        case .remove: nil
        }
    }

    /// The containers that go once everything else is done.
    var leftovers: [ObservedContainer] {
        switch work {
        case .replace(let predecessors), .finish(_, let predecessors): predecessors
        case .retire(_, let leftovers): leftovers
        case .remove(let containers): containers
        case .keep, .create, .start, .rename: []
        }
    }

    /// What is to run in a container of the instance before it stops.
    var preStop: [Hook] { instance?.instance.hooks.preStop ?? [] }
}

extension HostReview {
    /// The containers that will serve these instances.
    func handles(of addresses: [InstanceAddress]) -> [InstanceAddress: ContainerHandle] {
        let found = decisions.filter { addresses.contains($0.address) }
            .compactMap { decision in decision.container.map { (decision.address, $0) } }
        return Dictionary(uniqueKeysWithValues: found)
    }

    /// The containers that go, those that hang on others first.
    var leftovers: [(container: ObservedContainer, decision: Decision)] {
        var sorted: [(container: ObservedContainer, decision: Decision)] = []
        var waiting = decisions.flatMap { decision in decision.leftovers.map { ($0, decision) } }
        while !waiting.isEmpty {
            let all = waiting.map(\.0)
            let free = waiting.filter { entry in !all.contains { $0.hangs(on: entry.0) } }
            // No engine lets containers hang on one another in a circle.
            sorted += free.isEmpty ? waiting : free
            let taken = Set(sorted.map(\.container.id))
            waiting.removeAll { taken.contains($0.0.id) }
        }
        return sorted
    }

    /// Instances that change together with the one on which they hang: each under one address.
    ///
    /// When one of them cannot be put in place, none can stay: the old one hangs on what the others had. So it does
    /// not matter whether it is the new containers that share, or those that go.
    var units: [InstanceAddress: InstanceAddress] {
        var units: [InstanceAddress: InstanceAddress] = [:]
        for decision in decisions where decision.change != nil {
            let address = decision.address
            for owner in decisions where owner.change != nil && decision.hangs(on: owner) {
                let (one, other) = (units[address] ?? address, units[owner.address] ?? owner.address)
                units[address] = one
                units[owner.address] = other
                for (member, unit) in units where unit == one || unit == other { units[member] = min(one, other) }
            }
        }
        return units
    }
}

extension Decision {
    /// Whether the instance will have something of the other one's, or had while both are still up.
    fileprivate func hangs(on owner: Decision) -> Bool {
        let isDesired = instance?.spec.sharing.instances.contains(owner.address) ?? false
        return isDesired
            || leftovers.contains { leftover in leftover.isUp && owner.leftovers.contains { leftover.hangs(on: $0) } }
    }
}

/// An image that a host is to have before anything is touched.
struct NeededImage: Hashable, Comparable {
    let reference: ImageReference
    /// `nil`: the host's.
    let platform: String?

    func isHere(on state: HostState) -> Bool {
        guard let image = state.images[reference.exact] else { return false }
        return platform.map { PlatformName(image.platform).fits($0) } ?? true
    }

    static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.reference, lhs.platform ?? "") < (rhs.reference, rhs.platform ?? "")
    }
}
