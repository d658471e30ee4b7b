import RecastModel
import RecastPlanner
import RecastTesting
import Testing

/// What services take from one another, and tasks that come last.
@Suite struct ExchangeTests {
    private func spec(_ version: Int, port: String? = nil) -> ContainerSpec {
        var spec = ContainerSpec(image: Scenario.image("web", version))
        spec.networking.published = port.map { [PublishedPort(ContainerPort(8080), hostPort: $0)] } ?? []
        return spec
    }

    private func desired(_ specs: [(ServiceName, ContainerSpec)], task: TaskPolicy? = nil) -> PinnedDesired {
        let instances = specs.map { service, spec in
            var instance = DesiredInstance(
                host: "a", address: InstanceAddress(service, slot: 1), spec: spec,
                isJob: service == "task", position: Scenario.nowhere)
            instance.task = service == "task" ? task : nil
            return instance
        }
        return Scenario.pin(
            Desired(
                environment: "test", application: "app",
                hosts: [HostDefinition(name: "a", engine: "unix:///a", position: Scenario.nowhere)],
                instances: instances, networks: [], volumes: []))
    }

    private func applied(_ desired: PinnedDesired, to world: World) throws -> World {
        var world = world
        for step in Planner().plan(desired, over: world.observed).steps { try world.apply(step) }
        return world
    }

    @Test func `an instance whose port another one takes is away meanwhile, and the plan says so`() throws {
        let world = try applied(
            desired([("a", spec(1, port: "81")), ("b", spec(1, port: "82"))]), to: World(hosts: ["a"]))
        let swapped = desired([("a", spec(1, port: "82")), ("b", spec(1, port: "81"))])
        let plan = Planner().plan(swapped, over: world.observed)
        #expect(plan.changes.map(\.replacement?.order) == [.stopFirst, .stopFirst])
        #expect(
            plan.changes.map(\.replacement?.exclusive) == [
                ["port 81/tcp, which b.1 takes"], ["port 82/tcp, which a.1 takes"],
            ])
        let after = try applied(swapped, to: world)
        #expect(Planner().plan(swapped, over: after.observed).isEmpty)
    }

    @Test func `a task after that fails is due until it succeeds`() throws {
        let task = TaskPolicy(.after)
        let (first, second) = (
            desired([("web", spec(1)), ("task", spec(9))], task: task),
            desired([("web", spec(2)), ("task", spec(9))], task: task)
        )
        let world = try applied(first, to: World(hosts: ["a"]))
        let plan = Planner().plan(second, over: world.observed)
        let start = try #require(
            plan.steps.first { step in
                if case .start = step.action { step.instance?.service == "task" } else { false }
            })
        // All but the task, which was put back.
        var failed = world
        for step in plan.steps where step.id < start.id || step.phase < .after { try failed.apply(step) }
        for step in plan.steps.reversed() where step.id < start.id && step.phase == .after {
            if let undo = step.undo { try failed.apply(undo, on: step.host) }
        }
        let next = Planner().plan(second, over: failed.observed)
        #expect(next.changes.contains { $0.subject == .instance(InstanceAddress("task", slot: 1)) })
        let done = try applied(second, to: failed)
        #expect(Planner().plan(second, over: done.observed).isEmpty)
    }
}
