import DockerAPI
import RecastHosts
import RecastModel
import RecastTesting
import Testing

/// An engine that stops answering in the middle of an apply.
@Suite struct PulseTests {
    private func with(_ body: @Sendable (SimulatedEngine, EngineHost) async throws -> Void) async throws {
        var configuration = EngineConfiguration.engine20
        configuration.registry["shop/it:1"] = .program("1")
        configuration.preloaded = ["shop/it:1"]
        try await withSimulatedEngine(configuration) { engine in
            try await EngineNetwork.withNetwork(longestCall: .seconds(15)) { network in
                let client = EngineClient(try await .connect(to: .unix(path: engine.path), over: network))
                var config = ContainerConfig()
                config.Image = "shop/it:1"
                _ = try await client.createContainer(
                    named: "web", ContainerCreate(config: config, hostConfig: HostConfig()))
                engine.inject(.hang, at: .route("POST /containers/*/start", 1))
                let host = EngineHost(client, environment: "test", application: "shop", toolVersion: "test")
                await #expect(throws: StepFailure.self) { try await start(host) }
                try await body(engine, host)
            }
        }
    }

    private func start(_ host: EngineHost) async throws {
        try await host.perform(.start(container: .name("web"))) { _ in }
    }

    @Test func `a step after that is not waited for as long`() async throws {
        try await with { engine, host in
            engine.inject(.hang, at: .route("GET /_ping", 1))
            let failure = await #expect(throws: StepFailure.self) { try await start(host) }
            #expect(failure?.message.hasPrefix("the engine does not answer any more: ") == true)
            #expect(engine.requests.count { $0.route == "POST /containers/*/start" } == 1)
        }
    }

    @Test func `one that answers again is asked as before`() async throws {
        try await with { engine, host in
            try await start(host)
            try await start(host)
            #expect(engine.requests.count { $0.route == "GET /_ping" } == 1)
        }
    }
}
