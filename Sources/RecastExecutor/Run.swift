import RecastModel

/// What one run of a plan has done so far.
struct Run {
    var schedule: Schedule
    var running = 0
    private var attempted: [Step] = []
    private var succeeded: Set<Int> = []
    private var failures = 0

    init(schedule: Schedule) { self.schedule = schedule }

    var isBusy: Bool { running > 0 }

    mutating func succeeded(_ step: Step) {
        running -= 1
        attempted.append(step)
        succeeded.insert(step.id)
        schedule.succeeded(step)
    }

    /// A step that failed may still have been done: the reply can get lost.
    mutating func failed(_ step: Step) {
        running -= 1
        failures += 1
        attempted.append(step)
        schedule.failed(step)
    }

    /// The steps to undo, last first: those of instances of which not every step was done.
    var toUndo: [Step] {
        let incomplete = Set(attempted.filter { !succeeded.contains($0.id) }.compactMap(Group.init))
            .union(schedule.skipped.compactMap(Group.init))
        return attempted.reversed().filter { step in
            step.undo != nil && Group(step).map(incomplete.contains) ?? false
        }
    }

    func outcome(isCancelled: Bool) -> Outcome {
        if isCancelled { return .interrupted }
        if failures == 0 && schedule.skipped.isEmpty { return .done }
        let undone = Set(toUndo.map(\.id))
        let stands = attempted.contains { step in
            succeeded.contains(step.id) && !undone.contains(step.id) && step.action.changesHost
        }
        return stands ? .partlyDone : .failed
    }

    private struct Group: Hashable {
        let host: HostName
        let unit: InstanceAddress

        init?(_ step: Step) {
            guard let unit = step.unit, !step.action.isCondition else { return nil }
            host = step.host
            self.unit = unit
        }
    }
}

extension Action {
    /// Another instance waits for this one: when the wait is in vain, that is no reason to undo this one.
    fileprivate var isCondition: Bool {
        switch self {
        case .await(_, .healthy), .await(_, .completed): true
        default: false
        }
    }

    /// A pull leaves no trace that matters, a wait none at all, and a connection and a copied file go with their container.
    fileprivate var changesHost: Bool {
        switch self {
        case .pull, .await, .connect, .run, .deliverFiles, .drain, .pause, .pruneImages: false
        default: true
        }
    }
}
