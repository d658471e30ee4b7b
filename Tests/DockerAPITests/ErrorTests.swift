import DockerAPI
import RecastTesting
import Testing

@Suite struct ErrorTests {
    @Test func `a 404 has the engine's own words, route and status`() async throws {
        try await withClient { _, client in
            let error = try await engineError { _ = try await client.reader.container("missing") }
            #expect(error?.isNotFound == true)
            #expect(error?.code == .status)
            #expect(error?.message == "No such container: missing")
            #expect(error?.route == "GET /containers/missing/json")
            #expect(error?.description == "No such container: missing (GET /containers/missing/json, status 404)")
        }
    }

    @Test func `a name that is taken is a conflict`() async throws {
        try await withClient { engine, client in
            try engine.addForeignContainer("web")
            var config = ContainerConfig()
            config.Image = "foreign:1"
            let body = ContainerCreate(config: config, hostConfig: HostConfig())
            let error = try await engineError { _ = try await client.createContainer(named: "web", body) }
            #expect(error?.isConflict == true)
            #expect(error?.message.contains("\"/web\" is already in use") == true)
        }
    }

    @Test func `an image that the host does not have is nil and no error`() async throws {
        try await withClient { _, client in
            let image = try await client.reader.image("shop/none:1")
            #expect(image == nil)
        }
    }

    @Test func `an error without JSON gives its text`() async throws {
        try await withReply(502, "Bad gateway\n") { reader in
            let error = try await engineError { _ = try await reader.containers() }
            #expect(error?.status == 502)
            #expect(error?.message == "Bad gateway")
        }
    }

    @Test func `an error without a body gives the status' name`() async throws {
        try await withReply(503, "") { reader in
            let error = try await engineError { _ = try await reader.containers() }
            #expect(error?.message == "Service Unavailable")
        }
    }

    @Test func `an answer that is no JSON is undecodable`() async throws {
        try await withReply(200, "<html>") { reader in
            let error = try await engineError { _ = try await reader.containers() }
            #expect(error?.code == .undecodable)
        }
    }

    @Test func `a socket that is not there is unreachable, and that is said`() async throws {
        let error = try await engineError {
            try await EngineNetwork.withNetwork {
                _ = try await EngineReader.connect(
                    to: .unix(path: "/tmp/recast-none.sock"), over: $0, timeout: .seconds(60))
            }
        }
        #expect(error?.code == .unreachable)
        #expect(error?.message == "unix:///tmp/recast-none.sock is not reachable: there is no such socket")
    }

    @Test func `a port where nobody listens is unreachable`() async throws {
        let error = try await engineError {
            try await EngineNetwork.withNetwork {
                _ = try await EngineReader.connect(
                    to: .tcp(host: "127.0.0.1", port: 1), over: $0, timeout: .seconds(60))
            }
        }
        #expect(error?.code == .unreachable)
        #expect(error?.message.contains("connection refused") == true, "\(error?.message ?? "")")
    }

    @Test func `a path that is too long for a socket is unreachable`() async throws {
        let error = try await engineError {
            try await EngineNetwork.withNetwork {
                let path = "/tmp/" + String(repeating: "x", count: 200)
                _ = try await EngineReader.connect(to: .unix(path: path), over: $0, timeout: .seconds(60))
            }
        }
        #expect(error?.code == .unreachable)
    }

    @Test func `a host that goes away is unreachable and comes back`() async throws {
        try await withClient { engine, client in
            await engine.goOffline()
            let error = try await engineError { _ = try await client.reader.containers() }
            #expect([.unreachable, .connectionLost].contains(error?.code))
            let again = try await engineError { _ = try await client.reader.containers() }
            #expect(again?.code == .unreachable)
            engine.goOnline()
            let containers = try await client.reader.containers()
            #expect(containers.isEmpty)
        }
    }

    @Test(arguments: [Fault.Effect.dropBefore, .dropReply])
    func `a connection that ends before the answer is lost`(effect: Fault.Effect) async throws {
        try await withClient { engine, client in
            engine.inject(effect, at: .mutation(1))
            let error = try await engineError { _ = try await client.createVolume(Volume(Name: "v")) }
            #expect(error?.code == .connectionLost)
            #expect(engine.snapshot.volumes.map(\.name) == (effect == .dropReply ? ["v"] : []))
        }
    }

    @Test func `a connection that ends in the middle of the body is lost`() async throws {
        let cut = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"Ver"
        let error = try await engineError {
            try await withAnswer(cut) { _ = try await EngineReader.connect(to: $0, over: $1, timeout: .seconds(60)) }
        }
        #expect(error?.code == .connectionLost)
    }

    @Test func `what is no HTTP is an error of the engine`() async throws {
        let error = try await engineError {
            try await withAnswer("SSH-2.0-OpenSSH_9.2\r\n\r\n") {
                _ = try await EngineReader.connect(to: $0, over: $1, timeout: .seconds(60))
            }
        }
        #expect(error?.code == .connectionLost)
    }
}
