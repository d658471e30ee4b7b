import DockerAPI
import RecastExecutor
import RecastHosts
import RecastModel
import RecastPlanner
import RecastTesting
import Testing

extension FleetTests {
    /// Random definitions made by a real engine and read back: what was asked for is what is there, and any change of
    /// a field is seen.
    @Suite struct ComparisonProperties {
        @Test func `what an engine made of any definition is no difference, and a changed field is one`() async throws {
            try await TestFleet.current.withEngine("h1") { engine in
                let images = try await pulled(["shop/base:1", "shop/rich:1"], on: engine)
                let trial = Trial(engine: engine, generator: SpecGenerator(images: images))
                var made = 0
                for seed in UInt64(0)..<200 where try await trial.run(seed) { made += 1 }
                #expect(made > 100, "only \(made) definitions were accepted by the engine")
            }
        }

        private func pulled(_ names: [String], on engine: EngineClient) async throws -> [ImageReference] {
            var images: [ImageReference] = []
            for name in names {
                let tag = try #require(ImageReference("\(TestFleet.current.registry)/\(name)"))
                let digest = try await engine.reader.distribution(tag.short).Descriptor.digest
                images.append(tag.pinned(to: digest))
                try await engine.pull(tag.familiarRepository, version: digest) { _ in }
            }
            return images
        }
    }
}

private struct Trial {
    let engine: EngineClient
    let generator: SpecGenerator

    /// Whether the engine accepted the definition.
    func run(_ seed: UInt64) async throws -> Bool {
        var random = SeededGenerator(seed: seed)
        let spec = generator.spec(using: &random)
        let name = "trial-\(seed)"
        let creation = ContainerCreation(
            name: name, spec: spec, identity: identity, endpointsAtCreate: spec.networking.endpoints.count)
        let host = EngineHost(engine, environment: "trial", application: "trial", toolVersion: "test")
        do {
            // Reads the container back and compares it in full.
            try await host.perform(.createContainer(creation), progress: { _ in })
        } catch let failure as StepFailure {
            if failure.details.isEmpty { return false }
            Issue.record("seed \(seed): \(failure.details)")
        }
        try await expectChangesAreSeen(of: spec, in: name, seed, &random)
        try await engine.removeContainer(name)
        return true
    }

    private func expectChangesAreSeen(
        of spec: ContainerSpec, in name: String, _ seed: UInt64, _ random: inout SeededGenerator
    ) async throws {
        let live = try #require(ObservedContainer(try await engine.reader.container(name)))
        let image = try #require(try await engine.reader.image(live.imageID).map(ObservedImage.init))
        let networks = try await engine.reader.networks().map(ObservedNetwork.init)
        let api = APIVersion(engine.reader.api.major, engine.reader.api.minor)
        for _ in 0..<10 {
            let changed = generator.mutated(spec, using: &random)
            let found = Comparison.differences(
                expected: Comparison.expected(changed, image: image.configuration, api: api),
                live: Comparison.live(live, networks: networks))
            #expect(!found.isEmpty, "seed \(seed): \(changed.fields.canonicalText)")
        }
    }

    private var identity: InstanceLabels {
        InstanceLabels(
            environment: "trial", application: "trial", address: InstanceAddress("trial", slot: 1),
            specHash: "v1:sha256:0", image: "trial", imageDigest: "")
    }
}
