import RecastModel

/// How instances give way to their successors, in words.
enum RolloutWords {
    /// Such as `stop-first, gap about 1.8 s (port 8080/tcp)`.
    static func words(_ replacement: Replacement) -> String {
        let gap =
            switch replacement.gap {
            case .none: "no gap expected"
            case .measured(let gap): "gap about \(ActionWords.seconds(gap))"
            case .unknown(let grace): "gap not measured yet: up to \(grace) s to stop, plus the start"
            }
        let reason = replacement.exclusive.joined(separator: ", ").printable
        return "\(replacement.order.rawValue), \(gap)" + (reason.isEmpty ? "" : " (\(reason))")
    }

    /// How the instances of a service take turns; `nil` when all of them go at once.
    static func words(_ rollout: Rollout) -> String? {
        guard rollout.batches.count > 1 else { return nil }
        let turns = [opening(rollout)] + clauses(rollout.policy)
        return "\(rollout.service): " + turns.joined(separator: "; ")
    }

    private static func opening(_ rollout: Rollout) -> String {
        let changing = rollout.batches.reduce(0) { $0 + $1.count }
        let count = changing < rollout.instances ? "\(changing) of \(rollout.instances)" : "\(changing)"
        let others = rollout.batches.dropFirst(rollout.hasCanary ? 1 : 0)
        let size = others.map(\.count).max() ?? 0
        let turns = size == 1 ? "one after the other" : "in \(batches(others.count)) of \(size)"
        let canary = rollout.hasCanary ? ", first a canary of \(rollout.batches[0].count)" : ""
        return "\(count) instances \(turns)\(canary)"
    }

    private static func batches(_ count: Int) -> String { count == 1 ? "1 batch" : "\(count) batches" }

    /// What is as it is unless a manifest says otherwise goes without saying.
    private static func clauses(_ policy: RolloutPolicy) -> [String] {
        var clauses: [String] = []
        if policy.delay > .zero { clauses.append("\(TimeText.exact(policy.delay)) between batches") }
        if let monitor = policy.monitor, monitor > .zero {
            clauses.append("each is watched for \(TimeText.exact(monitor))")
        }
        if policy.maxFailureRatio > 0 { clauses.append("up to \(percent(policy.maxFailureRatio)) % may fail") }
        switch policy.failureAction {
        case .pause: break
        case .continue: clauses.append("on failure the others go on")
        case .rollback: clauses.append("on failure everything goes back")
        }
        return clauses
    }

    private static func percent(_ ratio: Double) -> String {
        FieldText.decimal(Int64((ratio * 10_000).rounded()), unit: 100)
    }
}

extension Rollout {
    /// The first batch is the canary's.
    var hasCanary: Bool { policy.canary > 0 && batches.count > 1 }

    /// Such as `batch 2 of 4`; the canary's is none of the four.
    func name(ofBatch index: Int) -> String {
        if hasCanary, index == 0 { return "canary" }
        let before = hasCanary ? 1 : 0
        return "batch \(index + 1 - before) of \(batches.count - before)"
    }
}
