import DockerAPI
import RecastTesting
import Testing

@Suite struct LogTests {
    private func lines(of bytes: [UInt8]) async throws -> [String] {
        try await read([.bytes(bytes)]) { try await $0.logTail("x", lines: 20) }
    }

    private func followed(_ pieces: [HTTPReply.Piece], longest: Int = 1000) async throws -> [String] {
        try await read(pieces) { reader in
            var lines: [String] = []
            try await reader.log("x", follows: true, longest: longest) { lines.append($0) }
            return lines
        }
    }

    private func read(
        _ pieces: [HTTPReply.Piece], _ body: (EngineReader) async throws -> [String]
    ) async throws -> [String] {
        try await TemporarySocket.with { socket in
            try await HTTPServer.withServer(
                at: .unix(path: socket.path),
                handler: { call in
                    call.target == "/version"
                        ? .reply(.json(200, ["Version": "20.10.24", "ApiVersion": "1.41"]))
                        : .reply(HTTPReply(200, contentType: "application/octet-stream", pieces: pieces))
                },
                body: { _ in
                    try await EngineNetwork.withNetwork { network in
                        let reader = try await EngineReader.connect(
                            to: .unix(path: socket.path), over: network, timeout: .seconds(60))
                        return try await body(reader)
                    }
                })
        }
    }

    private func frame(_ stream: UInt8, _ text: String) -> [UInt8] {
        let size = UInt32(text.utf8.count)
        return [stream, 0, 0, 0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) } + Array(text.utf8)
    }

    @Test func `both streams are taken apart in their order`() async throws {
        #expect(
            try await lines(of: frame(1, "out\n") + frame(2, "err\n") + frame(1, "again\n")) == ["out", "err", "again"])
    }

    @Test func `a frame may hold several lines, and a line several frames`() async throws {
        #expect(try await lines(of: frame(1, "a\nb\nc") + frame(1, "d\n")) == ["a", "b", "cd"])
    }

    @Test func `a terminal's plain text stays as it is`() async throws {
        #expect(try await lines(of: Array("plain text\r\nof a terminal\r\n".utf8)) == ["plain text", "of a terminal"])
    }

    @Test func `a frame longer than 64 KiB is one`() async throws {
        let long = String(repeating: "x", count: 70_000)
        #expect(try await lines(of: frame(1, long + "\n")) == [long])
    }

    @Test func `a frame that is cut gives what there is`() async throws {
        #expect(try await lines(of: frame(1, "whole\n") + frame(1, "cut off\n").dropLast(4)) == ["whole", "cut "])
    }

    @Test func `an empty log has no lines`() async throws {
        #expect(try await lines(of: []) == [])
    }

    @Test func `a log that comes byte by byte has the same lines, empty ones too`() async throws {
        let bytes = frame(1, "a\n\nb") + frame(2, "err\n") + frame(1, "") + frame(1, "c\r\nlast")
        let pieces = bytes.map { HTTPReply.Piece.bytes([$0]) }
        #expect(try await followed(pieces) == ["a", "", "err", "bc", "last"])
    }

    @Test func `a terminal's text that comes in pieces is one`() async throws {
        let pieces = Array("plain text\r\nof a terminal".utf8).map { HTTPReply.Piece.bytes([$0]) }
        #expect(try await followed(pieces) == ["plain text", "of a terminal"])
        #expect(try await followed([.bytes(Array("short".utf8)), .bytes([])]) == ["short"])
    }

    @Test func `a long line is cut, and the next one is whole`() async throws {
        let bytes = frame(1, String(repeating: "x", count: 30)) + frame(1, "yyy\nnext\n")
        #expect(try await followed([.bytes(bytes)], longest: 20) == [String(repeating: "x", count: 20), "next"])
    }

    @Test func `a line that a lost connection cut is not given`() async throws {
        let error = try await engineError {
            _ = try await read([.bytes(frame(1, "whole\nhalf")), .cut]) { reader in
                var lines: [String] = []
                defer { #expect(lines == ["whole"]) }
                try await reader.log("x", follows: true, longest: 1000) { lines.append($0) }
                return lines
            }
        }
        #expect(error?.code == .connectionLost)
    }

    @Test func `the last lines of a simulated container are asked for`() async throws {
        var configuration = EngineConfiguration.engine20
        configuration.registry["shop/web:crash"]?.log = ["one", "two", "error: no database"]
        try await withClient(configuration) { engine, client in
            try await client.pull("shop/web", version: "crash") { _ in }
            var config = ContainerConfig()
            config.Image = "shop/web:crash"
            _ = try await client.createContainer(
                named: "web", ContainerCreate(config: config, hostConfig: HostConfig()))
            try await client.start("web")
            #expect(try await client.reader.logTail("web", lines: 2) == ["two", "error: no database"])
            #expect(engine.requests.last?.query == ["stdout": "1", "stderr": "1", "tail": "2"])
        }
    }
}
