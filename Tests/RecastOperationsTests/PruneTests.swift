import RecastExecutor
import RecastModel
import RecastPlanner
import RecastTesting
import Testing

@testable import RecastOperations

/// What becomes too much, and that nothing else is touched.
@Suite(.timeLimit(.minutes(5))) struct PruneTests {
    private static let web = InstanceAddress("web", slot: 1)

    private func container(
        _ id: String, name: String, _ address: InstanceAddress = Self.web,
        _ state: ObservedContainer.RunState = .exited, finished: String
    ) throws -> ObservedContainer {
        let identity = InstanceLabels(
            environment: "test", application: "shop", address: address, specHash: "v1:sha256:0a1b2c3d",
            image: "shop/base:1", imageDigest: "")
        var container = ObservedContainer(
            id: id, name: name, identity: identity,
            spec: ContainerSpec(image: try #require(ImageReference("shop/base:1"))), imageID: "sha256:1", state: state)
        container.finishedAt = finished
        return container
    }

    private func retained(
        _ id: String, _ address: InstanceAddress = Self.web, _ state: ObservedContainer.RunState = .exited,
        finished: String
    ) throws -> ObservedContainer {
        try container(
            id, name: InstanceName.retained("test-shop-\(address.service)-\(address.slot)-0a1b2c3d", id: id), address,
            state, finished: finished)
    }

    private func plan(
        _ containers: [ObservedContainer], scope: Planner.Scope = Planner.Scope(), services: [ServiceName] = ["web"]
    ) throws -> Plan {
        let image = try #require(ImageReference("shop/base:1"))
        let desired = Desired(
            environment: "test", application: "shop",
            hosts: [
                HostDefinition(name: "h1", engine: "unix:///x", position: Shop.nowhere),
                HostDefinition(name: "h2", engine: "unix:///y", position: Shop.nowhere),
            ],
            instances: services.map { service in
                DesiredInstance(
                    host: "h1", address: InstanceAddress(service, slot: 1), spec: ContainerSpec(image: image),
                    position: Shop.nowhere)
            }, networks: [], volumes: [])
        var state = HostState(engine: EngineFacts(version: "28", api: APIVersion(1, 51)))
        state.containers = containers
        let observed = Observed(hosts: ["h1": .reached(state), "h2": .unreachable("no answer")])
        return Pruning.plan(desired, over: observed, scope: scope)
    }

    @Test func `files go with the predecessor that had them, unless another container needs them`() throws {
        var containers: [ObservedContainer] = []
        for (digit, volume) in [("1", "gone"), ("2", "shared"), ("3", "shared")] {
            var old = try retained(String(repeating: digit, count: 12), finished: "2026-01-0\(digit)T00:00:00Z")
            old.spec.fileRecord.volume = volume
            containers.append(old)
        }
        let steps = try plan(containers).steps
        let removals = steps.filter { if case .remove = $0.action { true } else { false } }.map(\.id)
        let volumes = steps.filter { if case .removeFileVolume = $0.action { true } else { false } }
        #expect(removals.count == 2)
        #expect(volumes.map(\.action) == [.removeFileVolume(name: "gone")])
        #expect(volumes.map(\.after) == [removals])
    }

    private func removed(_ plan: Plan) -> [String] {
        plan.steps.compactMap { step in
            if case .remove(.id(let id, _)) = step.action { id } else { nil }
        }
    }

    @Test func `of each slot the predecessor that stopped last stays`() throws {
        let two = InstanceAddress("web", slot: 2)
        let containers = [
            try retained("aaaa", finished: "2026-01-03T00:00:00Z"),
            try retained("bbbb", finished: "2026-01-01T00:00:00Z"),
            try retained("cccc", finished: "2026-01-02T00:00:00Z"),
            try retained("dddd", two, finished: "2025-01-01T00:00:00Z"),
        ]
        #expect(removed(try plan(containers)) == ["bbbb", "cccc"])
        #expect(removed(try plan(containers.reversed())) == ["bbbb", "cccc"])
    }

    @Test(arguments: [ObservedContainer.RunState.running, .paused, .restarting, .removing])
    func `what is up is no predecessor, whatever its name`(state: ObservedContainer.RunState) throws {
        let containers = [
            try retained("aaaa", Self.web, state, finished: "2026-01-01T00:00:00Z"),
            try retained("bbbb", finished: "2026-01-02T00:00:00Z"),
        ]
        #expect(removed(try plan(containers)).isEmpty)
    }

    @Test func `a stopped container of another name is left alone`() throws {
        let containers = try ["aaaa", "bbbb"].map { id in
            try container(id, name: "test-shop-web-1-0a1b2c3d-old-\(id)", finished: "2026-01-01T00:00:00Z")
        }
        #expect(removed(try plan(containers)).isEmpty)
    }

    @Test func `images are looked through once for each repository, where its services are`() throws {
        let plan = try plan([], services: ["api", "web"])
        #expect(
            plan.steps.map(\.action) == [.pruneImages(repository: "docker.io/shop/base", keep: Pruning.imagesKept)])
        #expect(plan.steps.map(\.host) == ["h1"])
        #expect(plan.unreachable == ["h2"])
    }

    @Test func `a scope narrows it`() throws {
        let containers = try ["api", "web"].flatMap { service in
            try ["1", "2"].map { number in
                try retained(
                    service + number, InstanceAddress(ServiceName(service), slot: 1),
                    finished: "2026-01-0\(number)T00:00:00Z")
            }
        }
        let narrow = Planner.Scope(services: ["api"], hosts: [])
        #expect(removed(try plan(containers, scope: narrow, services: ["api", "web"])) == ["api1"])
        #expect(try plan(containers, scope: Planner.Scope(services: [], hosts: ["h2"])).steps.isEmpty)
    }

    // MARK: On an engine

    /// Two stopped predecessors of `front` beside what runs, and a foreign container of such a name.
    private func withPredecessors(_ engine: SimulatedEngine) async throws -> Shop {
        let shop = Shop(engine: engine)
        try await shop.mustApply(version: 1)
        let identity = InstanceLabels(
            environment: "test", application: "shop", address: InstanceAddress("front", slot: 1),
            specHash: "v1:sha256:0a1b2c3d", image: "shop/base:1", imageDigest: "")
        for id in ["11111111", "22222222"] {
            let name = InstanceName.retained("test-shop-front-1-0a1b2c3d", id: id)
            let labels = identity.labels(toolVersion: "test").mapValues { JSON.string($0) }
            try engine.addForeignContainer(name, ["Image": "shop/base:1", "Labels": .object(labels)])
            try engine.kill(name)
        }
        try engine.addForeignContainer("other-previous-33333333")
        try engine.kill("other-previous-33333333")
        return shop
    }

    @Test func `the older predecessor is removed, and nothing else`() async throws {
        try await withSimulatedEngine { engine in
            let shop = try await withPredecessors(engine)
            let before = Set(engine.snapshot.containers.map(\.name))
            var removed: [String] = []
            _ = try await shop.operations(version: 1).prune(limits: Schedule.Limits(), confirm: { _ in true }) {
                event in
                if case .succeeded(let step, _) = event, case .remove(let handle) = step.action {
                    removed.append(handle.displayName)
                }
            }
            #expect(removed == ["test-shop-front-1-0a1b2c3d-previous-11111111"])
            #expect(before.subtracting(engine.snapshot.containers.map(\.name)) == Set(removed))
        }
    }

    @Test func `an answer of no removes nothing`() async throws {
        try await withSimulatedEngine { engine in
            let shop = try await withPredecessors(engine)
            let count = engine.snapshot.containers.count
            let outcome = try await shop.operations(version: 1)
                .prune(limits: Schedule.Limits(), confirm: { _ in false }, emit: { _ in })
            #expect(outcome == nil)
            #expect(engine.snapshot.containers.count == count)
        }
    }

    @Test func `a predecessor that runs again meanwhile stops the prune`() async throws {
        try await withSimulatedEngine { engine in
            let shop = try await withPredecessors(engine)
            let count = engine.snapshot.containers.count
            await #expect(throws: Operations.Refusal.self) {
                try await shop.operations(version: 1).prune(
                    limits: Schedule.Limits(),
                    confirm: { _ in
                        try engine.start("test-shop-front-1-0a1b2c3d-previous-11111111")
                        return true
                    }, emit: { _ in })
            }
            #expect(engine.snapshot.containers.count == count)
        }
    }
}
