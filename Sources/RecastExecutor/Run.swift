import RecastModel

/// What one run of a plan has done so far, and what follows from it.
struct Run {
    /// How the apply ends once something failed that is not put up with.
    enum Ending {
        /// What stands stays.
        case pause
        /// What was replaced goes back.
        case rollback
    }

    /// A part of a plan that is put back, the actions in their order.
    struct PutBack: Sendable {
        var units: Set<UnitPlace>
        var actions: [(step: Step, action: Action)]
    }

    private enum State {
        case open
        /// Something failed, here or in what it waits for.
        case failed
        case undoing
        case back
        /// It could not be put back.
        case broken
    }

    var schedule: Schedule
    private(set) var ending: Ending?
    private let policies: [ServiceName: Rollout]
    private(set) var attempted: [Step] = []
    private(set) var succeeded: Set<Int> = []
    private var hasFailed = false
    private var failures: [ServiceName: Int] = [:]
    private var tolerated: Set<UnitPlace> = []
    private var states: [UnitPlace: State] = [:]
    /// The hosts on which a unit could not be put back.
    private var broken: [UnitPlace: Set<HostName>] = [:]
    /// How many steps are missing until the unit stands.
    private var missing: [UnitPlace: Int] = [:]
    /// The units in which a step failed.
    private var faulty: Set<UnitPlace> = []
    /// The units that were interrupted and stay as they are: the next apply finishes them.
    private var left: Set<UnitPlace> = []
    private var runningInUnit: [UnitPlace: Int] = [:]
    /// The units that began something which one of this unit's steps made possible, such as to take its host port.
    private var heirs: [UnitPlace: Set<UnitPlace>] = [:]
    private var running = 0
    private var puttingBack = 0

    init(_ plan: Plan, limits: Schedule.Limits) {
        schedule = Schedule(plan.steps, joins: plan.joins, limits: limits)
        policies = Dictionary(plan.rollouts.map { ($0.service, $0) }) { first, _ in first }
        for step in plan.steps where !step.isRetirement {
            if let unit = UnitPlace(step) { missing[unit, default: 0] += 1 }
        }
    }

    var isBusy: Bool { running > 0 || puttingBack > 0 }

    mutating func started(_ step: Step) {
        running += 1
        guard let unit = UnitPlace(step) else { return }
        runningInUnit[unit, default: 0] += 1
        for earlier in step.after.lazy.compactMap(schedule.unit(of:)) where earlier != unit {
            heirs[earlier, default: []].insert(unit)
        }
    }

    mutating func succeeded(_ step: Step) {
        ended(step)
        succeeded.insert(step.id)
        if !step.isRetirement, let unit = UnitPlace(step) { missing[unit, default: 1] -= 1 }
        schedule.succeeded(step)
    }

    /// A step that failed may still have been done: the reply can get lost.
    mutating func failed(_ step: Step, isCancelled: Bool) {
        ended(step)
        hasFailed = true
        schedule.failed(step)
        guard !step.isRetirement, let unit = UnitPlace(step) else { return end(.pause) }
        if isCancelled, settledIn.contains(unit) {
            left.insert(unit)
            return end(.pause)
        }
        if states[unit, default: .open] == .open { states[unit] = .failed }
        faulty.insert(unit)
        let rollout = step.instance.flatMap { policies[$0.service] }
        if isCancelled {
            end(.pause)
        } else if let rollout, step.phase == .containers, isTolerated(rollout) {
            tolerated.insert(unit)
        } else {
            end(goesBack(rollout) ? .rollback : .pause)
        }
    }

    /// Those whose data came from another host and with which something started: going back would lose what that wrote
    /// since.
    ///
    /// What fails there goes back all the same, as it never got ready.
    private var settledIn: Set<UnitPlace> {
        var (arrived, started): (Set<UnitPlace>, Set<UnitPlace>) = ([], [])
        for step in attempted {
            guard let unit = UnitPlace(step) else { continue }
            switch step.action {
            case .recordMove(_, .arrival): arrived.insert(unit)
            case .start: started.insert(unit)
            default: break
            }
        }
        return arrived.intersection(started)
    }

    /// Nothing new starts any more.
    mutating func interrupt() { schedule.stop(allowing: .nothing) }

    private mutating func end(_ how: Ending) {
        if ending != .rollback { ending = how }
        schedule.stop(allowing: ending == .rollback ? .nothing : .retirement)
    }

    /// For what is no longer desired, whatever takes its place decides.
    private func goesBack(_ rollout: Rollout?) -> Bool {
        let decisive = rollout.map { [$0] } ?? Array(policies.values)
        return decisive.contains { $0.policy.failureAction == .rollback }
    }

    private mutating func isTolerated(_ rollout: Rollout) -> Bool {
        failures[rollout.service, default: 0] += 1
        if rollout.policy.failureAction == .continue { return true }
        let share = Double(failures[rollout.service, default: 0]) / Double(max(rollout.instances, 1))
        return share <= rollout.policy.maxFailureRatio
    }

    private mutating func ended(_ step: Step) {
        running -= 1
        if let unit = UnitPlace(step) { runningInUnit[unit, default: 1] -= 1 }
        attempted.append(step)
    }
}

// MARK: - Putting back

extension Run {
    /// What failed and is to be put back at once, as the others go on.
    var failed: [PutBack] {
        let failed = states.filter { unit, state in
            state == .failed && runningInUnit[unit, default: 0] == 0 && !isInherited(unit)
        }
        return failed.keys.sorted().map { unit in
            PutBack(units: [unit], actions: actions(of: [unit]) { [$0.undo].compactMap(\.self) })
        }
    }

    /// Another unit has what this one would need, and goes back itself as nothing new starts.
    private func isInherited(_ unit: UnitPlace) -> Bool {
        guard ending != nil, let heirs = heirs[unit] else { return false }
        return heirs.contains { heir in
            switch states[heir, default: .open] {
            case .open: missing[heir, default: 0] > 0
            case .failed, .undoing: true
            case .back, .broken: false
            }
        }
    }

    /// What is half-done when nothing runs any more: one list for each host.
    mutating func halfDone(isCancelled: Bool) -> [PutBack] {
        if isCancelled { left.formUnion(settledIn) }
        let units = Set(attempted.compactMap(UnitPlace.init)).filter {
            [.open, .failed].contains(states[$0, default: .open]) && missing[$0, default: 0] > 0 && !left.contains($0)
        }
        return jobs(units) { [$0.undo].compactMap(\.self) }
    }

    /// What stands and goes back, newest first: one list after the other, each of them at once on its hosts.
    ///
    /// What stopped for good, so that another instance could take its place, starts again as well, and what could not
    /// be put back because another instance held what it needs.
    func standing(_ plan: Plan) -> [[PutBack]] {
        let units = Set(attempted.compactMap(UnitPlace.init)).filter { unit in
            switch states[unit, default: .open] {
            case .open: !unit.unit.isRehearsal
            case .broken: true
            case .back: attempted.contains { UnitPlace($0) == unit && $0.stopsForGood }
            default: false
            }
        }
        let broken = units.filter { states[$0] == .broken }
        return Waves(plan, attempted, units, last: broken).newestFirst.map { wave in
            jobs(wave) { step in
                let isBack = UnitPlace(step).map { states[$0] == .back } ?? false
                return isBack && !step.stopsForGood ? [] : step.revert
            }
        }
    }

    mutating func begin(_ jobs: [PutBack]) {
        puttingBack += jobs.count
        for unit in jobs.flatMap(\.units) { states[unit] = .undoing }
    }

    /// One for each host.
    private func jobs(_ units: Set<UnitPlace>, _ back: (Step) -> [Action]) -> [PutBack] {
        let actions = Dictionary(grouping: actions(of: units, back)) { UnitPlace($0.step)?.host }
        return Dictionary(grouping: units, by: \.host).sorted { $0.key < $1.key }.map { host, units in
            PutBack(units: Set(units), actions: actions[host] ?? [])
        }
    }

    /// Last step first.
    private func actions(
        of units: Set<UnitPlace>, _ back: (Step) -> [Action]
    ) -> [(step: Step, action: Action)] {
        attempted.reversed().filter { UnitPlace($0).map(units.contains) ?? false }
            .flatMap { step in back(step).map { (step, $0) } }
    }

    mutating func putBack(_ units: Set<UnitPlace>, failed: [UnitPlace: Set<HostName>]) {
        puttingBack -= 1
        for unit in units.sorted() {
            states[unit] = failed[unit] == nil ? .back : .broken
            broken[unit] = failed[unit]
            guard tolerated.contains(unit), ending == nil else { continue }
            if failed[unit] != nil {
                end(.pause)
                continue
            }
            for other in schedule.settle(unit, succeeded: succeeded) where states[other, default: .open] == .open {
                states[other] = .failed
                tolerated.insert(other)
            }
        }
    }
}

// MARK: - The end

extension Run {
    func outcome(isCancelled: Bool) -> Outcome {
        if isCancelled { return .interrupted }
        if !hasFailed && schedule.skipped.isEmpty { return .done }
        let stands = attempted.contains { step in
            guard succeeded.contains(step.id), step.action.changesHost else { return false }
            guard let unit = UnitPlace(step) else { return true }
            return [.open, .broken].contains(states[unit, default: .open]) && !unit.unit.isRehearsal
        }
        return stands ? .partlyDone : .failed
    }

    /// What became of every instance that the plan was to change.
    func fates(of plan: Plan) -> [InstancePlace: Fate] {
        var steps: [InstancePlace: [Step]] = [:]
        for step in plan.steps {
            if let address = step.instance { steps[InstancePlace(step.host, address), default: []].append(step) }
        }
        var fates: [InstancePlace: Fate] = [:]
        for change in plan.changes {
            guard case .instance(let address) = change.subject else { continue }
            let place = InstancePlace(change.host, address)
            fates[place] = fate(of: change, steps[place] ?? [])
        }
        return fates
    }

    private func fate(of change: Change, _ steps: [Step]) -> Fate {
        let units = Set(steps.compactMap(UnitPlace.init))
        let known = units.map { states[$0, default: .open] }
        if units.contains(where: { broken[$0]?.contains(change.host) ?? false }) { return .broken }
        if !units.isDisjoint(with: left) { return change.action == .remove ? .removed : .created }
        // Its twin was made, and nothing of it ran.
        let hasBegun = steps.contains { $0.action.touchesService && succeeded.contains($0.id) }
        if known.contains(.back) || known.contains(.broken) {
            if !units.isDisjoint(with: faulty) { return .failed }
            return hasBegun ? .reverted : .skipped
        }
        if !units.isDisjoint(with: faulty) { return .failed }
        let isDone = steps.allSatisfy { succeeded.contains($0.id) || $0.isRetirement && change.action != .remove }
        guard isDone else { return .skipped }
        switch change.action {
        case .create: return .created
        case .replace: return .replaced
        case .start, .rename: return .started
        case .remove: return .removed
        }
    }
}

extension Step {
    /// It is not undone with its unit, only when everything goes back.
    var stopsForGood: Bool { undo == nil && !revert.isEmpty }
}
