/// How the instances of a service give way to their successors: `deploy.update_config`, and what `x-recast` adds.
package struct RolloutPolicy: Hashable, Sendable {
    package enum Order: String, Hashable, Sendable {
        case startFirst = "start-first"
        case stopFirst = "stop-first"
    }

    package enum FailureAction: String, Hashable, Sendable, CaseIterable {
        /// What was replaced stands; nothing new starts.
        case pause
        /// The other instances are replaced all the same.
        case `continue`
        /// What was replaced in this apply goes back, newest first.
        case rollback
    }

    /// How many instances of a service give way at once.
    package enum Parallelism: Hashable, Sendable {
        /// 0: all of them.
        case count(Int)
        /// 1...100 of the service's instances over all hosts, rounded down, and at least one.
        case percent(Int)
    }

    /// `nil`: start-first where nothing exclusive is held.
    package var order: Order?
    package var parallelism = Parallelism.count(1)
    /// Between one batch and the next.
    package var delay = Duration.zero
    /// How long the instances of a batch are watched once they are ready; `nil`: not at all.
    package var monitor: Duration?
    /// The share of a service's instances, 0...1, that may fail without any consequence for the others.
    package var maxFailureRatio = 0.0
    package var failureAction = FailureAction.pause
    /// How many instances go first, in a batch of their own.
    package var canary = 0
    /// The longest that an instance may be away.
    package var maxGap: Duration?
    /// The successor first runs beside the old one, without host ports and volumes.
    package var rehearse = false
    /// `nil`: nothing is saved.
    package var backup: BackupPolicy?
    /// Where the order is asked for, or else where the service is declared.
    package var position: SourcePosition?

    package init() {}
}

/// When a service that is a task runs, once in every apply that changes something.
package enum TaskTime: String, Hashable, Sendable {
    /// Before any instance is replaced.
    case before
    /// After all of them are.
    case after
}

package struct TaskPolicy: Hashable, Sendable {
    package var time: TaskTime
    /// How long it may run.
    package var timeout: Duration

    package init(_ time: TaskTime, timeout: Duration = .seconds(3600)) {
        self.time = time
        self.timeout = timeout
    }
}
