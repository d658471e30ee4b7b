import RecastModel
import RecastPlanner
import RecastTesting
import Testing

/// What holds for any environment and any state of its hosts.
@Suite struct PlannerProperties {
    static let seeds = Array(UInt64(0)..<400)
    let planner = Planner()

    /// A world that some earlier environment was applied to, and that then met trouble.
    private func start(_ seed: UInt64) throws -> (scenario: Scenario, world: World, desired: PinnedDesired) {
        var scenario = Scenario(seed: seed)
        var world = World(hosts: scenario.hosts)
        let earlier = scenario.desired()
        try run(planner.plan(earlier, over: world.observed), in: &world)
        scenario.trouble(&world)
        return (scenario, world, scenario.desired())
    }

    private func run(_ plan: Plan, in world: inout World) throws {
        for step in plan.steps { try world.apply(step) }
    }

    @Test func `a second plan is empty`() async throws {
        var applicable = 0
        for seed in Self.seeds {
            await Task.yield()
            var (_, world, desired) = try start(seed)
            let plan = planner.plan(desired, over: world.observed)
            guard plan.hazards.isEmpty else { continue }
            applicable += 1
            do { try run(plan, in: &world) } catch { Issue.record("seed \(seed): \(error)") }
            let second = planner.plan(desired, over: world.observed)
            #expect(second.isEmpty && second.steps.isEmpty, "seed \(seed): \(second.changes)")
        }
        #expect(applicable > Self.seeds.count * 3 / 4, "most plans can be applied, not \(applicable)")
    }

    @Test func `applying a plan leaves one running container for each instance, and at most one kept`() async throws {
        for seed in Self.seeds {
            await Task.yield()
            var (_, world, desired) = try start(seed)
            let plan = planner.plan(desired, over: world.observed)
            guard plan.hazards.isEmpty else { continue }
            try run(plan, in: &world)
            for (host, state) in world.hosts {
                let instances = desired.instances.filter { $0.host == host }
                let tasks = Set(instances.filter { $0.instance.task != nil }.map(\.address))
                let wanted = instances.filter { $0.instance.task == nil }.map(\.containerName).sorted()
                let running = state.containers.filter { $0.state == .running }
                #expect(running.map(\.name).sorted() == wanted, "seed \(seed), host \(host)")
                let others = state.containers.filter { $0.state != .running }
                #expect(others.filter { tasks.contains($0.identity.address) }.count == tasks.count, "seed \(seed)")
                let kept = others.filter { !tasks.contains($0.identity.address) }
                #expect(kept.allSatisfy { InstanceName.isRetained($0.name) }, "seed \(seed), host \(host)")
                #expect(kept.allSatisfy { $0.spec.restart == .never }, "seed \(seed), host \(host)")
                let slots = Set(kept.map(\.identity.address))
                #expect(slots.count == kept.count, "seed \(seed), host \(host)")
                #expect(slots.isSubset(of: running.map(\.identity.address)), "seed \(seed), host \(host)")
            }
        }
    }

    @Test func `the order of the input does not matter`() async throws {
        for seed in Self.seeds {
            await Task.yield()
            var (scenario, world, desired) = try start(seed)
            let plan = planner.plan(desired, over: world.observed)
            for host in world.hosts.keys.sorted() {
                world.hosts[host]?.containers.shuffle(using: &scenario.random)
                world.hosts[host]?.networks.shuffle(using: &scenario.random)
                world.hosts[host]?.volumes.shuffle(using: &scenario.random)
            }
            let shuffled = PinnedDesired(
                Desired(
                    environment: desired.environment, application: desired.application, hosts: desired.hosts,
                    instances: [], networks: desired.networks.shuffled(using: &scenario.random),
                    volumes: desired.volumes.shuffled(using: &scenario.random)),
                instances: desired.instances.shuffled(using: &scenario.random))
            #expect(planner.plan(shuffled, over: world.observed) == plan, "seed \(seed)")
        }
    }

    @Test func `what is not ours is never touched`() async throws {
        for seed in Self.seeds {
            await Task.yield()
            let (_, world, desired) = try start(seed)
            let ours = Set(world.hosts.values.flatMap { $0.containers.map(\.id) })
            for step in planner.plan(desired, over: world.observed).steps {
                switch step.action {
                case .removeNetwork(let id, _): #expect(id != "foreign", "seed \(seed)")
                case .rename(.id(let id, _), _), .stop(.id(let id, _), _), .remove(.id(let id, _)):
                    #expect(ours.contains(id), "seed \(seed)")
                default: break
                }
            }
        }
    }

    @Test func `a crash after any step is finished by the next plan`() async throws {
        for seed in Self.seeds.prefix(40) {
            await Task.yield()
            let (_, world, desired) = try start(seed)
            let plan = planner.plan(desired, over: world.observed)
            guard plan.hazards.isEmpty else { continue }
            for length in 0...plan.steps.count {
                var crashed = world
                for step in plan.steps.prefix(length) { try crashed.apply(step) }
                let next = planner.plan(desired, over: crashed.observed)
                do { try run(next, in: &crashed) } catch {
                    Issue.record("seed \(seed), crash after \(length) of \(plan.steps): \(error)")
                    return
                }
                let last = planner.plan(desired, over: crashed.observed)
                #expect(last.isEmpty, "seed \(seed), crash after \(length): \(last.changes)")
            }
        }
    }

    @Test func `no volume is ever removed but those that Recast filled with files`() async throws {
        for seed in Self.seeds {
            await Task.yield()
            var (_, world, desired) = try start(seed)
            let before = world.hosts.mapValues { state in
                Set(state.volumes.map(\.name).filter { !$0.hasPrefix(FileVolume.prefix) })
            }
            let plan = planner.plan(desired, over: world.observed)
            try run(plan, in: &world)
            for (host, names) in before {
                #expect(names.isSubset(of: Set(world.hosts[host]?.volumes.map(\.name) ?? [])), "seed \(seed)")
            }
        }
    }

    @Test func `volumes with files are those of the containers that are there`() async throws {
        var seen = 0
        for seed in Self.seeds {
            await Task.yield()
            var (_, world, desired) = try start(seed)
            let plan = planner.plan(desired, over: world.observed)
            guard plan.hazards.isEmpty else { continue }
            try run(plan, in: &world)
            for (host, state) in world.hosts {
                let volumes = Set(state.volumes.map(\.name).filter { $0.hasPrefix(FileVolume.prefix) })
                let used = Set(state.containers.compactMap(\.spec.fileRecord.volume))
                #expect(volumes == used, "seed \(seed), host \(host)")
                seen += used.count
            }
        }
        #expect(seen > 100)
    }

    @Test func `steps wait for earlier steps of their own phase, and those that come last for containers`() async throws
    {
        for seed in Self.seeds {
            await Task.yield()
            let (_, world, desired) = try start(seed)
            let plan = planner.plan(desired, over: world.observed)
            let steps = plan.steps
            #expect(plan.joins.map(\.id) == Array(plan.joins.indices.map { $0 + 1 }))
            #expect(steps.map(\.id) == Array(1...max(steps.count, 1)).prefix(steps.count).map { $0 })
            for step in steps {
                let waits = plan.waits(of: step)
                for earlier in waits.after.union(waits.afterSettled) {
                    #expect(earlier < step.id, "seed \(seed)")
                    let phase = steps[earlier - 1].phase
                    #expect(phase == step.phase || phase == .containers && step.phase == .after, "seed \(seed)")
                }
            }
        }
    }
}
