import RecastExecutor
import RecastModel
import RecastPlanner
import RecastTesting
import Testing

/// Containers that hang on one another come back together.
@Suite struct SharingTests {
    private static let owner = InstanceAddress("web", slot: 1)
    private static let sharer = InstanceAddress("side", slot: 1)

    /// What becomes of the container that shares the owner's network.
    enum Sharer: CaseIterable {
        case shares, hasItsOwn, isGone
    }

    private func desired(_ version: Int, _ sharer: Sharer) -> PinnedDesired {
        let web = ContainerSpec(image: Scenario.image("web", version))
        var side = ContainerSpec(image: Scenario.image("side", 1))
        if sharer == .shares { side.sharing.network = .instance(Self.owner) }
        let all = [(Self.owner, web)] + (sharer == .isGone ? [] : [(Self.sharer, side)])
        return Scenario.pin(
            Desired(
                environment: "test", application: "app",
                hosts: [HostDefinition(name: "a", engine: "unix:///a", position: Scenario.nowhere)],
                instances: all.map { address, spec in
                    DesiredInstance(host: "a", address: address, spec: spec, position: Scenario.nowhere)
                }, networks: [], volumes: []))
    }

    @Test(arguments: Sharer.allCases)
    func `when one of those that share cannot start, all are put back and run as before`(sharer: Sharer) async throws {
        var world = World(hosts: ["a"])
        for step in Planner().plan(desired(1, .shares), over: world.observed).steps { try world.apply(step) }
        let plan = Planner().plan(desired(2, sharer), over: world.observed)
        let starts = plan.steps.filter { step in
            if case .start = step.action { true } else { false }
        }
        #expect(starts.count == (sharer == .isGone ? 1 : 2))
        for start in starts {
            let fleet = WorldFleet(world, faultyAction: start.action)
            let outcome = await Executor(hosts: fleet.hosts(["a"])).run(plan) { _ in }
            #expect(outcome == .failed, "call \(start.id)")
            #expect(running(fleet.world) == running(world), "call \(start.id)")
        }
    }

    private func running(_ world: World) -> Set<String> {
        Set((world.hosts["a"]?.containers ?? []).filter { $0.state == .running }.map(\.id))
    }
}
