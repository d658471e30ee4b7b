import RecastModel

/// In which order what was done in an apply goes back: the batches of its rollouts, the one that ended last first.
struct Waves {
    let newestFirst: [Set<UnitPlace>]

    private struct Batch: Hashable {
        let service: ServiceName
        let index: Int
    }

    init(_ plan: Plan, _ attempted: [Step], _ units: Set<UnitPlace>) {
        let batchOf = Self.batches(of: plan)
        var keys: [UnitPlace: Batch] = [:]
        var ends: [Batch: Int] = [:]
        for (position, step) in attempted.enumerated() {
            guard let unit = UnitPlace(step), units.contains(unit) else { continue }
            let place = InstancePlace(unit.host, unit.unit.address)
            let batch = keys[unit] ?? batchOf[place] ?? Batch(service: unit.unit.address.service, index: -1)
            keys[unit] = batch
            // What a successor's arrival is followed by may come at any time.
            if !step.isRetirement { ends[batch] = position }
        }
        newestFirst = Dictionary(grouping: keys.keys) { keys[$0] }.map { batch, units in
            (end: batch.flatMap { ends[$0] } ?? -1, units: units)
        }.sorted { ($0.end, $0.units.count) > ($1.end, $1.units.count) }.map { Set($0.units) }
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
