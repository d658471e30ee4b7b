import RecastExecutor
import RecastModel
import RecastPlanner
import RecastTesting
import Testing

/// What holds when any one call of an apply goes wrong.
@Suite struct ExecutorProperties {
    let planner = Planner()

    struct Start {
        let hosts: [HostName]
        let world: World
        let desired: PinnedDesired
        let plan: Plan
    }

    /// Environments that follow one on another, without trouble in between: what ran before must run after a failure.
    func start(_ seed: UInt64) throws -> Start? {
        var scenario = Scenario(seed: seed)
        var world = World(hosts: scenario.hosts)
        for step in planner.plan(scenario.desired(), over: world.observed).steps { try world.apply(step) }
        let desired = scenario.desired()
        let plan = planner.plan(desired, over: world.observed)
        return plan.steps.isEmpty ? nil : Start(hosts: scenario.hosts, world: world, desired: desired, plan: plan)
    }

    @Test func `a plan that nothing disturbs reaches its goal`() async throws {
        for seed in UInt64(0)..<150 {
            guard let start = try start(seed) else { continue }
            let fleet = WorldFleet(start.world)
            let outcome = await Executor(hosts: fleet.hosts(start.hosts)).run(start.plan) { _ in }
            #expect(outcome == .done, "seed \(seed)")
            #expect(planner.plan(start.desired, over: fleet.world.observed).isEmpty, "seed \(seed)")
        }
    }

    @Test(arguments: [WorldFleet.Fault.refuses, .losesReply])
    func `after a failure at any call, the next apply reaches the goal`(fault: WorldFleet.Fault) async throws {
        for seed in UInt64(0)..<12 {
            guard let start = try start(seed) else { continue }
            for call in 1...start.plan.steps.count {
                let fleet = WorldFleet(start.world, faultyCall: call, fault: fault)
                var warnings = 0
                let outcome = await Executor(hosts: fleet.hosts(start.hosts)).run(start.plan) { event in
                    if case .warned = event { warnings += 1 }
                }
                let expected: [Outcome] = warnings > 0 ? [.done, .partlyDone] : [.failed, .partlyDone]
                #expect(expected.contains(outcome), "seed \(seed), call \(call)")
                var world = fleet.world
                do {
                    for step in planner.plan(start.desired, over: world.observed).steps { try world.apply(step) }
                } catch {
                    Issue.record("seed \(seed), call \(call): \(error)")
                }
                #expect(planner.plan(start.desired, over: world.observed).isEmpty, "seed \(seed), call \(call)")
            }
        }
    }

    @Test(arguments: [WorldFleet.Fault.refuses, .losesReply])
    func `after a failure at any call, what ran and is still wanted runs`(fault: WorldFleet.Fault) async throws {
        for seed in UInt64(0)..<12 {
            guard let start = try start(seed), !start.swapsHoldings else { continue }
            for call in 1...start.plan.steps.count {
                let fleet = WorldFleet(start.world, faultyCall: call, fault: fault)
                _ = await Executor(hosts: fleet.hosts(start.hosts)).run(start.plan) { _ in }
                for (host, addresses) in start.runningAndWanted {
                    let running = fleet.world.runningAddresses(on: host)
                    #expect(addresses.isSubset(of: running), "seed \(seed), call \(call), host \(host)")
                }
            }
        }
    }

    @Test func `never more steps run on a host than allowed`() async throws {
        for seed in UInt64(0)..<50 {
            guard let start = try start(seed) else { continue }
            let fleet = WorldFleet(start.world)
            let limits = Schedule.Limits(perHost: 2)
            _ = await Executor(hosts: fleet.hosts(start.hosts), limits: limits).run(start.plan) { _ in }
            #expect(fleet.mostAtOnce <= 2, "seed \(seed)")
        }
    }

    @Test func `every step is started or skipped, and what is started ends`() async throws {
        for seed in UInt64(0)..<50 {
            guard let start = try start(seed) else { continue }
            let fleet = WorldFleet(start.world, faultyCall: Int(seed % 7) + 1)
            var started: Set<Int> = []
            var ended: Set<Int> = []
            var skipped: Set<Int> = []
            var order: [Int] = []
            _ = await Executor(hosts: fleet.hosts(start.hosts)).run(start.plan) { event in
                switch event {
                case .started(let step):
                    started.insert(step.id)
                    #expect(ended.isSuperset(of: start.plan.waits(of: step).after), "seed \(seed)")
                case .succeeded(let step, _), .failed(let step, _):
                    ended.insert(step.id)
                    order.append(step.id)
                case .skipped(let step): skipped.insert(step.id)
                default: break
                }
            }
            #expect(started == ended, "seed \(seed)")
            #expect(started.isDisjoint(with: skipped), "seed \(seed)")
            #expect(started.union(skipped) == Set(start.plan.steps.map(\.id)), "seed \(seed)")
            #expect(order.count == ended.count, "seed \(seed)")
        }
    }

    @Test func `interrupted before the first step, nothing is done`() async throws {
        guard let start = try start(3) else { return }
        let fleet = WorldFleet(start.world)
        let hosts = fleet.hosts(start.hosts)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return await Executor(hosts: hosts).run(start.plan) { _ in }
        }
        task.cancel()
        let outcome = await task.value
        #expect(outcome == .interrupted)
    }
}

extension ExecutorProperties.Start {
    fileprivate var runningAndWanted: [HostName: Set<InstanceAddress>] {
        Dictionary(
            uniqueKeysWithValues: hosts.map { host in
                let wanted = Set(desired.instances.filter { $0.host == host && $0.instance.task == nil }.map(\.address))
                return (host, world.runningAddresses(on: host).intersection(wanted))
            })
    }

    /// Two services that exchange a port cannot both be put back.
    fileprivate var swapsHoldings: Bool {
        plan.steps.contains { step in
            guard case .stop = step.action else { return false }
            return plan.steps.contains { other in
                guard case .start = other.action, other.host == step.host else { return false }
                return other.instance != step.instance && plan.waits(of: other).after.contains(step.id)
            }
        }
    }
}

extension World {
    fileprivate func runningAddresses(on host: HostName) -> Set<InstanceAddress> {
        Set((hosts[host]?.containers ?? []).filter { $0.state == .running }.map(\.identity.address))
    }
}
