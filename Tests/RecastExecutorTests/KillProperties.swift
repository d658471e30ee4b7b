import RecastExecutor
import RecastModel
import RecastPlanner
import RecastTesting
import Testing

/// The process is killed at any call of an apply, also while it puts things back.
///
/// The world itself refuses two containers that hold one port or write to one volume, whenever they run.
@Suite struct KillProperties {
    private static let seedsAtOnce: UInt64 = 50

    @Test(arguments: [UInt64(0), 1, 2, 3])
    func `the next apply reaches the goal, and nothing ever has two writers`(part: UInt64) async throws {
        for seed in part * Self.seedsAtOnce..<(part + 1) * Self.seedsAtOnce {
            var scenario = Scenario(seed: seed)
            var world = World(hosts: scenario.hosts)
            for step in Planner().plan(scenario.desired(), over: world.observed).steps { try world.apply(step) }
            let desired = scenario.desired()
            let plan = Planner().plan(desired, over: world.observed)
            // Every call of some, every third of the others: a run of each would take minutes.
            let calls = stride(
                from: seed < 60 ? 1 : Int(seed % 3) + 1, through: plan.steps.count, by: seed < 60 ? 1 : 3)
            for call in calls {
                // Every other seed has something that fails before the end, so that the end comes while it is undone.
                let faulty = seed % 2 == 0 ? nil : Int.random(in: 1...call, using: &scenario.random)
                let fleet = WorldFleet(world, faultyCall: faulty, lastCall: call)
                _ = await Executor(hosts: fleet.hosts(scenario.hosts)).run(plan) { _ in }
                expectConverges(desired, fleet.world, "seed \(seed), killed at call \(call), fault at \(faulty ?? 0)")
            }
        }
    }

    private func expectConverges(_ desired: PinnedDesired, _ killed: World, _ comment: Comment) {
        var world = killed
        let next = Planner().plan(desired, over: world.observed)
        do { for step in next.steps { try world.apply(step) } } catch { Issue.record("\(comment): \(error)") }
        let last = Planner().plan(desired, over: world.observed)
        #expect(last.isEmpty, comment)
        for (host, state) in world.hosts {
            let running = state.containers.filter { $0.state == .running }.map(\.identity.address)
            #expect(running.count == Set(running).count, "\(comment): twins on \(host)")
        }
    }
}
