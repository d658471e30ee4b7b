package import RecastModel

/// Carries out the steps of a plan.
///
/// It decides nothing: which step may run is the schedule's, what puts an instance back is in the steps.
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
        let run = await runSteps(plan.steps, emit: emit)
        for step in run.schedule.skipped { await emit(.skipped(step)) }
        if Task.isCancelled { await emit(.interrupted) }
        await undo(run.toUndo, emit: emit)
        let outcome = run.outcome(isCancelled: Task.isCancelled)
        await emit(.ended(outcome))
        return outcome
    }

    private enum Report: Sendable {
        case progressed(Step, StepProgress)
        case ended(Step, Result<Duration, StepFailure>)
    }

    private func runSteps(_ steps: [Step], emit: (Event) async -> Void) async -> Run {
        var run = Run(schedule: Schedule(steps, limits: limits))
        let (reports, channel) = AsyncStream.makeStream(of: Report.self)
        await withTaskGroup(of: Void.self) { group in
            await launch(&run, in: &group, reporting: channel, emit: emit)
            // Not a `for` loop: a cancelled task would leave it before the running calls have ended.
            let inbox = Inbox(reports)
            while run.isBusy, let report = await inbox.next() {
                await receive(report, into: &run, emit: emit)
                if Task.isCancelled { run.schedule.stop() }
                await launch(&run, in: &group, reporting: channel, emit: emit)
            }
        }
        channel.finish()
        return run
    }

    private func launch(
        _ run: inout Run, in group: inout TaskGroup<Void>, reporting channel: AsyncStream<Report>.Continuation,
        emit: (Event) async -> Void
    ) async {
        for step in run.schedule.takeReady() {
            run.running += 1
            await emit(.started(step))
            group.addTask {
                let result = await perform(step) { channel.yield(.progressed(step, $0)) }
                channel.yield(.ended(step, result))
            }
        }
    }

    private func receive(_ report: Report, into run: inout Run, emit: (Event) async -> Void) async {
        switch report {
        case .progressed(let step, let progress): await emit(.progressed(step, progress))
        case .ended(let step, .success(let duration)):
            run.succeeded(step)
            await emit(.succeeded(step, duration))
        case .ended(let step, .failure(let failure)):
            run.failed(step)
            await emit(.failed(step, failure))
        }
    }

    private func perform(
        _ step: Step, progress: @escaping @Sendable (StepProgress) -> Void
    ) async -> Result<Duration, StepFailure> {
        let start = ContinuousClock.now
        return await attempt(step.action, on: step.host, progress: progress).map { ContinuousClock.now - start }
    }

    private func attempt(
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

// MARK: - Putting back

extension Executor {
    /// Undoes what half-done instances have had done to them, last step first.
    ///
    /// It runs to its end even when the task was cancelled: leaving a service stopped is worse than a late exit.
    private func undo(_ steps: [Step], emit: (Event) async -> Void) async {
        for step in steps {
            guard let action = step.undo else { continue }
            await emit(.undoing(step, action))
            let result = await Task { await attempt(action, on: step.host) }.value
            switch result {
            case .success: await emit(.undone(step, action))
            case .failure(let failure): await emit(.undoFailed(step, action, failure))
            }
        }
    }
}

extension Action {
    fileprivate var isInterruptible: Bool {
        switch self {
        case .await, .pull, .run, .drain, .pause: true
        default: false
        }
    }
}

/// One reader over a stream, so that it can be asked for the next report even in a cancelled task.
private final class Inbox<Element: Sendable>: Sendable {
    private let pump: AsyncStream<Element>

    init(_ stream: AsyncStream<Element>) { pump = stream }

    func next() async -> Element? {
        // A fresh task is not cancelled; it is awaited at once.
        await Task { [pump] in
            var iterator = pump.makeAsyncIterator()
            return await iterator.next()
        }.value
    }
}
