package import RecastModel

/// Carries out the steps of a plan.
///
/// It decides nothing: which step may run is the schedule's, what puts an instance back is in the steps, and what
/// follows from a failure is the policy of its service.
package struct Executor: Sendable {
    private let hosts: [HostName: any Host]
    private let limits: Schedule.Limits

    package init(hosts: [HostName: any Host], limits: Schedule.Limits = Schedule.Limits()) {
        self.hosts = hosts
        self.limits = limits
    }

    /// Runs the plan; every step has ended when this returns.
    ///
    /// Events come in one total order, from this task alone.
    ///
    /// Cancelling the task lets the running calls end, starts nothing new, and puts half-done instances back.
    package func run(_ plan: Plan, emit: (Event) async -> Void) async -> Outcome {
        await emit(.began(stepCount: plan.steps.count))
        var run = Run(plan, limits: limits)
        var gaps = Gaps(plan)
        await withTaskGroup(of: Void.self) { group in
            let crew = Crew(executor: self, inbox: Inbox())
            await crew.work(&run, &gaps, in: &group, emit: emit)
            for step in run.schedule.skipped { await emit(.skipped(step)) }
            if Task.isCancelled { await emit(.interrupted) }
            let halfDone = run.halfDone(isCancelled: Task.isCancelled)
            await crew.putBack(halfDone, &run, &gaps, in: &group, emit: emit)
            if run.ending == .rollback, !Task.isCancelled {
                await crew.goBack(run.standing(plan), &run, &gaps, in: &group, emit: emit)
            }
        }
        let outcome = run.outcome(isCancelled: Task.isCancelled)
        await emit(.settled(run.fates(of: plan)))
        await emit(.ended(outcome))
        return outcome
    }

    func perform(
        _ step: Step, _ action: Action, progress: @escaping @Sendable (StepProgress) -> Void
    ) async -> Result<Duration, StepFailure> {
        let start = ContinuousClock.now
        return await attempt(action, on: step.host, progress: progress).map { ContinuousClock.now - start }
    }

    func attempt(
        _ action: Action, on host: HostName, progress: @escaping @Sendable (StepProgress) -> Void = { _ in }
    ) async -> Result<Void, StepFailure> {
        guard let target = hosts[host] else { return .failure(StepFailure("host \(host) is not connected")) }
        do {
            // A call that changes something is never torn down half-way: only waits and pulls are.
            if action.isInterruptible {
                try await target.perform(action, progress: progress)
            } else {
                try await Task { try await target.perform(action, progress: progress) }.value
            }
            return .success(())
        } catch let failure as StepFailure {
            return .failure(failure)
        } catch is CancellationError {
            return .failure(StepFailure("interrupted"))
        } catch {
            return .failure(StepFailure("\(error)"))
        }
    }
}

extension Action {
    fileprivate var isInterruptible: Bool {
        switch self {
        case .await, .pull, .run, .drain, .pause, .copyVolume, .backUp: true
        default: false
        }
    }
}
