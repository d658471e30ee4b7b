import DockerAPI
import RecastTesting
import Testing

@Suite struct PullTests {
    private func messages(of client: EngineClient, _ name: String, _ version: String) async throws -> [PullMessage] {
        var messages: [PullMessage] = []
        try await client.pull(name, version: version) { messages.append($0) }
        return messages
    }

    @Test func `every message arrives, in order`() async throws {
        try await withClient { engine, client in
            let messages = try await messages(of: client, "shop/web", "1")
            #expect(messages.first?.status == "Pulling from shop/web")
            #expect(messages.last?.status == "Status: Downloaded newer image for shop/web:1")
            #expect(messages.compactMap(\.progressDetail?.total).max() == 1_070_725)
            #expect(engine.snapshot.images == ["shop/web:1"])
        }
    }

    @Test func `a pull by digest asks for the digest`() async throws {
        try await withClient { engine, client in
            let digest = SimulatedRegistry.shop()["shop/web:2"]?.digest ?? ""
            _ = try await messages(of: client, "shop/web", digest)
            #expect(engine.requests.last?.query == ["fromImage": "shop/web", "tag": digest])
            #expect(try await client.reader.image("shop/web@\(digest)") != nil)
            #expect(engine.snapshot.images == [])
        }
    }

    @Test func `an error in the middle of the stream is an error with its words`() async throws {
        var configuration = EngineConfiguration.engine20
        configuration.registry["shop/web:1"]?.pull = .fails("unexpected EOF")
        try await withClient(configuration) { engine, client in
            let error = try await engineError { _ = try await messages(of: client, "shop/web", "1") }
            #expect(error?.message == "unexpected EOF")
            #expect(error?.route == "POST /images/create")
            #expect(engine.snapshot.images == [])
        }
    }

    @Test func `a stream that is cut is a lost connection`() async throws {
        var configuration = EngineConfiguration.engine20
        configuration.registry["shop/web:1"]?.pull = .isCut
        try await withClient(configuration) { _, client in
            let error = try await engineError { _ = try await messages(of: client, "shop/web", "1") }
            #expect(error?.code == .connectionLost)
        }
    }

    @Test func `an image that no registry has is a 404 before any stream`() async throws {
        try await withClient { _, client in
            let error = try await engineError { _ = try await messages(of: client, "shop/web", "99") }
            #expect(error?.isNotFound == true)
            #expect(error?.message == "manifest for shop/web:99 not found: manifest unknown: manifest unknown")
        }
    }

    @Test func `lines may come in pieces and without an end`() async throws {
        let pieces = [#"{"status":"#, #""one"}"# + "\r\n{", #""status":"two"}"# + "\n\n", #"{"status":"three"}"#]
        try await TemporarySocket.with { socket in
            try await HTTPServer.withServer(
                at: .unix(path: socket.path),
                handler: { call in
                    if call.target == "/version" {
                        return .reply(.json(200, ["Version": "20.10.24", "ApiVersion": "1.41"]))
                    }
                    return .reply(
                        HTTPReply(
                            200, contentType: "application/json",
                            pieces: pieces.flatMap { [.bytes(Array($0.utf8)), .pause(.milliseconds(2))] }))
                },
                body: { _ in
                    try await EngineNetwork.withNetwork { network in
                        let reader = try await EngineReader.connect(
                            to: .unix(path: socket.path), over: network, timeout: .seconds(60))
                        let received = try await messages(of: EngineClient(reader), "x", "1").map(\.status)
                        #expect(received == ["one", "two", "three"])
                    }
                })
        }
    }

    @Test func `an error of the receiver comes back as it is`() async throws {
        struct Enough: Error {}
        try await withClient { _, client in
            _ = await #expect(throws: Enough.self) {
                try await client.pull("shop/web", version: "1") { _ in throw Enough() }
            }
        }
    }
}
