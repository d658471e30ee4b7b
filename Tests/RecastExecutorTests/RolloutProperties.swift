import RecastExecutor
import RecastModel
import RecastPlanner
import RecastTesting
import Synchronization
import Testing

/// What a rollout promises, over random environments.
@Suite struct RolloutProperties {
    private struct Start {
        let hosts: [HostName]
        let world: World
        let plan: Plan
        let tasks: Set<ServiceName>
    }

    /// An environment that was applied, and the plan for the next one.
    private func start(_ seed: UInt64, failureAction: RolloutPolicy.FailureAction? = nil) throws -> Start? {
        var scenario = Scenario(seed: seed)
        var world = World(hosts: scenario.hosts)
        for step in Planner().plan(scenario.desired(), over: world.observed).steps { try world.apply(step) }
        let desired = scenario.desired()
        var plan = Planner().plan(desired, over: world.observed)
        let tasks = Set(desired.instances.filter { $0.instance.task != nil }.map(\.address.service))
        if let failureAction { plan.rollouts = plan.rollouts.map { $0.with(failureAction) } }
        return plan.steps.isEmpty ? nil : Start(hosts: scenario.hosts, world: world, plan: plan, tasks: tasks)
    }

    private func run(_ start: Start, on fleet: WorldFleet, emit: (Event) async -> Void = { _ in }) async -> Outcome {
        await Executor(hosts: fleet.hosts(start.hosts)).run(start.plan, emit: emit)
    }

    @Test func `never more instances of a service are away than its parallelism allows`() async throws {
        var most = 0
        for seed in UInt64(0)..<150 {
            guard let start = try start(seed) else { continue }
            let counter = Counter(start.plan, start.world, without: start.tasks)
            // Failures, and what puts them back, count as well.
            let call = seed % 3 == 0 ? Int(seed) % (start.plan.steps.count + 1) : nil
            let fleet = WorldFleet(start.world, faultyCall: call) { counter.look(at: $0) }
            _ = await run(start, on: fleet)
            #expect(counter.excesses == [], "seed \(seed), call \(call ?? 0)")
            most = max(most, counter.most)
        }
        #expect(most > 1, "the limits were never reached")
    }

    @Test(arguments: [WorldFleet.Fault.refuses, .losesReply])
    func `what rolls back runs as before, whichever call fails`(fault: WorldFleet.Fault) async throws {
        var (reverted, gaps) = (0, 0)
        for seed in UInt64(0)..<32 {
            guard let start = try start(seed, failureAction: .rollback) else { continue }
            for call in 1...start.plan.steps.count {
                let fleet = WorldFleet(start.world, faultyCall: call, fault: fault)
                var failed: Step?
                var story = Story()
                let outcome = await run(start, on: fleet) { event in
                    if case .failed(let step, _) = event { failed = step }
                    if case .reverting(let places) = event { reverted += places.count }
                    story.hear(event)
                }
                #expect(story.faults == [], "seed \(seed), call \(call)")
                gaps += story.gaps
                guard let failed, failed.phase < .cleanUp, !failed.isRetirement, failed.instance != nil else {
                    continue
                }
                let (before, after) = (start.world.running, fleet.world.running)
                #expect(before == after, "seed \(seed), call \(call), \(failed.action)")
                #expect([.failed, .partlyDone].contains(outcome))
            }
        }
        #expect(reverted > 50 && gaps > 50)
    }
}

/// What is told of an apply, beside what was done.
private struct Story {
    private(set) var faults: [String] = []
    /// Of instances that were put back.
    private(set) var gaps = 0
    private var touched: Set<InstancePlace> = []
    private var back: Set<InstancePlace> = []

    mutating func hear(_ event: Event) {
        switch event {
        case .succeeded(let step, _):
            guard let address = step.instance else { return }
            switch step.action {
            case .start, .stop, .remove: touched.insert(InstancePlace(step.host, address))
            default: break
            }
        case .undone(let step, .start):
            if let address = step.instance { back.insert(InstancePlace(step.host, address)) }
        case .gap(let place, _): gaps += back.contains(place) ? 1 : 0
        case .settled(let fates):
            faults += fates.filter { $0.value == .reverted && !touched.contains($0.key) }
                .map { "\($0.key) is reverted, and nothing was done to it" }
        default: break
        }
    }
}

/// Counts how many instances of each service are away.
private final class Counter: Sendable {
    private let watched: [ServiceName: Set<InstancePlace>]
    private let limits: [ServiceName: Int]
    private let state = Mutex((excesses: [String](), most: 0))

    /// What runs before and gives way, but where something wanders to another service: then its holder goes first,
    /// whose turn it may not be.
    init(_ plan: Plan, _ world: World, without tasks: Set<ServiceName>) {
        let running = world.up
        let givers = Set(plan.steps.filter { $0.undo == nil && !$0.revert.isEmpty }.compactMap(\.instance?.service))
        watched = Dictionary(
            uniqueKeysWithValues: plan.rollouts.filter { !tasks.union(givers).contains($0.service) }.map { rollout in
                (rollout.service, Set(rollout.batches.joined()).intersection(running))
            })
        limits = Dictionary(uniqueKeysWithValues: plan.rollouts.map { ($0.service, $0.limit) })
    }

    var excesses: [String] { state.withLock { $0.excesses } }
    var most: Int { state.withLock { $0.most } }

    func look(at world: World) {
        let running = world.up
        for (service, places) in watched {
            let away = places.subtracting(running).count
            state.withLock { state in
                state.most = max(state.most, away)
                if away > limits[service] ?? 0 { state.excesses.append("\(service): \(away)") }
            }
        }
    }
}

extension Rollout {
    fileprivate var limit: Int {
        switch policy.parallelism {
        case .count(0): instances
        case .count(let count): count
        case .percent(let percent): max(instances * percent / 100, 1)
        }
    }

    fileprivate func with(_ action: RolloutPolicy.FailureAction) -> Self {
        var policy = policy
        policy.failureAction = action
        policy.maxFailureRatio = 0
        return Self(service: service, policy: policy, instances: instances, batches: batches)
    }
}

extension World {
    fileprivate var up: Set<InstancePlace> {
        Set(
            hosts.flatMap { host, state in
                state.containers.filter { $0.state == .running && $0.purpose == .instance }
                    .map { InstancePlace(host, $0.identity.address) }
            })
    }

    /// What runs, and whether it comes back when its host reboots.
    fileprivate var running: [HostName: [String]] {
        hosts.mapValues { state in
            state.containers.filter { $0.state == .running }.map { "\($0.id) \($0.name) \($0.spec.restart)" }.sorted()
        }
    }
}
