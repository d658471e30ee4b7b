import RecastModel

/// What a step waits for.
struct Wait: ExpressibleByArrayLiteral {
    /// Steps that must have succeeded.
    var done: [Int]
    /// Steps that must be over, whether they succeeded or what they did was put back.
    var settled: [Int]
    /// Joins, which stand for many of both.
    private(set) var joins: [Int] = []

    init(_ done: [Int], settled: [Int] = []) {
        self.done = done
        self.settled = settled
    }

    init(settled: [Int]) { self.init([], settled: settled) }

    init(join: Int) {
        self.init([])
        joins = [join]
    }

    init(arrayLiteral elements: Int...) { self.init(elements) }

    static func + (lhs: Self, rhs: Self) -> Self {
        var sum = lhs
        sum += rhs
        return sum
    }

    static func + (lhs: Self, rhs: [Int]) -> Self { lhs + Self(rhs) }

    static func += (lhs: inout Self, rhs: Self) {
        lhs.done += rhs.done
        lhs.settled += rhs.settled
        lhs.joins += rhs.joins
    }
}

/// The steps of a plan while it is being made.
///
/// A step can only wait for steps that are already there, so that the list is in a runnable order and has no cycle.
struct StepDraft {
    private(set) var steps: [Step] = []
    private(set) var joins: [Join] = []
    /// Of the steps of instances that are added now.
    var phase = Step.Phase.containers

    /// What is undone together, where it is more than one instance: the address it goes under.
    var units: [HostName: [InstanceAddress: InstanceAddress]] = [:]
    /// What is undone together with an instance of another host.
    var homes: [InstancePlace: InstancePlace] = [:]

    /// The steps that stop a container, by host and container ID.
    private var stops: [Container: Int] = [:]

    private struct Container: Hashable {
        let host: HostName
        let id: String
    }

    /// Adds a step of an instance.
    @discardableResult
    mutating func add(
        _ action: Action, of place: InstancePlace, after: Wait, undo: Action? = nil, revert: [Action]? = nil,
        isRetirement: Bool = false
    ) -> Int {
        let home = homes[place]
        return add(
            Step(
                id: steps.count + 1, host: place.host, action: action, phase: phase,
                after: inPhase(after.done, phase), afterSettled: inPhase(after.settled, phase),
                afterJoins: joinsInPhase(after.joins, phase), instance: place.address, undo: undo, revert: revert,
                unit: Step.Unit(root(of: home ?? place), isRehearsal: phase == .rehearse, home: home?.host),
                isRetirement: isRetirement)
        )
    }

    /// Adds a step on another host that is undone with an instance.
    @discardableResult
    mutating func add(_ action: Action, on host: HostName, with home: InstancePlace, after: Wait, undo: Action?) -> Int
    {
        add(
            Step(
                id: steps.count + 1, host: host, action: action, phase: phase, after: inPhase(after.done, phase),
                afterSettled: inPhase(after.settled, phase), afterJoins: joinsInPhase(after.joins, phase),
                instance: home.address, undo: undo,
                unit: Step.Unit(root(of: home), home: home.host)))
    }

    /// The address under which an instance is undone.
    private func root(of place: InstancePlace) -> InstanceAddress {
        units[place.host]?[place.address] ?? place.address
    }

    /// Adds a step that belongs to a host, or to no single instance.
    @discardableResult
    mutating func add(
        _ action: Action, on host: HostName, phase: Step.Phase, after: Wait = []
    ) -> Int {
        add(
            Step(
                id: steps.count + 1, host: host, action: action, phase: phase, after: inPhase(after.done, phase),
                afterSettled: inPhase(after.settled, phase), afterJoins: joinsInPhase(after.joins, phase)))
    }

    private mutating func add(_ step: Step) -> Int {
        steps.append(step)
        return step.id
    }

    private func inPhase(_ earlier: [Int], _ phase: Step.Phase) -> [Int] {
        if earlier.count == 1 { return phase.waits(for: steps[earlier[0] - 1].phase) ? earlier : [] }
        return Set(earlier).filter { phase.waits(for: steps[$0 - 1].phase) }.sorted()
    }

    private func joinsInPhase(_ earlier: [Int], _ phase: Step.Phase) -> [Int] {
        Set(earlier).filter { phase.waits(for: joins[$0 - 1].phase) }.sorted()
    }

    /// The same, to be waited for by many steps that are added now: a wait for more than a few becomes a join.
    mutating func joined(_ wait: Wait) -> Wait {
        guard wait.done.count + wait.settled.count > Self.fewSteps else { return wait }
        let (done, settled) = (inPhase(wait.done, phase), inPhase(wait.settled, phase))
        var short = Wait(done, settled: settled)
        if done.count + settled.count > Self.fewSteps {
            joins.append(Join(id: joins.count + 1, phase: phase, after: done, afterSettled: settled))
            short = Wait(join: joins.count)
        }
        for join in wait.joins { short += Wait(join: join) }
        return short
    }

    /// As many are named by each that waits for them.
    private static let fewSteps = 2

    func isStopped(_ container: ObservedContainer, on host: HostName) -> Bool {
        stops[Container(host: host, id: container.id)] != nil
    }
}

// MARK: - Stopping

/// How a container gives way.
struct Farewell {
    /// Run in it while it still runs, before it is told to drain.
    var hooks: [Hook] = []
    var drain: Drain?
    /// When it must be ready again after it was put back; `nil`: nobody waits for that.
    var gate: GatePolicy?
    /// The restart policy that it had before an earlier apply took it away.
    var restart: RestartPolicy?
    /// False when another instance takes what the container held: then it must not come back alone.
    var isUndone = true
    var isRetirement = false

    init(_ decision: Decision) {
        hooks = decision.preStop
        drain = decision.drain
        gate = decision.instance?.instance.gate
    }
}

extension StepDraft {
    /// Stops a container, once: a second call answers with the first step.
    ///
    /// Its hooks come first, while it runs, then the drain. Then its restart policy goes, so that a host that reboots
    /// in between does not start two.
    mutating func stop(
        _ container: ObservedContainer, of place: InstancePlace, after: Wait, _ farewell: Farewell
    ) -> Int {
        let key = Container(host: place.host, id: container.id)
        if let known = stops[key] { return known }
        let actions = farewell.actions(on: container)
        var last = after
        for (action, back) in actions {
            last = [
                add(
                    action, of: place, after: last, undo: farewell.isUndone ? back.first : nil, revert: back,
                    isRetirement: farewell.isRetirement)
            ]
        }
        let stop = last.done.last ?? 0
        stops[key] = stop
        return stop
    }
}

extension Farewell {
    /// What is done, each with what takes it back.
    fileprivate func actions(on container: ObservedContainer) -> [(action: Action, back: [Action])] {
        var actions: [(action: Action, back: [Action])] = []
        if container.state == .running {
            actions += hooks.map { (.run($0, container: container.handle), []) }
            if let drain { actions.append((.drain(drain, container: container.handle), [])) }
        }
        let policy = restart ?? container.spec.restart
        if policy != .never {
            actions.append(
                (
                    .setRestartPolicy(container: container.handle, .never),
                    [.setRestartPolicy(container: container.handle, policy)]
                ))
        }
        actions.append((.stop(container: container.handle, grace: container.graceSeconds), comeback(container)))
        return actions
    }

    /// It is waited for only where it was well before.
    private func comeback(_ container: ObservedContainer) -> [Action] {
        let start = Action.start(container: container.handle)
        guard let gate, container.state == .running, container.health != .unhealthy else {
            return [start]
        }
        return [start, .await(container: container.handle, .ready(gate))]
    }
}

extension Step.Phase {
    /// Whether a step of this phase has to name one of an earlier phase, or of its own, to wait for its success.
    ///
    /// Phases follow one on another, and only what failed among the containers may be put up with.
    fileprivate func waits(for earlier: Self) -> Bool { self == earlier || self == .after && earlier == .containers }
}
