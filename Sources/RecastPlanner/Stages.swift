import RecastModel

/// Which instances change when: what tasks need first, then the tasks that come before everything else, then all, and
/// at the end the tasks that come after it.
struct Stages {
    struct Stage {
        let phase: Step.Phase
        fileprivate let isTaken: (Decision) -> Bool

        func takes(_ decision: Decision) -> Bool { isTaken(decision) }
    }

    let all: [Stage]

    /// `units`: the instances that change together, as they share something.
    init(_ instances: [PinnedInstance], units: [[Decision]]) {
        let needed = Self.neededByTasks(instances)
        let isNeeded = { (decision: Decision) in
            decision.task == nil && !decision.isReplacement && needed.contains(decision.address.service)
        }
        // What a task needs cannot be made before what it hangs on: then the replacement has to come first as well.
        let urgent = units.filter { $0.contains { isNeeded($0) || $0.task?.time == .before } }
        let hurried = Set(urgent.joined().map(\.place))
        let isPrepared = { (decision: Decision) in
            isNeeded(decision) || decision.task == nil && hurried.contains(decision.place)
        }
        all = [
            Stage(phase: .prepare, isTaken: isPrepared),
            Stage(phase: .before) { $0.task?.time == .before },
            Stage(phase: .containers) { $0.task == nil && !isPrepared($0) },
            Stage(phase: .after) { $0.task?.time == .after },
        ]
    }

    /// The services on which tasks depend that come first.
    private static func neededByTasks(_ instances: [PinnedInstance]) -> Set<ServiceName> {
        let needs = Dictionary(grouping: instances, by: \.address.service).mapValues { instances in
            instances.flatMap { $0.instance.dependencies.map(\.service) + $0.spec.sharing.instances.map(\.service) }
        }
        var needed: Set<ServiceName> = []
        var waiting = instances.filter { $0.instance.task?.time == .before }.flatMap {
            needs[$0.address.service] ?? []
        }
        while let next = waiting.popLast() {
            if needed.insert(next).inserted { waiting += needs[next] ?? [] }
        }
        return needed
    }
}

extension Decision {
    /// A task that runs in this plan: its own gate is that it completes.
    var isRunTask: Bool { task != nil && isChange }

    /// It runs when everything else is done.
    var isTaskAfter: Bool { task?.time == .after }

    fileprivate var task: TaskPolicy? { instance?.instance.task }
}
