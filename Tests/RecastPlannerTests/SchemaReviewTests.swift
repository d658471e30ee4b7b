import RecastModel
import RecastPlanner
import RecastTesting
import Testing

/// Programs and the versions of the databases that they find.
@Suite struct SchemaReviewTests {
    private struct Stack {
        var web: SchemaPolicy?
        var webImage = "web:1"
        var head: Int?
        var time = TaskTime.before
        var onFailure = RolloutPolicy.FailureAction.pause
    }

    private func desired(_ stack: Stack) throws -> PinnedDesired {
        let digest = "sha256:" + String(repeating: stack.webImage.last ?? "0", count: 64)
        let image = try #require(ImageReference(stack.webImage)).pinned(to: digest)
        var web = DesiredInstance(
            host: "a", address: InstanceAddress("web", slot: 1), spec: ContainerSpec(image: image),
            position: Scenario.nowhere)
        web.schema = stack.web
        web.rollout.failureAction = stack.onFailure
        var migrate = DesiredInstance(
            host: "b", address: InstanceAddress("migrate", slot: 1), spec: ContainerSpec(image: image), isJob: true,
            position: Scenario.nowhere)
        (migrate.task, migrate.schema) = (TaskPolicy(stack.time), stack.head.map { SchemaPolicy(head: $0) })
        migrate.spec.restart = .never
        let desired = Desired(
            environment: "test", application: "app",
            hosts: ["a", "b"].map { HostDefinition(name: $0, engine: "unix:///\($0)", position: Scenario.nowhere) },
            instances: [web] + (stack.head == nil ? [] : [migrate]), networks: [], volumes: [])
        return Scenario.pin(desired)
    }

    /// Where `stack` runs, and a release recorded these versions.
    private func observed(_ stack: Stack, _ schemas: [String: Int] = [:]) throws -> Observed {
        var world = World(hosts: ["a", "b"])
        for step in Planner().plan(try desired(stack), over: world.observed).steps { try world.apply(step) }
        var record = ReleaseRecord(
            number: 1, name: "r", origin: ReleaseOrigin(actor: "ana", toolVersion: "1"), began: 1, outcome: .done,
            services: [:])
        record.schemas = schemas.mapValues { SchemaMark(version: $0, release: 1) }
        var observed = world.observed
        var state = try #require(observed.hosts["b"]?.state)
        state.latestRelease = record
        observed.hosts["b"] = .reached(state)
        return observed
    }

    private func web(_ works: ClosedRange<Int>) -> SchemaPolicy { SchemaPolicy(works: works) }

    @Test func `an older build is not put beside what a migration made`() throws {
        let observed = try observed(Stack(web: web(42...44), webImage: "web:2"), ["main": 44])
        let older = try desired(Stack(web: web(41...43)))
        let plan = Planner().plan(older, over: observed)
        #expect(plan.hazards.map(\.kind) == [.schemaDiffers])
        #expect(plan.hazards.first?.detail == "it works with 41-43 of schema 'main', which a release brought to 44")
        let accepted = Planner().plan(older, over: observed, accepted: [Acceptance(.schema, "main")])
        #expect(accepted.isApplicable && accepted.forgottenSchemas == ["main"])
    }

    @Test(arguments: [(42...44, true), (44...Int.max, true), (45...46, false), (41...43, false)])
    func `a build is deployed with the migration that it needs`(works: ClosedRange<Int>, fits: Bool) throws {
        let after = Stack(web: web(works), webImage: "web:2", head: 44)
        let plan = Planner().plan(try desired(after), over: try observed(Stack(), ["main": 43]))
        #expect(plan.isApplicable == fits)
        #expect(plan.schemas == ["main": 44])
    }

    @Test func `a migration does not pass a build that stays`() throws {
        let before = try observed(Stack(web: web(42...43), head: 43), ["main": 43])
        let after = Stack(web: web(43...44), webImage: "web:2", head: 44)
        let narrow = Planner().plan(try desired(after), over: before, scope: .init(services: ["migrate"]))
        #expect(narrow.hazards.map(\.kind) == [.schemaDiffers])
        #expect(
            narrow.hazards.first?.detail
                == "what runs works with 42-43 of schema 'main', which this plan brings to 44")
        #expect(Planner().plan(try desired(after), over: before).isApplicable)
        let whole = Planner().plan(try desired(Stack(web: web(42...43), webImage: "web:2", head: 44)), over: before)
        #expect(whole.hazards.first?.detail.hasSuffix("which this plan brings to 44") == true)
    }

    @Test func `a build that is started before the migration that it needs is refused`() throws {
        let before = try observed(Stack(web: web(42...43), head: 43), ["main": 43])
        for (works, fits) in [(44...44, false), (43...44, true)] {
            let after = Stack(web: web(works), webImage: "web:2", head: 44, time: .after)
            #expect(Planner().plan(try desired(after), over: before).isApplicable == fits)
        }
    }

    @Test func `what runs and is not touched stops nothing, and is told`() throws {
        let stack = Stack(web: web(41...43))
        let plan = Planner().plan(try desired(stack), over: try observed(stack, ["main": 44]))
        #expect(plan.isApplicable)
        let unfit = Stranding(service: "web", schema: "main", works: 41...43, version: 44)
        #expect(plan.hosts.flatMap(\.notices) == [.unfit(unfit)])
    }

    @Test(arguments: [true, false])
    func `a migration that still runs is not taken away in silence`(runs: Bool) throws {
        var observed = try observed(Stack(web: web(42...44), head: 44), ["main": 43])
        var state = try #require(observed.hosts["b"]?.state)
        for index in state.containers.indices { state.containers[index].state = runs ? .running : .exited }
        observed.hosts["b"] = .reached(state)
        let plan = Planner().plan(try desired(Stack(web: web(42...44))), over: observed)
        #expect(plan.changes.map(\.action) == [.remove])
        let notice = Notice.migrating(InstanceAddress("migrate", slot: 1), SchemaPolicy(head: 44))
        #expect(plan.hosts.flatMap(\.notices) == (runs ? [notice] : []))
    }

    @Test func `what is accepted for nothing is told`() throws {
        let observed = try observed(Stack(web: web(42...44), webImage: "web:2"), ["main": 44])
        let accepted: Set = [Acceptance(.schema, "mian"), Acceptance(.schema, "main")]
        let plan = Planner().plan(try desired(Stack(web: web(41...43))), over: observed, accepted: accepted)
        #expect(plan.isApplicable && plan.unusedAcceptances == [Acceptance(.schema, "mian")])
    }

    @Test func `what hosts that were left out know is said not to be known`() throws {
        let before = try observed(Stack(web: web(42...43), head: 43), ["main": 43])
        var seen = before
        seen.hosts["b"] = nil
        let after = try desired(Stack(web: web(1...1), webImage: "web:2", head: 43))
        let plan = Planner().plan(after, over: seen, scope: .init(hosts: ["a"]))
        #expect(plan.hosts.flatMap(\.notices) == [.schemaUnseen("main", hosts: 1)])
    }

    @Test func `of what several hosts recorded, each database's latest counts`() throws {
        var observed = Observed(hosts: [:])
        for (host, number, marks) in [
            ("a", 3, ["users": SchemaMark(version: 3, release: 3), "orders": SchemaMark(version: 10, release: 1)]),
            ("b", 4, ["users": SchemaMark(version: 2, release: 2), "orders": SchemaMark(version: nil, release: 4)]),
        ] as [(HostName, Int, [String: SchemaMark])] {
            var record = ReleaseRecord(
                number: number, name: "\(number)", origin: ReleaseOrigin(actor: "ana", toolVersion: "1"), began: 1,
                services: [:])
            record.schemas = marks
            var state = HostState(engine: EngineFacts(version: "20.10.24", api: APIVersion(1, 41)))
            state.latestRelease = record
            observed.hosts[host] = .reached(state)
        }
        #expect(observed.schemas.mapValues(\.version) == ["users": 3, "orders": nil])
    }

    @Test func `a database of which nothing is known is in nobody's way`() throws {
        let plan = Planner().plan(try desired(Stack(web: web(41...43))), over: World(hosts: ["a", "b"]).observed)
        #expect(plan.isApplicable && plan.schemas.isEmpty)
    }

    @Test(arguments: [(42...43, true), (42...44, false)])
    func `nothing goes back by itself past a migration`(works: ClosedRange<Int>, isStranded: Bool) throws {
        let before = try observed(Stack(web: web(works), onFailure: .rollback), ["main": 43])
        let after = Stack(web: web(42...44), webImage: "web:2", head: 44, onFailure: .rollback)
        let plan = Planner().plan(try desired(after), over: before)
        let stranded = Stranding(service: "web", schema: "main", works: works, version: 44)
        #expect(plan.isApplicable)
        #expect(plan.hosts.flatMap(\.notices).contains(.stranded(stranded)) == isStranded)
        let actions = Set(plan.rollouts.filter { $0.service == "web" }.map(\.policy.failureAction))
        #expect(actions == [isStranded ? .pause : .rollback])
    }

    @Test(arguments: [
        ("44", 44...44), ("42-44", 42...44), ("42-", 42...Int.max), ("0", 0...0), ("44-42", nil), ("", nil), ("-", nil),
        ("-3", nil), ("1-2-3", nil), ("0044", nil), ("042-44", nil), ("v1", nil), ("42 - 44", nil),
        ("9999999999999999999999", nil),
    ])
    func `versions are written as one, from one to one, or from one on`(text: String, versions: ClosedRange<Int>?) {
        #expect(SchemaPolicy.versions(text) == versions)
        guard let versions else { return }
        #expect(SchemaPolicy.text(versions) == text)
        for policy in [
            SchemaPolicy(name: "orders", works: versions), SchemaPolicy(name: "orders", works: versions, head: 7),
            SchemaPolicy(name: "orders", head: 7),
        ] {
            #expect(policy.recorded.flatMap { SchemaPolicy(recorded: $0) } == policy)
        }
    }
}
