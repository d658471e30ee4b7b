import RecastModel

/// Those who carry out steps, and tell what becomes of them.
struct Crew {
    let executor: Executor
    let inbox: Inbox

    /// What takes longer than this to stop is waiting for its own end, and costs its host next to nothing.
    private static let busyStop = Duration.seconds(1)

    /// Runs what the schedule gives out until there is nothing more, and puts back what fails on the way.
    func work(
        _ run: inout Run, _ gaps: inout Gaps, in group: inout TaskGroup<Void>, emit: (Event) async -> Void
    ) async {
        await launch(&run, &gaps, in: &group, emit: emit)
        while run.isBusy, let report = await inbox.next() {
            await receive(report, &run, &gaps, emit: emit)
            if Task.isCancelled { run.interrupt() }
            start(run.failed, &run, in: &group)
            await launch(&run, &gaps, in: &group, emit: emit)
        }
    }

    /// Puts back what is half-done.
    ///
    /// It runs to its end even when the task was cancelled: leaving a service stopped is worse than a late exit.
    func putBack(
        _ jobs: [Run.PutBack], _ run: inout Run, _ gaps: inout Gaps, in group: inout TaskGroup<Void>,
        emit: (Event) async -> Void
    ) async {
        start(jobs, &run, in: &group)
        while run.isBusy, let report = await inbox.next() { await receive(report, &run, &gaps, emit: emit) }
    }

    /// Puts back what stands already, one wave after the other.
    func goBack(
        _ waves: [[Run.PutBack]], _ run: inout Run, _ gaps: inout Gaps, in group: inout TaskGroup<Void>,
        emit: (Event) async -> Void
    ) async {
        let places = waves.flatMap { wave in
            wave.flatMap(\.units).sorted().map { InstancePlace($0.host, $0.unit.address) }
        }
        guard !places.isEmpty else { return }
        await emit(.reverting(places))
        for wave in waves { await putBack(wave, &run, &gaps, in: &group, emit: emit) }
    }

    private func launch(
        _ run: inout Run, _ gaps: inout Gaps, in group: inout TaskGroup<Void>, emit: (Event) async -> Void
    ) async {
        for step in run.schedule.takeReady() {
            run.started(step)
            gaps.started(step)
            await emit(.started(step))
            let action = gaps.named(step)
            group.addTask { inbox.put(.ended(step, await perform(step, action))) }
        }
    }

    private func perform(_ step: Step, _ action: Action) async -> Result<Duration, StepFailure> {
        async let _: Void? = try? lingering(step)
        return await executor.perform(step, action) { [inbox] in inbox.put(.progressed(step, $0)) }
    }

    private func lingering(_ step: Step) async throws {
        guard case .stop = step.action else { return }
        try await Task.sleep(for: Self.busyStop)
        inbox.put(.lingers(step))
    }

    private func start(_ jobs: [Run.PutBack], _ run: inout Run, in group: inout TaskGroup<Void>) {
        run.begin(jobs)
        for job in jobs { start(job, in: &group) }
    }

    private func start(_ job: Run.PutBack, in group: inout TaskGroup<Void>) {
        group.addTask { [inbox] in
            var failed: [UnitPlace: Set<HostName>] = [:]
            var down: Set<ContainerHandle> = []
            for (step, action) in job.actions {
                inbox.put(.undoing(step, action))
                let isLeft =
                    UnitPlace(step).map { failed[$0] != nil && job.acrossHosts.contains($0) } ?? false
                    || action.wakes.map(down.contains) ?? false
                let result =
                    isLeft ? .failure(.leftAsItIs) : await Task { await undo(action, of: step) }.value
                if case .failure = result, let unit = UnitPlace(step) {
                    failed[unit, default: []].insert(step.host)
                    if case .start(let container) = action { down.insert(container) }
                }
                inbox.put(.undone(step, action, result))
            }
            inbox.put(.putBack(job.units, failed: failed))
        }
    }

    /// What it has to say is told; how it goes on is not.
    private func undo(_ action: Action, of step: Step) async -> Result<Void, StepFailure> {
        await executor.attempt(action, on: step.host) { [inbox] progress in
            if case .output = progress { inbox.put(.progressed(step, progress)) }
        }
    }

    private func receive(
        _ report: Inbox.Report, _ run: inout Run, _ gaps: inout Gaps, emit: (Event) async -> Void
    ) async {
        switch report {
        case .progressed(let step, let progress):
            gaps.progressed(step, progress)
            await emit(.progressed(step, progress))
        case .lingers(let step): run.schedule.lingers(step)
        case .ended(let step, .success(let duration)):
            run.succeeded(step)
            await emit(.succeeded(step, duration))
            if let (place, gap) = gaps.succeeded(step) { await emit(.gap(place, gap)) }
        case .ended(let step, .failure(let failure)) where step.phase == .prune:
            run.succeeded(step)
            await emit(.warned(step, failure))
        case .ended(let step, .failure(let failure)):
            run.failed(step, isCancelled: Task.isCancelled)
            await emit(.failed(step, failure))
        case .undoing(let step, let action): await emit(.undoing(step, action))
        case .undone(let step, let action, .success):
            await emit(.undone(step, action))
            if let (place, gap) = gaps.undone(step, action) { await emit(.gap(place, gap)) }
        case .undone(let step, let action, .failure(let failure)): await emit(.undoFailed(step, action, failure))
        case .putBack(let units, let failed): run.putBack(units, failed: failed)
        }
    }
}

extension Run.PutBack {
    /// The units with steps on another host than their own.
    ///
    /// They are undone in order or not at all: a host that does not answer may still run what was started there, and
    /// then nothing may start on the other.
    fileprivate var acrossHosts: Set<UnitPlace> {
        Set(actions.lazy.map(\.step).filter { $0.unit?.home != nil }.compactMap(UnitPlace.init))
    }
}

extension Action {
    /// The container that this lets its engine start when the host reboots.
    fileprivate var wakes: ContainerHandle? {
        if case .setRestartPolicy(let container, let policy) = self, policy != .never { container } else { nil }
    }
}

extension StepFailure {
    fileprivate static let leftAsItIs = StepFailure("left as it is, as what comes before it could not be undone")
}
