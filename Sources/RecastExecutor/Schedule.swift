import RecastModel

/// Which steps may run now.
///
/// A value: the executor asks it, tells it, and never decides on its own.
package struct Schedule: Sendable {
    /// How many steps may run at once.
    package struct Limits: Hashable, Sendable {
        /// On one host.
        package var perHost: Int
        /// Over all hosts.
        package var total: Int

        package init(perHost: Int = 4, total: Int = 256) {
            self.perHost = max(perHost, 1)
            self.total = max(total, 1)
        }
    }

    private let steps: [Int: Step]
    private let limits: Limits
    private var blockers: [Int: Int] = [:]
    /// Those that wait for a step to succeed; a join counts as one of them, under its negative ID.
    private var followers: [Int: [Int]] = [:]
    /// Those that wait for a step to be over.
    private var settledFollowers: [Int: [Int]] = [:]
    private var stepsOfUnit: [UnitPlace: [Int]] = [:]
    private var remainingInPhase: [Step.Phase: Int] = [:]
    /// Steps that wait for nothing but their phase and a free place.
    private var ready: [Step.Phase: ReadyQueue] = [:]
    private var running: [HostName: Int] = [:]
    private var runningTotal = 0
    private var absences: Absences
    /// Those that run and have given their place to another.
    private var lingering: Set<Int> = []
    private var unstarted: Set<Int>
    /// They will never start, and nothing waits for them any more.
    private var dropped: Set<Int> = []
    private var stop: Stop?

    /// What may still start once nothing new does.
    enum Stop: Hashable, Sendable {
        case nothing
        /// What follows when an instance's successor stands, so that it is not left half-way.
        case retirement
    }

    init(_ plan: [Step], joins: [Join] = [], limits: Limits = Limits()) {
        steps = Dictionary(uniqueKeysWithValues: plan.map { ($0.id, $0) })
        unstarted = Set(steps.keys)
        self.limits = limits
        absences = Absences(plan, limit: limits.perHost / 2)
        for join in joins { wait(-join.id, for: join.after, settled: join.afterSettled) }
        for step in plan {
            wait(step.id, for: step.after + step.afterJoins.map { -$0 }, settled: step.afterSettled)
            if let unit = UnitPlace(step) { stepsOfUnit[unit, default: []].append(step.id) }
            remainingInPhase[step.phase, default: 0] += 1
            if blockers[step.id] == 0 { enqueue(step) }
        }
    }

    private mutating func wait(_ id: Int, for earlier: [Int], settled: [Int]) {
        blockers[id] = earlier.count + settled.count
        for earlier in earlier { followers[earlier, default: []].append(id) }
        for earlier in settled { settledFollowers[earlier, default: []].append(id) }
    }

    private mutating func enqueue(_ step: Step) {
        ready[step.phase, default: ReadyQueue()].add(entry(step), isCounted: isCounted(step))
    }

    private func entry(_ step: Step) -> ReadyQueue.Entry {
        ReadyQueue.Entry(id: step.id, isUrgent: absences.closes(step))
    }

    /// The steps to start now; they count as running from here on.
    mutating func takeReady() -> [Step] {
        guard stop != .nothing, let phase = currentPhase else { return [] }
        var queue = ready[phase] ?? ReadyQueue()
        var taken: [Step] = []
        var isFull: Bool { runningTotal >= limits.total }
        while let id = queue.next(withCounted: !isFull) {
            guard let step = steps[id], blockers[id] != .max, !dropped.contains(id) else { continue }
            guard stop == nil || step.isRetirement else { continue }
            guard hasRoom(for: step) else {
                queue.park(entry(step), on: step.host)
                continue
            }
            occupy(step)
            unstarted.remove(id)
            taken.append(step)
        }
        ready[phase] = queue
        return taken
    }

    /// The step takes long without keeping its host busy, so it gives its place to another.
    mutating func lingers(_ step: Step) {
        vacate(step)
        absences.leave(step)
        makesRoom(step)
        lingering.insert(step.id)
    }

    mutating func succeeded(_ step: Step) {
        vacate(step)
        absences.succeeded(step)
        makesRoom(step)
        remainingInPhase[step.phase, default: 1] -= 1
        release((followers[step.id] ?? []) + (settledFollowers[step.id] ?? []))
    }

    /// The step's unit starts nothing more.
    mutating func failed(_ step: Step) {
        vacate(step)
        absences.leave(step)
        makesRoom(step)
        for id in UnitPlace(step).flatMap({ stepsOfUnit[$0] }) ?? [] where unstarted.contains(id) { withhold(id) }
    }

    /// Nothing new starts; what runs may finish.
    mutating func stop(allowing what: Stop) { stop = stop == .nothing ? .nothing : what }

    /// What a unit did was put back, and the others go on; what waits for its success never starts.
    ///
    /// The answer: the units that cannot go on without it.
    mutating func settle(_ unit: UnitPlace, succeeded: Set<Int>) -> [UnitPlace] {
        var lost: Set<UnitPlace> = []
        var joins: Set<Int> = []
        for id in stepsOfUnit[unit] ?? [] where !succeeded.contains(id) {
            guard let step = steps[id] else { continue }
            remainingInPhase[step.phase, default: 1] -= 1
            dropped.insert(id)
            release(settledFollowers[id] ?? [])
            for follower in waiting(for: id, except: &joins) {
                guard let other = steps[follower].flatMap(UnitPlace.init), other != unit else { continue }
                lost.insert(other)
            }
        }
        for other in lost {
            for id in stepsOfUnit[other] ?? [] where unstarted.contains(id) { withhold(id) }
        }
        return lost.sorted()
    }

    /// The steps that wait for one to succeed, also through joins, but those through joins that were asked for before.
    private func waiting(for id: Int, except asked: inout Set<Int>) -> [Int] {
        (followers[id] ?? []).flatMap { follower in
            if follower > 0 { return [follower] }
            return asked.insert(follower).inserted ? followers[follower] ?? [] : []
        }
    }

    /// The unit that a step belongs to.
    func unit(of step: Int) -> UnitPlace? { steps[step].flatMap(UnitPlace.init) }

    /// What was never started, in the order of the plan.
    var skipped: [Step] { unstarted.sorted().compactMap { steps[$0] } }

    private mutating func withhold(_ id: Int) {
        // It never becomes ready again, and is not taken where it is.
        blockers[id] = .max
    }

    private mutating func release(_ ids: [Int]) {
        for id in ids {
            guard let count = blockers[id], count != .max else { continue }
            blockers[id] = count - 1
            guard count == 1 else { continue }
            if let next = steps[id] { enqueue(next) } else { release(followers[id] ?? []) }
        }
    }

    private var currentPhase: Step.Phase? {
        Step.Phase.allCases.first { remainingInPhase[$0, default: 0] > 0 }
    }

    /// Waiting costs a host next to nothing, so it takes no place.
    private func isCounted(_ step: Step) -> Bool {
        switch step.action {
        case .await, .pause, .drain: false
        default: true
        }
    }

    private func hasRoom(for step: Step) -> Bool {
        guard isCounted(step) else { return true }
        let busy = running[step.host, default: 0]
        // On an idle host nothing would ever make room.
        let mayLeave = busy == 0 || !absences.opens(step) || absences.hasRoom(on: step.host)
        return mayLeave && busy < limits.perHost && runningTotal < limits.total
    }

    private mutating func occupy(_ step: Step) {
        guard isCounted(step) else { return }
        absences.started(step)
        running[step.host, default: 0] += 1
        runningTotal += 1
    }

    private mutating func vacate(_ step: Step) {
        guard isCounted(step), lingering.remove(step.id) == nil else { return }
        running[step.host, default: 1] -= 1
        runningTotal -= 1
    }

    /// What found no room beside it is looked at again.
    private mutating func makesRoom(_ step: Step) {
        ready[step.phase]?.unpark(step.host)
        if let home = step.unit?.home { ready[step.phase]?.unpark(home) }
    }
}

/// What is undone together, under the host of its instance.
struct UnitPlace: Hashable, Sendable, Comparable {
    let host: HostName
    let unit: Step.Unit

    /// `nil` for a step that belongs to none.
    init?(_ step: Step) {
        guard let unit = step.unit, !step.action.isCondition else { return nil }
        host = unit.home ?? step.host
        self.unit = Step.Unit(unit.address, isRehearsal: unit.isRehearsal)
    }

    static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.host, lhs.unit.address, lhs.unit.isRehearsal ? 1 : 0)
            < (rhs.host, rhs.unit.address, rhs.unit.isRehearsal ? 1 : 0)
    }
}

extension Action {
    /// Another instance waits for this one: when the wait is in vain, that is no reason to undo this one.
    var isCondition: Bool {
        switch self {
        case .await(_, .healthy), .await(_, .completed(nil)): true
        default: false
        }
    }

    /// What runs is another afterwards.
    var touchesService: Bool {
        switch self {
        case .start, .stop, .remove: true
        default: false
        }
    }

    /// A pull leaves no trace that matters, a wait none at all, and a connection and a copied file go with their
    /// container.
    var changesHost: Bool {
        switch self {
        case .pull, .await, .connect, .run, .deliverFiles, .drain, .pause, .pruneImages: false
        default: true
        }
    }
}
