import RecastModel
import RecastPlanner
import RecastTesting
import Testing

@testable import RecastExecutor

/// A host port goes from one instance to another while the first one's replacement fails.
@Suite struct HandedOverTests {
    private static let giver = InstanceAddress("alpha", slot: 1)
    private static let sharer = InstanceAddress("beta", slot: 1)
    private static let taker = InstanceAddress("gamma", slot: 1)

    /// The first version has the port at the giver, the second at the taker; the sharer is replaced with the giver.
    private func desired(_ version: Int) -> PinnedDesired {
        let instances = [Self.giver, Self.sharer, Self.taker].map { address in
            var spec = ContainerSpec(image: Scenario.image("\(address.service)", version))
            if address == Self.sharer {
                spec.sharing.network = .instance(Self.giver)
            } else if (address == Self.giver) == (version == 1) {
                spec.networking.published = [PublishedPort(ContainerPort(80), hostPort: "8080")]
            }
            return DesiredInstance(host: "a", address: address, spec: spec, position: Scenario.nowhere)
        }
        return Scenario.pin(
            Desired(
                environment: "test", application: "app",
                hosts: [HostDefinition(name: "a", engine: "unix:///a", position: Scenario.nowhere)],
                instances: instances, networks: [], volumes: []))
    }

    /// Carries out what may start, but for the starts of the sharer and the taker.
    private func advance(_ run: inout Run, _ world: inout World) throws -> (sharer: Step, taker: Step)? {
        var starts: [InstanceAddress: Step] = [:]
        while true {
            let ready = run.schedule.takeReady()
            for step in ready {
                run.started(step)
                if case .start = step.action, let address = step.instance, address != Self.giver {
                    starts[address] = step
                } else {
                    try world.apply(step)
                    run.succeeded(step)
                }
            }
            guard ready.isEmpty else { continue }
            return starts[Self.sharer].flatMap { sharer in starts[Self.taker].map { (sharer, $0) } }
        }
    }

    @Test func `what took the port goes back before the one that had it`() throws {
        var world = World(hosts: ["a"])
        for step in Planner().plan(desired(1), over: world.observed).steps { try world.apply(step) }
        let before = world
        let plan = Planner().plan(desired(2), over: world.observed)
        var run = Run(plan, limits: Schedule.Limits())
        let (sharer, taker) = try #require(try advance(&run, &world))

        run.failed(sharer, isCancelled: false)
        #expect(run.failed.isEmpty)
        try world.apply(taker)
        run.succeeded(taker)
        let jobs = run.failed + run.halfDone(isCancelled: false)
        for (_, action) in jobs.flatMap(\.actions) { try world.apply(action, on: "a") }
        #expect(running(world) == running(before))
    }

    private func running(_ world: World) -> Set<String> {
        Set((world.hosts["a"]?.containers ?? []).filter { $0.state == .running }.map(\.id))
    }
}
