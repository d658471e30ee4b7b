import RecastTesting
import Testing

@testable import DockerAPI

@Suite(.timeLimit(.minutes(2))) struct TimeTests {
    private let clock = ContinuousClock()

    /// The date is RFC 9110's own example.
    @Test func `the date of an answer is read as seconds of the epoch`() {
        #expect(httpSeconds("Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
        #expect(httpSeconds("Thu, 29 Feb 2024 00:00:00 GMT") == 1_709_164_800)
        #expect(httpSeconds("Sunday, 06-Nov-94 08:49:37 GMT") == nil)
        #expect(httpSeconds("") == nil)
    }

    @Test func `an engine that never answers times out within the given time`() async throws {
        try await withSimulatedEngine { engine in
            engine.inject(.hang, at: .request(1))
            try await EngineNetwork.withNetwork { network in
                let start = clock.now
                let error = try await engineError {
                    _ = try await EngineReader.connect(
                        to: .unix(path: engine.path), over: network, timeout: .milliseconds(150))
                }
                #expect(error?.code == .timedOut)
                // How late it may be is the machine's business; the suite's limit says that it comes at all.
                #expect(clock.now - start >= .milliseconds(140))
            }
        }
    }

    @Test func `an engine that stops in the middle of its answer times out as well`() async throws {
        let half = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"Ver"
        let error: EngineError?? = try await within(.seconds(30)) {
            try await engineError {
                try await withAnswer(half, staysOpen: true) {
                    _ = try await EngineReader.connect(to: $0, over: $1, timeout: .milliseconds(500))
                }
            }
        }
        #expect(error??.code == .timedOut)
    }

    @Test func `a slow answer within the time is no error`() async throws {
        try await withClient { engine, client in
            engine.inject(.delay(.milliseconds(50)), at: .request(2))
            let containers = try await client.reader.containers()
            #expect(containers.isEmpty)
        }
    }

    @Test func `cancellation ends a call that hangs`() async throws {
        try await withClient { engine, client in
            engine.inject(.hang, at: .request(2))
            await #expect(throws: CancellationError.self) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try await client.reader.containers() }
                    try await engine.waitForRequests(2)
                    group.cancelAll()
                    try await group.next()
                }
            }
        }
    }

    @Test func `cancellation ends a pull in the middle of its stream`() async throws {
        var configuration = EngineConfiguration.engine20
        configuration.registry["shop/web:1"]?.pull = .takes(.seconds(30))
        try await withClient(configuration) { _, client in
            let (seen, sight) = AsyncStream.makeStream(of: Void.self)
            await #expect(throws: CancellationError.self) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await client.pull("shop/web", version: "1") { _ in sight.yield() } }
                    for await _ in seen { break }
                    group.cancelAll()
                    try await group.next()
                }
            }
        }
    }

    @Test func `forty requests at once are all answered, sixteen at a time`() async throws {
        try await withClient { engine, client in
            try engine.addForeignContainer("web")
            for number in 2...41 { engine.inject(.delay(.milliseconds(5)), at: .request(number)) }
            try await withThrowingTaskGroup(of: ContainerInspect.self) { group in
                for _ in 0..<40 { group.addTask { try await client.reader.container("web") } }
                for try await live in group { #expect(live.Name == "/web") }
            }
            #expect((2...16).contains(engine.snapshot.peakRequests))
        }
    }

    @Test func `a stop waits for as long as the container takes`() async throws {
        var configuration = EngineConfiguration.engine20
        configuration.registry["shop/web:1"]?.stopDelay = .milliseconds(60)
        try await withClient(configuration) { engine, client in
            try await client.pull("shop/web", version: "1") { _ in }
            var config = ContainerConfig()
            config.Image = "shop/web:1"
            _ = try await client.createContainer(
                named: "web", ContainerCreate(config: config, hostConfig: HostConfig()))
            try await client.start("web")
            let start = clock.now
            try await client.stop("web", grace: .seconds(10))
            #expect(clock.now - start >= .milliseconds(60))
            #expect(engine.snapshot["web"]?.status == "exited")
        }
    }
}
