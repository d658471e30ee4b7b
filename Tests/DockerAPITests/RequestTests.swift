import DockerAPI
import RecastTesting
import Synchronization
import Testing

/// What arrives at the other end.
private final class Recorder: Sendable {
    private let calls = Mutex<[HTTPCall]>([])
    var last: HTTPCall? { calls.withLock { $0.last } }

    func handle(_ call: HTTPCall) -> HTTPAnswer {
        calls.withLock { $0.append(call) }
        return call.target == "/version"
            ? .reply(.json(200, ["Version": "20.10.24", "ApiVersion": "1.41"]))
            : .reply(.json(200, ["Id": "x", "Name": "x", "Warnings": []]))
    }

    static func with(
        tcp: Bool = false, _ body: (Recorder, EngineClient) async throws -> Void
    ) async throws {
        let recorder = Recorder()
        try await TemporarySocket.with { socket in
            try await HTTPServer.withServer(
                at: tcp ? .loopback : .unix(path: socket.path), handler: { recorder.handle($0) },
                body: { listener in
                    let endpoint = listener.port.map { EngineEndpoint.tcp(host: "127.0.0.1", port: $0) }
                    try await EngineNetwork.withNetwork { network in
                        let reader = try await EngineReader.connect(
                            to: endpoint ?? .unix(path: socket.path), over: network, timeout: .seconds(60))
                        try await body(recorder, EngineClient(reader))
                    }
                })
        }
    }
}

@Suite struct RequestTests {
    @Test(arguments: [false, true])
    func `every request names a host`(tcp: Bool) async throws {
        try await Recorder.with(tcp: tcp) { recorder, client in
            _ = try await client.reader.container("x")
            let hosts = recorder.last?.headers.filter { $0.name.lowercased() == "host" }
            #expect(hosts?.count == 1)
            #expect(tcp ? hosts?.first?.value.hasPrefix("127.0.0.1:") == true : hosts?.first?.value == "docker")
        }
    }

    @Test func `the simulated engine refuses a request without a host, as the real one`() async throws {
        try await withSimulatedEngine { engine in
            let client = PlainClient(socketPath: engine.path, host: nil)
            let (status, body) = try await client.exchange("GET", "/version")
            #expect(status == 400)
            #expect(String(decoding: body, as: UTF8.self) == "400 Bad Request: missing required Host header")
        }
    }

    @Test(
        arguments: [
            ("web", "web"), ("a b", "a%20b"), ("reg:5000/x@sha256:00", "reg%3A5000%2Fx%40sha256%3A00"),
            ("é?#&%", "%C3%A9%3F%23%26%25"), ("a-b.c_d~e", "a-b.c_d~e"), ("..", ".."),
        ])
    func `names are percent-encoded in paths`(name: String, encoded: String) async throws {
        try await Recorder.with { recorder, client in
            _ = try await client.reader.container(name)
            #expect(recorder.last?.target == "/v1.41/containers/\(encoded)/json")
        }
    }

    @Test func `names are percent-encoded in queries`() async throws {
        try await Recorder.with { recorder, client in
            try await client.rename("x", to: "a&b=c +é")
            #expect(recorder.last?.target == "/v1.41/containers/x/rename?name=a%26b%3Dc%20%2B%C3%A9")
        }
    }

    @Test func `a body is JSON with its type and length`() async throws {
        try await Recorder.with { recorder, client in
            var network = Network(Name: "n")
            network.Labels = ["a/b": "ü"]
            _ = try await client.createNetwork(network)
            #expect(recorder.last?.header("Content-Type") == "application/json")
            #expect(
                recorder.last.map { String(decoding: $0.body, as: UTF8.self) } == #"{"Labels":{"a/b":"ü"},"Name":"n"}"#)
        }
    }

    @Test func `a create request has Config at the top and leaves out what is not said`() async throws {
        try await Recorder.with { recorder, client in
            var config = ContainerConfig()
            config.Image = "x"
            config.Entrypoint = []
            var host = HostConfig()
            host.MaskedPaths = []
            _ = try await client.createContainer(named: "x", ContainerCreate(config: config, hostConfig: host))
            #expect(
                recorder.last.map { String(decoding: $0.body, as: UTF8.self) }
                    == #"{"Entrypoint":[],"HostConfig":{"MaskedPaths":[]},"Image":"x"}"#)
        }
    }

    @Test func `a removal is by force and keeps volumes`() async throws {
        try await Recorder.with { recorder, client in
            try await client.removeContainer("x")
            #expect(recorder.last?.method == "DELETE")
            #expect(recorder.last?.target == "/v1.41/containers/x?force=1&v=0")
        }
    }

    @Test func `large bodies go both ways`() async throws {
        try await withClient { engine, client in
            let labels = Dictionary(
                uniqueKeysWithValues: (0..<2000).map { ("label.\($0)", String(repeating: "x", count: 1000)) })
            try engine.addForeignContainer("big", ["Image": "foreign:1", "Labels": .map(labels)])
            #expect(try await client.reader.container("big").Config?.Labels == labels)
            var config = ContainerConfig()
            config.Image = "foreign:1"
            config.Labels = labels
            _ = try await client.createContainer(
                named: "big2", ContainerCreate(config: config, hostConfig: HostConfig()))
            #expect(engine.snapshot["big2"]?.labels == labels)
        }
    }
}
