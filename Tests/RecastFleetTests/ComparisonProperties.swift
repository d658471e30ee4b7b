import DockerAPI
import Foundation
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
        /// How many definitions; `RECAST_SPECS` asks for more.
        private static let count = ProcessInfo.processInfo.environment["RECAST_SPECS"].flatMap { UInt64($0) } ?? 300

        @Test func `what an engine made of any definition is no difference, and a changed field is one`() async throws {
            try await TestFleet.current.withEngine("h1") { engine in
                let images = try await pulled(["shop/base:1", "shop/rich:1"], on: engine)
                let networks = ["trial-one", "trial-two"]
                for network in networks { _ = try await engine.createNetwork(Network(Name: network)) }
                let facts = EngineFacts(engine.reader)
                let owner = facts.product == .docker ? "trial-owner" : nil
                var trial = Trial(
                    engine: engine,
                    generator: SpecGenerator(images: images, networks: networks, owner: owner, api: facts.api))
                if let owner { try await trial.makeOwner(owner, of: images[0]) }
                for seed in 0..<Self.count { try await trial.run(seed) }
                if let owner { try await engine.removeContainer(owner) }
                for network in networks { try await engine.removeNetwork(network) }
                print(trial.summary)
                #expect(trial.made > Self.count / 2, "\(trial.summary)")
                #expect(trial.falseDifferences == 0 && trial.edits == trial.editsSeen, "\(trial.summary)")
            }
        }

        private func pulled(_ names: [String], on engine: EngineClient) async throws -> [ImageReference] {
            var images: [ImageReference] = []
            for name in names {
                let tag = try #require(ImageReference("\(TestFleet.current.registry)/\(name)"))
                let digest = try await TestFleet.current.digest(of: name)
                images.append(tag.pinned(to: digest))
                try await engine.pull(tag.familiarRepository, version: digest) { _ in }
            }
            return images
        }
    }
}

/// One definition after the other, and what came of them.
private struct Trial {
    let engine: EngineClient
    let generator: SpecGenerator
    private var context = Comparison.Context()
    private(set) var made: UInt64 = 0
    private(set) var refused = 0
    private(set) var falseDifferences = 0
    private(set) var edits = 0
    private(set) var editsSeen = 0

    init(engine: EngineClient, generator: SpecGenerator) {
        self.engine = engine
        self.generator = generator
    }

    private var facts: EngineFacts { EngineFacts(engine.reader) }

    var summary: String {
        "\(facts.product) \(facts.version), API \(facts.api): \(made) made, \(refused) refused, "
            + "\(falseDifferences) with false differences, \(editsSeen) of \(edits) edits seen"
    }

    /// A container that others may hang on.
    mutating func makeOwner(_ name: String, of image: ImageReference) async throws {
        var config = ContainerConfig()
        config.Image = image.exact
        config.Cmd = ["sleep", "9"]
        let body = ContainerCreate(config: config, hostConfig: HostConfig())
        context.owners[.container(name)] = try await engine.createContainer(named: name, body).Id
    }

    mutating func run(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        var spec = generator.spec(using: &random)
        // Podman cannot take a variable of the image away, and a plan says so.
        if facts.product == .podman { spec.environment = spec.environment.filter { $0.value != nil } }
        let name = "trial-\(seed)"
        guard try await make(spec, name, seed) else {
            refused += 1
            try await remove(name)
            return
        }
        made += 1
        let live = try #require(ObservedContainer(try await engine.reader.container(name)))
        let image = try #require(try await engine.reader.image(live.imageID).map(ObservedImage.init))
        let networks = try await engine.reader.networks().map(ObservedNetwork.init)
        context.platform = image.platform
        let look = { [facts, context] (spec: ContainerSpec) in
            Comparison.differences(
                expected: Comparison.expected(spec, image: image.configuration, on: facts),
                live: Comparison.live(live, networks: networks, on: facts, context), on: facts)
        }
        let found = look(spec)
        if !found.isEmpty { falseDifferences += 1 }
        #expect(found.isEmpty, "seed \(seed)")
        // Podman does not give every field back: what it keeps to itself shows in the recorded hash.
        for _ in 0..<(facts.product == .podman ? 0 : 10) {
            let changed = generator.mutated(spec, using: &random)
            let isSeen = !look(changed).isEmpty
            edits += 1
            editsSeen += isSeen ? 1 : 0
            #expect(isSeen, "seed \(seed): \(changed.fields.canonicalText)")
        }
        try await remove(name)
    }

    /// With the volumes that were made for it: Recast never removes any, and Podman has room for two thousand.
    private func remove(_ name: String) async throws {
        let url = "http://engine/v1.41/containers/\(name)?force=1&v=1"
        let socket = TestFleet.current.socket("h1")
        _ = try await Command("/usr/bin/curl", ["-s", "--unix-socket", socket, "-X", "DELETE", url]).run()
    }

    /// Whether the engine accepted the definition.
    private func make(_ spec: ContainerSpec, _ name: String, _ seed: UInt64) async throws -> Bool {
        let endpoints = spec.networking.endpoints
        let atCreate = facts.api >= APIVersion(1, 44) ? endpoints.count : min(endpoints.count, 1)
        let identity = InstanceLabels(
            environment: "trial", application: "trial", address: InstanceAddress("trial", slot: 1),
            specHash: "v1:sha256:0", image: "trial", imageDigest: "")
        let creation = ContainerCreation(name: name, spec: spec, identity: identity, endpointsAtCreate: atCreate)
        let host = EngineHost(engine, environment: "trial", application: "trial", toolVersion: "test")
        do {
            // Reads the container back and compares it in full.
            try await host.perform(.createContainer(creation), progress: { _ in })
            for endpoint in endpoints.dropFirst(atCreate) {
                try await host.perform(.connect(container: .name(name), endpoint), progress: { _ in })
            }
        } catch let failure as StepFailure {
            #expect(failure.details.isEmpty, "seed \(seed)")
            return !failure.details.isEmpty
        }
        return true
    }
}
