import DockerAPI
import RecastExecutor
import RecastHosts
import RecastModel
import RecastTesting
import Testing

/// Whoever asks for a start may not know of what else runs.
@Suite struct OneWriterTests {
    private func with(
        _ body: @Sendable (SimulatedEngine, EngineClient, EngineHost) async throws -> Void
    ) async throws {
        var configuration = EngineConfiguration.engine20
        configuration.preloaded = ["shop/web:1"]
        try await withSimulatedEngine(configuration) { engine in
            try await EngineNetwork.withNetwork { network in
                let client = EngineClient(try await .connect(to: .unix(path: engine.path), over: network))
                try await body(
                    engine, client,
                    EngineHost(client, environment: "test", application: "shop", toolVersion: "0.1.0"))
            }
        }
    }

    private func create(_ name: String, _ bind: String, _ client: EngineClient) async throws {
        var config = ContainerConfig()
        config.Image = "shop/web:1"
        var hostConfig = HostConfig()
        hostConfig.Binds = [bind]
        _ = try await client.createContainer(named: name, ContainerCreate(config: config, hostConfig: hostConfig))
    }

    private func isRunning(_ name: String, _ client: EngineClient) async throws -> Bool {
        try await client.reader.container(name).State?.Status == "running"
    }

    @Test func `a container does not start beside another that may write to its volume`() async throws {
        try await with { _, client, host in
            try await create("one", "data:/data", client)
            try await create("two", "data:/data", client)
            try await host.perform(.start(container: .name("one"))) { _ in }
            let failure = await #expect(throws: StepFailure.self) {
                try await host.perform(.start(container: .name("two"))) { _ in }
            }
            #expect(failure?.message == "one runs with volume data, and may write to it; two must not")
            #expect(try await !isRunning("two", client))
            // Twice is as good as once.
            try await host.perform(.start(container: .name("one"))) { _ in }
        }
    }

    @Test func `one that only reads is no writer, and a shared volume has several`() async throws {
        try await with { _, client, host in
            try await create("reader", "data:/data:ro", client)
            try await create("one", "data:/data", client)
            try await create("two", "data:/data", client)
            try await host.perform(.start(container: .name("reader"))) { _ in }
            try await host.perform(.start(container: .name("one"))) { _ in }
            var sharing = host
            sharing.sharedVolumes = ["data"]
            try await sharing.perform(.start(container: .name("two"))) { _ in }
            #expect(try await isRunning("two", client))
        }
    }
}
