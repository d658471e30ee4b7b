import RecastModel

/// In which order what was done in an apply goes back: the batches of its rollouts, the one that ended last first.
///
/// What began in an earlier phase comes later, and what made room for another instance at the end of its phase, when
/// the other one is gone.
struct Waves {
    let newestFirst: [Set<UnitPlace>]

    private struct Batch: Hashable {
        let service: ServiceName
        let index: Int
    }

    init(_ plan: Plan, _ attempted: [Step], _ units: Set<UnitPlace>, last: Set<UnitPlace> = []) {
        let batchOf = Self.batches(of: plan)
        var keys: [UnitPlace: Batch] = [:]
        var ends: [Batch: Int] = [:]
        var phases: [Batch: Step.Phase] = [:]
        var late: Set<Batch> = []
        for (position, step) in attempted.enumerated() {
            guard let unit = UnitPlace(step), units.contains(unit) else { continue }
            let place = InstancePlace(unit.host, unit.unit.address)
            let batch = keys[unit] ?? batchOf[place] ?? Batch(service: unit.unit.address.service, index: -1)
            keys[unit] = batch
            phases[batch] = min(phases[batch] ?? step.phase, step.phase)
            // What a successor's arrival is followed by may come at any time.
            if !step.isRetirement { ends[batch] = position }
            if step.stopsForGood || last.contains(unit) { late.insert(batch) }
        }
        let waves = Dictionary(grouping: keys) { $0.value }.mapValues { Set($0.map(\.key)) }
        newestFirst = waves.sorted { lhs, rhs in
            let rank = { (batch: Batch) in
                (phases[batch]?.rawValue ?? 0, late.contains(batch) ? 0 : 1, ends[batch] ?? -1)
            }
            return rank(lhs.key) > rank(rhs.key)
        }.map(\.value)
    }

    private static func batches(of plan: Plan) -> [InstancePlace: Batch] {
        var batchOf: [InstancePlace: Batch] = [:]
        for rollout in plan.rollouts {
            for (index, places) in rollout.batches.enumerated() {
                for place in places { batchOf[place] = Batch(service: rollout.service, index: index) }
            }
        }
        return batchOf
    }
}
