import RecastModel
import RecastPlanner
import RecastTesting
import Testing

/// Containers in the namespaces of others: they are replaced with them, after them, and stop before them.
@Suite struct SharingTests {
    private static let owner = InstanceAddress("web", slot: 1)
    private static let sharer = InstanceAddress("side", slot: 1)

    private func desired(owner version: Int? = 1, sharer other: Int? = 1) -> PinnedDesired {
        var instances: [DesiredInstance] = []
        if let version {
            instances.append(instance(Self.owner, ContainerSpec(image: Scenario.image("web", version))))
        }
        if let other {
            var spec = ContainerSpec(image: Scenario.image("side", other))
            spec.sharing.network = .instance(Self.owner)
            spec.sharing.volumes = [Sharing.Volumes(.instance(Self.owner), readOnly: true)]
            instances.append(instance(Self.sharer, spec))
        }
        return Scenario.pin(
            Desired(
                environment: "test", application: "app",
                hosts: [HostDefinition(name: "a", engine: "unix:///a", position: Scenario.nowhere)],
                instances: instances, networks: [], volumes: []))
    }

    private func instance(_ address: InstanceAddress, _ spec: ContainerSpec) -> DesiredInstance {
        DesiredInstance(host: "a", address: address, spec: spec, position: Scenario.nowhere)
    }

    /// A host on which the first version runs.
    private func world() throws -> World {
        var world = World(hosts: ["a"])
        try run(Planner().plan(desired(), over: world.observed), in: &world)
        return world
    }

    private func run(_ plan: Plan, in world: inout World) throws {
        for step in plan.steps { try world.apply(step) }
    }

    private func causes(_ plan: Plan) -> [String] {
        plan.changes.map { change in "\(change.subject) \(change.action) \(change.cause)" }
    }

    private func expect(_ plan: Plan, _ wanted: [InstanceAddress: (Change.Action, Cause)]) {
        #expect(plan.changes.count == wanted.count, "\(causes(plan))")
        for change in plan.changes {
            guard case .instance(let address) = change.subject else { continue }
            #expect(change.action == wanted[address]?.0 && change.cause == wanted[address]?.1, "\(causes(plan))")
        }
    }

    @Test func `what shares hangs on the very container, and nothing is left to do`() throws {
        let world = try world()
        let containers = world.hosts["a"]?.containers ?? []
        let owner = try #require(containers.first { $0.identity.address == Self.owner })
        let sharer = try #require(containers.first { $0.identity.address == Self.sharer })
        #expect(sharer.spec.sharing.network == .container(owner.id))
        #expect(Planner().plan(desired(), over: world.observed).isEmpty)
    }

    @Test func `a new owner replaces what shares with it, which stops first and starts last`() throws {
        var world = try world()
        let plan = Planner().plan(desired(owner: 2), over: world.observed)
        expect(plan, [Self.owner: (.replace, .configuration), Self.sharer: (.replace, .shared(Self.owner))])
        let words = plan.steps.filter { $0.phase == .containers }.compactMap { step -> String? in
            switch step.action {
            case .stop: "stop \(step.instance?.service.text ?? "")"
            case .start: "start \(step.instance?.service.text ?? "")"
            case .createContainer: "create \(step.instance?.service.text ?? "")"
            default: nil
            }
        }
        #expect(words == ["create web", "stop side", "stop web", "start web", "create side", "start side"])
        try run(plan, in: &world)
        #expect(Planner().plan(desired(owner: 2), over: world.observed).isEmpty)
    }

    @Test func `a change of what shares leaves its owner alone`() throws {
        let plan = Planner().plan(desired(sharer: 2), over: try world().observed)
        expect(plan, [Self.sharer: (.replace, .configuration)])
    }

    @Test func `an owner that stopped is started, and what shares gets a container in its new namespace`() throws {
        var world = try world()
        let index = try #require(world.hosts["a"]?.containers.firstIndex { $0.identity.address == Self.owner })
        world.hosts["a"]?.containers[index].state = .exited
        let plan = Planner().plan(desired(), over: world.observed)
        expect(
            plan, [Self.owner: (.start, .stopped(exitCode: 0)), Self.sharer: (.replace, .shared(Self.owner))])
        try run(plan, in: &world)
        #expect(Planner().plan(desired(), over: world.observed).isEmpty)
    }

    @Test func `an owner that is gone takes what shares with it along`() throws {
        var world = try world()
        world.hosts["a"]?.containers.removeAll { $0.identity.address == Self.owner }
        let plan = Planner().plan(desired(), over: world.observed)
        expect(plan, [Self.owner: (.create, .missing), Self.sharer: (.replace, .shared(Self.owner))])
        try run(plan, in: &world)
        #expect(Planner().plan(desired(), over: world.observed).isEmpty)
    }

    @Test func `when both go, what shares goes first`() throws {
        var world = try world()
        let plan = Planner().plan(desired(owner: nil, sharer: nil), over: world.observed)
        let removed = plan.steps.compactMap { step -> String? in
            if case .remove(let container) = step.action { container.displayName } else { nil }
        }
        #expect(removed.map { $0.contains("side") } == [true, false])
        try run(plan, in: &world)
        #expect(world.hosts["a"]?.containers.isEmpty == true)
    }

    @Test(arguments: ["web", "side"])
    func `a plan for one of them is a plan for both`(service: ServiceName) throws {
        let scope = Planner.Scope(services: [service])
        #expect(scope.closed(over: desired().instances.map(\.instance)).services == ["web", "side"])
        let plan = Planner().plan(desired(owner: 2), over: try world().observed, scope: scope)
        #expect(plan.changes.count == 2)
    }

    @Test func `both are undone together when both change`() throws {
        let both = Planner().plan(desired(owner: 2), over: try world().observed).steps
        #expect(Set(both.filter { $0.phase == .containers }.map(\.unit)).count == 1)
        let one = Planner().plan(desired(sharer: 2), over: try world().observed).steps
        #expect(one.allSatisfy { $0.unit?.address == $0.instance })
    }

    @Test func `an IPC namespace that is not offered is a hazard`() throws {
        for (mode, count) in [(nil, 1), ("private", 1), ("shareable", 0)] {
            var owner = ContainerSpec(image: Scenario.image("web", 1))
            owner.isolation.ipcMode = mode
            var sharer = ContainerSpec(image: Scenario.image("side", 1))
            sharer.sharing.ipc = .instance(Self.owner)
            let desired = Desired(
                environment: "test", application: "app",
                hosts: [HostDefinition(name: "a", engine: "unix:///a", position: Scenario.nowhere)],
                instances: [instance(Self.owner, owner), instance(Self.sharer, sharer)], networks: [], volumes: [])
            let plan = Planner().plan(Scenario.pin(desired), over: World(hosts: ["a"]).observed)
            #expect(plan.hazards.count == count, "\(mode ?? "default")")
        }
    }

    /// A task that comes before everything else, and what it waits for.
    private func withTask(_ desired: PinnedDesired, waitsFor sharer: Bool, shares owner: Bool) -> PinnedDesired {
        var spec = ContainerSpec(image: Scenario.image("task", 1))
        if owner { spec.sharing.network = .instance(Self.owner) }
        var task = DesiredInstance(
            host: "a", address: InstanceAddress("migrate", slot: 1), spec: spec,
            dependencies: sharer ? [Dependency(Self.sharer.service)] : [], isJob: true, position: Scenario.nowhere)
        task.task = TaskPolicy(.before)
        return Scenario.pin(
            Desired(
                environment: "test", application: "app", hosts: desired.hosts,
                instances: desired.instances.map(\.instance) + [task], networks: [], volumes: []))
    }

    @Test(arguments: [(true, false), (false, true)])
    func `what a task before the others needs comes with the replacement that it hangs on`(
        waitsForSharer: Bool, sharesOwner: Bool
    ) throws {
        var world = World(hosts: ["a"])
        try run(Planner().plan(desired(sharer: nil), over: world.observed), in: &world)
        let wanted = withTask(desired(owner: 2), waitsFor: waitsForSharer, shares: sharesOwner)
        let plan = Planner().plan(wanted, over: world.observed)
        try run(plan, in: &world)
        let made = plan.steps.compactMap { step in
            if case .createContainer = step.action { step.instance?.service } else { nil }
        }
        #expect(made.first == "web" && made.contains("side") && made.contains("migrate"))
    }
}
