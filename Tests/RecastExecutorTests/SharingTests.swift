import RecastExecutor
import RecastModel
import RecastPlanner
import RecastTesting
import Testing

/// Containers that hang on one another come back together.
@Suite struct SharingTests {
    private static let owner = InstanceAddress("web", slot: 1)
    private static let sharer = InstanceAddress("side", slot: 1)

    private func desired(_ version: Int) -> PinnedDesired {
        let web = ContainerSpec(image: Scenario.image("web", version))
        var side = ContainerSpec(image: Scenario.image("side", 1))
        side.sharing.network = .instance(Self.owner)
        return Scenario.pin(
            Desired(
                environment: "test", application: "app",
                hosts: [HostDefinition(name: "a", engine: "unix:///a", position: Scenario.nowhere)],
                instances: [(Self.owner, web), (Self.sharer, side)].map { address, spec in
                    DesiredInstance(host: "a", address: address, spec: spec, position: Scenario.nowhere)
                }, networks: [], volumes: []))
    }

    @Test func `when what shares cannot start, its owner is put back too, and both run as before`() async throws {
        var world = World(hosts: ["a"])
        for step in Planner().plan(desired(1), over: world.observed).steps { try world.apply(step) }
        let before = Set((world.hosts["a"]?.containers ?? []).map(\.id))
        let plan = Planner().plan(desired(2), over: world.observed)
        let starts = plan.steps.filter { step in
            if case .start = step.action { step.instance == Self.sharer } else { false }
        }
        let start = try #require(starts.first)
        // One step at a time runs them in the order of the plan.
        let fleet = WorldFleet(world, faultyCall: start.id)
        let outcome = await Executor(hosts: fleet.hosts(["a"]), limits: Schedule.Limits(perHost: 1)).run(plan) { _ in }
        #expect(outcome == .failed)
        let running = (fleet.world.hosts["a"]?.containers ?? []).filter { $0.state == .running }
        #expect(Set(running.map(\.id)) == before)
    }
}
