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

    /// The containers that no longer serve the instance once everything is done.
    var giving: [ObservedContainer] {
        switch work {
        case .replace(let predecessors), .finish(_, let predecessors): predecessors
        case .retire(_, let leftovers): leftovers
        case .remove(let containers): containers
        case .keep, .create, .start, .rename: []
        }
    }

    /// All that is there of the instance and takes part.
    var involved: [ObservedContainer] {
        if case .finish(let current, let predecessors) = work { [current] + predecessors } else { giving }
    }

    /// The one of them that stays, stopped: the one that runs, or else the one that ran last.
    ///
    /// A job that is done is nothing to go back to.
    var keeper: ObservedContainer? {
        guard let instance, !instance.instance.isJob else { return nil }
        let candidates = giving.filter { !$0.startedAt.isEmpty && !$0.spec.autoRemove }
        return candidates.last(where: \.isUp) ?? candidates.max { ($0.startedAt, $0.id) < ($1.startedAt, $1.id) }
    }

    /// The containers that go once everything else is done.
    var leftovers: [ObservedContainer] {
        let keeper = keeper?.id
        return giving.filter { $0.id != keeper }
    }

    /// Earlier predecessors for which there is no place any more; one is kept of each instance.
    var excess: [ObservedContainer] {
        keeper == nil ? Array(retained.dropLast()) : retained
    }

    /// What the instance could go back to once everything is done.
    var wayBack: WayBack {
        (keeper.map { InstanceName.retained(InstanceName.name(for: $0.identity), id: $0.id) } ?? retained.last?.name)
            .map(WayBack.predecessor) ?? .none
    }

    /// What is to run in a container of the instance before it stops.
    var preStop: [Hook] { instance?.instance.hooks.preStop ?? [] }

    /// What tells a container of the instance that it is about to stop.
    var drain: Drain? { instance?.instance.drain }
}

extension HostReview {
    /// The containers that will serve these instances.
    func handles(of addresses: [InstanceAddress]) -> [InstanceAddress: ContainerHandle] {
        let found = decisions.filter { addresses.contains($0.address) }
            .compactMap { decision in decision.container.map { (decision.address, $0) } }
        return Dictionary(uniqueKeysWithValues: found)
    }

    /// The containers that go, those that hang on others first.
    var leftovers: [ObservedContainer] { decisions.flatMap(\.leftovers).sharersFirst }

    /// The earlier predecessors that go, those that hang on others first.
    var excess: [ObservedContainer] { decisions.flatMap(\.excess).sharersFirst }
}

extension [ObservedContainer] {
    fileprivate var sharersFirst: Self {
        var sorted: Self = []
        var waiting = self
        while !waiting.isEmpty {
            let sharers = waiting.filter(\.shares)
            let free = waiting.filter { entry in !sharers.contains { $0.hangs(on: entry) } }
            // No engine lets containers hang on one another in a circle.
            sorted += free.isEmpty ? waiting : free
            let taken = Set(sorted.map(\.id))
            waiting.removeAll { taken.contains($0.id) }
        }
        return sorted
    }
}

extension [Decision] {
    /// Instances that change together with the one on which they hang: each under one address.
    ///
    /// When one of them cannot be put in place, none can stay: the old one hangs on what the others had. So it does
    /// not matter whether it is the new containers that share, or those that go.
    var units: [InstanceAddress: InstanceAddress] {
        var units: [InstanceAddress: InstanceAddress] = [:]
        for decision in self where decision.isChange && decision.shares {
            let address = decision.address
            for owner in self where owner.isChange && decision.hangs(on: owner) {
                let (one, other) = (units[address] ?? address, units[owner.address] ?? owner.address)
                units[address] = one
                units[owner.address] = other
                for (member, unit) in units where unit == one || unit == other { units[member] = Swift.min(one, other) }
            }
        }
        return units
    }

    /// The instances of each unit.
    var sharingUnits: [[Decision]] {
        let units = units
        if units.isEmpty { return [] }
        let members = filter { units[$0.address] != nil }
        return Dictionary(grouping: members) { units[$0.address] }.values.map(\.self)
    }

    /// The services of each unit.
    var groups: [Set<ServiceName>] { sharingUnits.map { Set($0.map(\.address.service)) } }
}

extension Decision {
    /// Whether it will have something of others, or what goes has.
    var shares: Bool { instance?.spec.sharing.isEmpty == false || giving.contains(where: \.shares) }

    /// Whether the instance will have something of the other one's, or had while both are still up.
    fileprivate func hangs(on owner: Decision) -> Bool {
        let isDesired = instance?.spec.sharing.instances.contains(owner.address) ?? false
        return isDesired
            || giving.contains { leftover in leftover.isUp && owner.giving.contains { leftover.hangs(on: $0) } }
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
