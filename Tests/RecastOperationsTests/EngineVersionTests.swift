import DockerAPI
import RecastHosts
import RecastModel
import RecastOperations
import RecastTesting
import Testing

/// The same on every engine that is spoken to.
@Suite struct EngineVersionTests {
    static let engines: [EngineConfiguration] = [.engine20, .engine24, .engine26, .engine28, .engine29]

    @Test(arguments: engines.indices)
    func `a second plan is empty, and stays so after a restart and an upgrade of the daemon`(index: Int) async throws {
        try await withSimulatedEngine(Self.engines[index]) { engine in
            let shop = Shop(engine: engine)
            try await shop.mustApply(version: 1)
            #expect(try await shop.operations(version: 1).plan().plan.changes == [])
            engine.restartDaemon()
            try await expectAtMostStarts(shop)
            for later in Self.engines[index...].dropFirst() {
                engine.restartDaemon(upgradingTo: later)
                try await expectAtMostStarts(shop)
            }
        }
    }

    /// A container without a restart policy stays down; what a restart must not do is change a definition.
    private func expectAtMostStarts(_ shop: Shop) async throws {
        let plan = try await shop.operations(version: 1).plan().plan
        let others = plan.changes.filter { $0.action != .start }
        #expect(others == [])
        try await shop.mustApply(version: 1)
        #expect(try await shop.operations(version: 1).plan().plan.changes == [])
    }

    @Test(arguments: engines.indices)
    func `a replacement works and nothing is left over`(index: Int) async throws {
        try await withSimulatedEngine(Self.engines[index]) { engine in
            let shop = Shop(engine: engine)
            try await shop.mustApply(version: 1)
            try await shop.mustApply(version: 2)
            #expect(engine.servingCount == 2)
            #expect(engine.runningCount == 2)
            #expect(engine.snapshot.portClashes == 0 && engine.snapshot.writerClashes == 0)
        }
    }

    @Test(arguments: engines.indices)
    func `what an engine made of any definition is no difference`(index: Int) async throws {
        try await withSimulatedEngine(Self.engines[index]) { engine in
            try await EngineNetwork.withNetwork { network in
                let reader = try await EngineReader.connect(to: .unix(path: engine.path), over: network)
                let client = EngineClient(reader)
                for name in ["shop/base", "shop/rich"] { try await client.pull(name, version: "1") { _ in } }
                let images = ["shop/base:1", "shop/rich:1"].compactMap { ImageReference($0) }
                var config = ContainerConfig()
                config.Image = "shop/base:1"
                _ = try await client.createContainer(
                    named: "owner", ContainerCreate(config: config, hostConfig: HostConfig()))
                let generator = SpecGenerator(images: images, owner: "owner", api: EngineFacts(reader).api)
                var made = 0
                for seed in UInt64(0)..<150 where try await create(seed, generator, client) {
                    made += 1
                }
                #expect(made > 75)
            }
        }
    }

    /// Whether the engine accepted the definition.
    private func create(_ seed: UInt64, _ generator: SpecGenerator, _ client: EngineClient) async throws -> Bool {
        var random = SeededGenerator(seed: seed)
        let spec = generator.spec(using: &random)
        let identity = InstanceLabels(
            environment: "trial", application: "trial", address: InstanceAddress("trial", slot: 1),
            specHash: "v1:sha256:0", image: "trial", imageDigest: "")
        let creation = ContainerCreation(
            name: "trial-\(seed)", spec: spec, identity: identity,
            endpointsAtCreate: spec.networking.endpoints.count)
        let host = EngineHost(client, environment: "trial", application: "trial", toolVersion: "test")
        do {
            try await host.perform(.createContainer(creation), progress: { _ in })
            return true
        } catch let failure as StepFailure {
            #expect(failure.details.isEmpty, "seed \(seed): \(failure.details)")
            return false
        }
    }
}
