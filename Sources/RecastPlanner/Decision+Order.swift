import RecastModel

extension Decision {
    /// How the instance gives way; `nil` when there is nothing that runs.
    var replacement: Replacement? {
        switch work {
        case .replace(let predecessors): replacement(of: predecessors.filter(\.isUp), isCurrentUp: false)
        case .finish(let current, let predecessors):
            replacement(of: predecessors.filter(\.isUp), isCurrentUp: current.isUp)
        default: nil
        }
    }

    private func replacement(of predecessors: [ObservedContainer], isCurrentUp: Bool) -> Replacement? {
        guard let grace = predecessors.map(\.graceSeconds).max() else { return nil }
        let exclusive = exclusive(predecessors)
        if isCurrentUp, exclusive.isEmpty { return Replacement(.startFirst, gap: .none) }
        let isPossible = exclusive.isEmpty
        let reasons = exclusive + reservations(predecessors)
        let order = policy.order ?? (reasons.isEmpty ? .startFirst : .stopFirst)
        if order == .startFirst, isPossible { return Replacement(.startFirst, gap: .none) }
        return Replacement(
            .stopFirst, exclusive: reasons, gap: knownGap.map { .measured($0) } ?? .unknown(grace: grace))
    }

    /// What two containers cannot hold at once, sorted.
    func exclusive(_ predecessors: [ObservedContainer]) -> [String] {
        let held = predecessors.reduce(into: Set()) { $0.formUnion($1.spec.holdings) }
        let shared = isGrouped ? ["what it shares with other services"] : []
        return held.intersection(instance?.holdings ?? []).sorted() + unnamedHoldings(predecessors) + taken + shared
    }

    /// What its containers let go of, and only one container can hold.
    var held: Set<String> { giving.filter(\.isUp).reduce(into: []) { $0.formUnion($1.spec.holdings) } }

    /// What two containers can hold at once, though nobody can tell whether they should.
    private func reservations(_ predecessors: [ObservedContainer]) -> [String] {
        guard let instance else { return [] }
        let held = predecessors.reduce(into: Set()) { $0.formUnion($1.spec.reservations) }
        let job = instance.instance.isJob ? ["it is a job"] : []
        return held.intersection(instance.spec.reservations).sorted() + job
    }

    /// Why the order that was asked for cannot be had, and a gap that is longer than allowed.
    var orderHazards: [Hazard] {
        guard let replacement, let instance else { return [] }
        return [impossibleOrder(instance), longGap(replacement, instance)].compactMap(\.self)
    }

    private func impossibleOrder(_ instance: PinnedInstance) -> Hazard? {
        let reasons = exclusive(giving.filter(\.isUp))
        guard policy.order == .startFirst, !reasons.isEmpty else { return nil }
        return Hazard(
            host: host, kind: .orderImpossible, subject: address.description,
            detail: "'order: start-first' needs two containers at once, and only one can hold "
                + reasons.joined(separator: ", "),
            help: "leave 'order' out or say 'stop-first'; 'x-recast: {rehearse: true}' tries the new image before",
            position: policy.position ?? instance.instance.position)
    }

    private func longGap(_ replacement: Replacement, _ instance: PinnedInstance) -> Hazard? {
        guard let limit = policy.maxGap, case .measured(let gap) = replacement.gap, gap > limit else { return nil }
        return Hazard(
            host: host, kind: .gapTooLong, subject: address.description,
            detail: "its service was away for \(gap.inSeconds) when it was last replaced, and 'max_gap' allows"
                + " \(limit.inSeconds)",
            help: "make it stop and start faster, or raise 'max_gap'", position: instance.instance.position)
    }
}

extension [Decision] {
    /// By what only one container can hold: the places of those whose containers let go of it.
    var holders: [String: [Int]] {
        indices.reduce(into: [:]) { holders, index in
            for thing in self[index].held { holders[thing, default: []].append(index) }
        }
    }

    /// Who starts with what only one container can hold.
    var takers: [String: [InstanceAddress]] {
        reduce(into: [:]) { takers, decision in
            guard let instance = decision.instance, decision.isChange else { return }
            for thing in instance.holdings { takers[thing, default: []].append(decision.address) }
        }
    }
}

extension PinnedInstance {
    /// What only one container of a host can hold, but the volumes that are said to be shared.
    var holdings: Set<String> { spec.holdings.subtracting(instance.sharedVolumes.map { "volume \($0)" }) }
}

extension ContainerSpec {
    /// What only one container of a host can hold: host ports, volumes it writes to, addresses of its own.
    var holdings: Set<String> {
        var things = networking.published.filter { !$0.hostPort.isEmpty && $0.hostPort != "0" }
            .map { "port \($0.hostPort)/\($0.port.proto.rawValue)" }
        for mount in mounts where !mount.readOnly {
            if let name = mount.volume { things.append("volume \(name)") }
        }
        for endpoint in networking.endpoints {
            let own = [endpoint.ipv4Address, endpoint.ipv6Address, endpoint.macAddress].compactMap(\.self)
            things += own.map { "address \($0)" }
        }
        return Set(things)
    }

    /// What several may hold, without anybody knowing whether they get along: the host's network and folders they
    /// write to.
    fileprivate var reservations: Set<String> {
        var things = networking.mode == "host" ? ["the host's network"] : []
        for mount in mounts where !mount.readOnly {
            if case .bind(let path, _, _, _) = mount.source, !path.hasSuffix(".sock") {
                things.append("folder \(path)")
            }
        }
        return Set(things)
    }
}

extension Duration {
    /// Such as `1.8 s`, rounded up: what is longer than a limit must not read as if it were not.
    fileprivate var inSeconds: String {
        let (seconds, attoseconds) = components
        if seconds == 0, attoseconds < 100_000_000_000_000_000 { return "\(attoseconds / 1_000_000_000_000_000) ms" }
        let tenths = seconds * 10 + (attoseconds + 99_999_999_999_999_999) / 100_000_000_000_000_000
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
