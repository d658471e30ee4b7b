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
    ///
    /// A taker that is a task comes last and without the sharer, and failures are put up with.
    private func desired(_ version: Int, takerIsTask: Bool = false) -> PinnedDesired {
        let addresses = takerIsTask ? [Self.giver, Self.taker] : [Self.giver, Self.sharer, Self.taker]
        let instances = addresses.map { address in
            var spec = ContainerSpec(image: Scenario.image("\(address.service)", version))
            if address == Self.sharer {
                spec.sharing.network = .instance(Self.giver)
            } else if (address == Self.giver) == (version == 1) {
                spec.networking.published = [PublishedPort(ContainerPort(80), hostPort: "8080")]
            }
            var instance = DesiredInstance(
                host: "a", address: address, spec: spec, isJob: takerIsTask && address == Self.taker,
                position: Scenario.nowhere)
            if takerIsTask { instance.rollout.failureAction = .continue }
            if instance.isJob { instance.task = TaskPolicy(.after) }
            return instance
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

    @Test func `a task that comes last waits for the success of what has its port`() throws {
        var world = World(hosts: ["a"])
        for step in Planner().plan(desired(1, takerIsTask: true), over: world.observed).steps { try world.apply(step) }
        var run = Run(Planner().plan(desired(2, takerIsTask: true), over: world.observed), limits: Schedule.Limits())
        var started: Set<InstanceAddress> = []
        while true {
            let ready = run.schedule.takeReady()
            for step in ready {
                run.started(step)
                if case .start = step.action, let address = step.instance { started.insert(address) }
                if case .start = step.action, step.instance == Self.giver {
                    run.failed(step, isCancelled: false)
                } else {
                    run.succeeded(step)
                }
            }
            let failed = run.failed
            run.begin(failed)
            for job in failed { run.putBack(job.units, failed: [:]) }
            if ready.isEmpty && failed.isEmpty { break }
        }
        #expect(started == [Self.giver])
        #expect(run.outcome(isCancelled: false) == .failed)
    }

    private func running(_ world: World) -> Set<String> {
        Set((world.hosts["a"]?.containers ?? []).filter { $0.state == .running }.map(\.id))
    }
}
