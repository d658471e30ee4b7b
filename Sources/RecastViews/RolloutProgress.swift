import RecastModel

/// How far the batches of every service are.
///
/// A reducer: events in, lines out. Services of one batch are left out.
struct RolloutProgress {
    private struct Service {
        let rollout: Rollout
        var ended = 0
        var replaced = 0
        var failed = 0

        /// Such as `web: batch 2 of 4 (6 of 12 instances replaced)`.
        func line(ofBatch index: Int) -> String {
            let all = rollout.batches.reduce(0) { $0 + $1.count }
            let failures = failed > 0 ? ", \(failed) failed" : ""
            return "\(rollout.service): \(rollout.name(ofBatch: index)) "
                + "(\(replaced) of \(all) instances replaced\(failures))"
        }
    }

    private var services: [Service]
    /// What must still succeed before an instance counts as replaced, by the IDs of its steps.
    private var pending: [InstancePlace: Set<Int>] = [:]
    private var failed: Set<InstancePlace> = []
    private var isGoingBack = false

    init(_ plan: Plan) {
        services = plan.rollouts.filter { $0.batches.count > 1 }.map { Service(rollout: $0) }
        let places = Set(services.flatMap(\.rollout.batches).joined())
        let steps = plan.steps.filter { $0.phase == .containers }
        for (place, steps) in Dictionary(grouping: steps, by: \.place) {
            guard let place, places.contains(place) else { continue }
            let gates = steps.filter(\.action.isOwnGate)
            pending[place] = Set((gates.isEmpty ? steps : gates).map(\.id))
        }
    }

    /// One line for each service: the batch that is on, or the last one.
    var lines: [String] {
        isGoingBack ? [] : services.map { $0.line(ofBatch: min($0.ended, $0.rollout.batches.count - 1)) }
    }

    /// The answer: a line for each batch that this event ended.
    mutating func receive(_ event: Event) -> [String] {
        switch event {
        case .succeeded(let step, _): note(step, hasFailed: false)
        case .failed(let step, _): note(step, hasFailed: true)
        case .reverting: isGoingBack = true
        default: break
        }
        return isGoingBack ? [] : services.indices.flatMap { advance($0) }
    }

    private mutating func note(_ step: Step, hasFailed: Bool) {
        guard step.phase == .containers, let place = step.place, pending[place] != nil else { return }
        if hasFailed { failed.insert(place) } else { pending[place]?.remove(step.id) }
    }

    private mutating func advance(_ index: Int) -> [String] {
        var lines: [String] = []
        let batches = services[index].rollout.batches
        let places = batches.joined()
        services[index].failed = places.count { failed.contains($0) }
        services[index].replaced = places.count { isReplaced($0) }
        while services[index].ended < batches.count,
            batches[services[index].ended].allSatisfy({ isReplaced($0) || failed.contains($0) })
        {
            lines.append(services[index].line(ofBatch: services[index].ended))
            services[index].ended += 1
        }
        return lines
    }

    private func isReplaced(_ place: InstancePlace) -> Bool {
        !failed.contains(place) && pending[place]?.isEmpty ?? false
    }
}

extension Step {
    var place: InstancePlace? { instance.map { InstancePlace(host, $0) } }
}

extension Action {
    /// It says that the instance itself is good, not one that it waits for.
    fileprivate var isOwnGate: Bool {
        switch self {
        case .await(_, .ready), .await(_, .steady): true
        default: false
        }
    }
}
