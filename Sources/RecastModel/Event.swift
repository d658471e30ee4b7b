/// What happens while a plan is applied, in one total order.
package enum Event: Hashable, Sendable {
    case began(stepCount: Int)
    case started(Step)
    case progressed(Step, StepProgress)
    case succeeded(Step, Duration)
    case failed(Step, StepFailure)
    /// Nothing was done for this step, because another failed or the apply was interrupted.
    case skipped(Step)
    /// A failed instance is being put back as it was.
    case undoing(Step, Action)
    case undone(Step, Action)
    case undoFailed(Step, Action, StepFailure)
    /// A step failed that may fail without harm.
    case warned(Step, StepFailure)
    /// How long an instance was away.
    case gap(InstancePlace, Duration)
    /// Instances that were replaced go back, in this order.
    case reverting([InstancePlace])
    /// What became of every instance that the plan was to change.
    case settled([InstancePlace: Fate])
    case interrupted
    case ended(Outcome)
}

package enum Outcome: String, Hashable, Sendable {
    case done
    /// Nothing was changed.
    case failed
    /// Something was changed, not all.
    case partlyDone = "partly-done"
    case interrupted
}

/// What a step tells while it goes on.
package enum StepProgress: Hashable, Sendable {
    case pull(PullProgress)
    /// A line that a task wrote.
    case output(String)
    /// What a wait last saw, in a clause: `exit code 1: connection refused`.
    case waiting(String)
    /// Nothing tells when the container is ready; it counts from its start.
    case unchecked
    /// Bytes of a volume that were copied so far.
    case copied(Int64)
    /// What was copied is read back and compared.
    case comparing
}

/// Bytes over all layers known so far; `total` grows while layers are found.
package struct PullProgress: Hashable, Sendable {
    package let received: Int64
    package let total: Int64

    package init(received: Int64, total: Int64) {
        self.received = received
        self.total = total
    }

    /// 0...100, `nil` before any size is known.
    package var percent: Int? { total > 0 ? Int(received * 100 / total) : nil }
}

/// Why a step failed, with what a person needs to see.
package struct StepFailure: Error, Hashable, Sendable {
    package let message: String
    /// The container's last lines, its health log, in that order, each under a title.
    package let details: [Detail]

    package struct Detail: Hashable, Sendable {
        package let title: String
        package let lines: [String]
        package init(_ title: String, _ lines: [String]) {
            self.title = title
            self.lines = lines
        }
    }

    package init(_ message: String, details: [Detail] = []) {
        self.message = message
        self.details = details
    }
}
