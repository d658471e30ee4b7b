import DockerAPI
import RecastTesting
import Testing

/// Makes and starts a container of an image of the simulated registry.
private func run(
    _ name: String, _ image: String, on client: EngineClient, _ change: (inout HostConfig) -> Void = { _ in }
) async throws {
    let halves = image.split(separator: ":").map(String.init)
    try await client.pull(halves[0], version: halves[1]) { _ in }
    var config = ContainerConfig()
    config.Image = image
    var host = HostConfig()
    change(&host)
    _ = try await client.createContainer(named: name, ContainerCreate(config: config, hostConfig: host))
    try await client.start(name)
}

@Suite struct BehaviourTests {
    /// An engine whose time moves by hand.
    private func withClock(
        _ configuration: EngineConfiguration = .engine20,
        _ body: (TestClock, SimulatedEngine, EngineClient) async throws -> Void
    ) async throws {
        let clock = TestClock()
        try await withSimulatedEngine(configuration, clock: clock) { engine in
            try await withReader(of: engine) { try await body(clock, engine, EngineClient($0)) }
        }
    }

    @Test func `health follows the image`() async throws {
        try await withClock { clock, engine, client in
            try await run("slow", "shop/web:slow", on: client)
            try await run("ill", "shop/web:unhealthy", on: client)
            #expect(engine.snapshot.containers.map(\.health) == ["starting", "starting"])
            clock.advance(by: .milliseconds(100))
            #expect(engine.snapshot["slow"]?.health == "healthy")
            #expect(engine.snapshot["ill"]?.health == "unhealthy")
        }
    }

    @Test func `a container that completes has ended with 0`() async throws {
        try await withClock { _, engine, client in
            try await run("task", "shop/task:1", on: client)
            let state = try await client.reader.container("task").State
            #expect(state?.Status == "exited")
            #expect(state?.ExitCode == 0)
            #expect(engine.snapshot["task"]?.restartCount == 0)
        }
    }

    @Test func `a restart policy starts again, later each time, until its limit`() async throws {
        try await withClock { clock, engine, client in
            try await run("web", "shop/web:crash", on: client) {
                $0.RestartPolicy = .init(Name: "on-failure", MaximumRetryCount: 2)
            }
            #expect(engine.snapshot["web"]?.status == "restarting")
            clock.advance(by: .milliseconds(20))
            #expect(engine.snapshot["web"]?.restartCount == 2)
            clock.advance(by: .milliseconds(40))
            #expect(engine.snapshot["web"]?.status == "exited")
            #expect(try await client.reader.container("web").State?.ExitCode == 3)
        }
    }

    @Test func `a start that fails says why and keeps the error`() async throws {
        try await withClock { _, _, client in
            let error = try await engineError { try await run("web", "shop/web:noexec", on: client) }
            #expect(error?.status == 400)
            #expect(error?.message.contains("exec: \"/app/missing\"") == true)
            let state = try await client.reader.container("web").State
            #expect(state?.Status == "created")
            #expect(state?.ExitCode == 127)
            #expect(state?.Error == error?.message)
        }
    }

    @Test func `a container that does not end in its grace period is killed`() async throws {
        var configuration = EngineConfiguration.engine20
        configuration.registry["shop/worker:1"]?.stopDelay = .seconds(60)
        try await withClock(configuration) { clock, _, client in
            try await run("worker", "shop/worker:1", on: client)
            async let stopped: Void = client.stop("worker", grace: .seconds(10))
            try await clock.waitForSleepers()
            clock.advance(by: .seconds(10))
            try await stopped
            #expect(try await client.reader.container("worker").State?.ExitCode == 137)
        }
    }

    @Test func `two writers of a one-writer volume at once are counted`() async throws {
        try await withClock { _, engine, client in
            engine.oneWriterVolumes = ["data"]
            for name in ["one", "two"] {
                try await run(name, "shop/worker:1", on: client) { $0.Binds = ["data:/data", "other:/other"] }
            }
            try await run("reader", "shop/worker:1", on: client) { $0.Binds = ["data:/data:ro"] }
            #expect(engine.snapshot.writerClashes == 1)
            #expect(engine.snapshot.volumes.map(\.name) == ["data", "other"])
        }
    }

    @Test func `a host port that is held is counted`() async throws {
        try await withClock { _, engine, client in
            let publish: (inout HostConfig) -> Void = {
                $0.PortBindings = ["8080/tcp": [.init(HostIp: "", HostPort: "80")]]
            }
            try await run("one", "shop/web:1", on: client, publish)
            let error = try await engineError { try await run("two", "shop/web:1", on: client, publish) }
            #expect(error?.message.contains("Bind for 0.0.0.0:80 failed: port is already allocated") == true)
            #expect(engine.snapshot.portClashes == 1)
            #expect(engine.snapshot["one"]?.isRunning == true)
        }
    }
}

@Suite struct FaultTests {
    @Test func `a failure at a request does nothing, once`() async throws {
        try await withClient { engine, client in
            engine.inject(.fail(500, "no space left on device"), at: .mutation(2))
            _ = try await client.createVolume(Volume(Name: "one"))
            let error = try await engineError { _ = try await client.createVolume(Volume(Name: "two")) }
            #expect(error?.status == 500)
            #expect(error?.message == "no space left on device")
            #expect(engine.snapshot.volumes.map(\.name) == ["one"])
            _ = try await client.createVolume(Volume(Name: "two"))
            #expect(engine.faults.isEmpty)
        }
    }

    @Test func `a fault can wait for a route`() async throws {
        try await withClient { engine, client in
            engine.inject(.fail(500, "x"), at: .route("POST /containers/*/start", 2))
            try await run("one", "shop/worker:1", on: client)
            let error = try await engineError { try await run("two", "shop/worker:1", on: client) }
            #expect(error?.route == "POST /containers/two/start")
            #expect(engine.snapshot["two"]?.status == "created")
        }
    }

    @Test func `every request is written down in its order`() async throws {
        try await withClient { engine, client in
            _ = try await client.createVolume(Volume(Name: "v"))
            _ = try await client.reader.networks()
            let error = try await engineError { try await client.removeNetwork("none such") }
            #expect(error?.isNotFound == true)
            let requests = engine.requests.map(\.description)
            #expect(
                requests == ["GET /version", "POST /volumes/create", "GET /networks", "DELETE /networks/none such"])
            #expect(engine.snapshot.mutations.map(\.number) == [2, 4])
            #expect(engine.requests[1].body == ["Name": "v"])
        }
    }
}

@Suite struct HandTests {
    @Test func `drift made by hand is what the API reports`() async throws {
        try await withClient { engine, client in
            try await run("web", "shop/web:1", on: client) { $0.Memory = 64 << 20 }
            try engine.update("web", memory: 32 << 20)
            #expect(try await client.reader.container("web").HostConfig?.Memory == 32 << 20)
            try engine.kill("web")
            #expect(try await client.reader.container("web").State?.ExitCode == 137)
            try engine.rename("web", to: "old")
            try engine.disconnect("old", from: "bridge")
            #expect(try await client.reader.container("old").NetworkSettings?.Networks?.isEmpty == true)
            try engine.remove("old")
            #expect(try await client.reader.containers().isEmpty)
        }
    }

    @Test func `things of others are there like any`() async throws {
        try await withClient { engine, client in
            try engine.addForeignContainer("theirs")
            engine.addForeignNetwork("their-net", labels: ["a": "b"])
            engine.addForeignVolume("their-data")
            #expect(try await client.reader.containers().map(\.Names) == [["/theirs"]])
            #expect(try await client.reader.networks().last?.Labels == ["a": "b"])
            #expect(try await client.reader.volumes().map(\.Name) == ["their-data"])
            #expect(engine.snapshot.mutations.isEmpty)
        }
    }

    @Test func `a network made anew leaves its containers with the old ID`() async throws {
        try await withClient { engine, client in
            let id = try await client.createNetwork(Network(Name: "net"))
            try await run("web", "shop/worker:1", on: client) { $0.NetworkMode = "net" }
            try engine.recreateNetwork("net")
            let live = try await client.reader.container("web").NetworkSettings?.Networks?["net"]
            #expect(live?.NetworkID == id)
            #expect(try await client.reader.networks().contains { $0.Id == id } == false)
        }
    }

    @Test func `a restart of the daemon applies the restart policies`() async throws {
        try await withClient { engine, client in
            for (name, policy) in [("a", "always"), ("u", "unless-stopped"), ("s", "unless-stopped"), ("n", "no")] {
                try await run("x\(name)", "shop/worker:1", on: client) { $0.RestartPolicy = .init(Name: policy) }
            }
            try await client.stop("xs", grace: .seconds(1))
            engine.restartDaemon()
            let running = engine.snapshot.containers.filter(\.isRunning).map(\.name)
            #expect(running == ["xa", "xu"])
        }
    }

    @Test func `an upgraded daemon rewrites old spellings`() async throws {
        try await withClient { engine, client in
            try await run("web", "shop/worker:1", on: client) { $0.RestartPolicy = .init(Name: "") }
            #expect(engine.snapshot["web"]?.hostConfig["NetworkMode"] == "default")
            engine.restartDaemon(upgradingTo: .engine28)
            #expect(engine.snapshot["web"]?.hostConfig["NetworkMode"] == "bridge")
            #expect(engine.snapshot["web"]?.restartPolicy == "no")
            #expect(engine.snapshot["web"]?.hostConfig["Dns"] == [])
        }
    }
}

@Suite struct ScopeTests {
    private struct Stop: Error {}

    @Test func `the socket is gone at the end, also after an error and while a call hangs`() async throws {
        let path = try await withSimulatedEngine { $0.path }
        #expect(path.utf8.count < 104)
        let error = try await engineError {
            try await EngineNetwork.withNetwork {
                _ = try await EngineReader.connect(to: .unix(path: path), over: $0, timeout: .seconds(60))
            }
        }
        #expect(error?.message.contains("there is no such socket") == true)
        await #expect(throws: Stop.self) {
            try await withSimulatedEngine { engine in
                engine.inject(.hang, at: .request(1))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try await PlainClient(socketPath: engine.path).exchange("GET", "/version") }
                    try await engine.waitForRequests(1)
                    group.cancelAll()
                    throw Stop()
                }
            }
        }
    }

    @Test func `connections that come as the scope ends are harmless and end as well`() async throws {
        for _ in 0..<50 {
            await withTaskGroup(of: Void.self) { group in
                try? await withSimulatedEngine { engine in
                    let client = PlainClient(socketPath: engine.path)
                    for _ in 0..<4 { group.addTask { _ = try? await client.exchange("GET", "/version") } }
                    await Task.yield()
                }
            }
        }
    }

    @Test func `several engines are apart from each other`() async throws {
        try await withSimulatedEngines([.engine20, .engine26, .engine29]) { engines in
            #expect(Set(engines.map(\.path)).count == 3)
            try engines[1].addForeignContainer("only-here")
            for (index, engine) in engines.enumerated() {
                let count = try await withReader(of: engine) { try await $0.containers().count }
                #expect(count == (index == 1 ? 1 : 0))
            }
        }
    }
}
