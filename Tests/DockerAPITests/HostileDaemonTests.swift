import DockerAPI
import RecastTesting
import Synchronization
import Testing

/// Something answers that is no engine, or one that means harm.
@Suite(.timeLimit(.minutes(5))) struct HostileDaemonTests {
    /// `patience`: short where the deadline is what ends the call, else long enough for a loaded machine.
    private func failure(
        of answer: String, staysOpen: Bool = true, patience: Duration = .seconds(60)
    ) async throws -> EngineError? {
        try await engineError {
            try await withAnswer(answer, staysOpen: staysOpen) {
                _ = try await EngineReader.connect(to: $0, over: $1, timeout: patience)
            }
        }
    }

    @Test(arguments: [
        "<html><body>It works!</body></html>", "{\"Version\":", "[]", "null", "\u{0}\u{0}", "{\"Version\": 5}",
        String(repeating: "[", count: 100_000),
    ])
    func `what is no version is undecodable`(body: String) async throws {
        #expect(try await failure(of: http("200 OK", body))?.code == .undecodable)
    }

    @Test func `a length of 10 GB is not waited for and not kept`() async throws {
        let error = try await failure(
            of: "HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n{", patience: .seconds(2))
        #expect([.undecodable, .timedOut].contains(error?.code))
    }

    @Test func `a body without an end is cut off`() async throws {
        let error = try await endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", piece: chunk)
        #expect([.undecodable, .timedOut].contains(error?.code), "\(error?.message ?? "")")
    }

    @Test func `an error without an end is cut off`() async throws {
        let error = try await endless(
            "HTTP/1.1 500 Internal Server Error\r\nTransfer-Encoding: chunked\r\n\r\n", piece: chunk)
        #expect(error?.status == 500)
    }

    @Test func `an error that trickles ends with its deadline`() async throws {
        let error = try await failure(
            of: "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 100\r\n\r\nslow", patience: .seconds(10))
        #expect(error?.status == 500)
    }

    @Test func `a header without an end is cut off`() async throws {
        let error = try await endless("HTTP/1.1 200 OK\r\nX: ", piece: String(repeating: "x", count: 1 << 16))
        #expect([.connectionLost, .timedOut].contains(error?.code), "\(error?.message ?? "")")
    }

    @Test(arguments: ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
    func `a redirect is not followed, and takes no credentials along`(status: String) async throws {
        let calls = Mutex<[String]>([])
        let error = try await RawServer.withServer(
            at: .loopback,
            respond: { request, connection in
                calls.withLock { $0.append(request) }
                try await connection.send(http("200 OK", "{}"))
                return true
            },
            body: { other in
                let answer =
                    "HTTP/1.1 \(status)\r\nLocation: http://127.0.0.1:\(other.port ?? 0)/version\r\n"
                    + "Content-Length: 0\r\n\r\n"
                return try await failure(of: answer)
            })
        #expect(error?.code == .redirected)
        #expect(calls.withLock { $0.isEmpty })
    }

    @Test func `a pull whose message has no end is cut off`() async throws {
        let error = try await pullError("{\"status\":\"" + String(repeating: "x", count: 3 << 20))
        #expect(error?.code == .undecodable, "\(error?.message ?? "")")
    }

    @Test func `a pull that falls silent ends with the longest call`() async throws {
        let error = try await pullError("{\"status\":\"Pulling\"}\n", longestCall: .seconds(2))
        #expect(error?.code == .timedOut, "\(error?.message ?? "")")
    }

    private func pullError(_ text: String, longestCall: Duration? = nil) async throws -> EngineError? {
        let version = #"{"Version":"20.10.24","ApiVersion":"1.41","MinAPIVersion":"1.12"}"#
        return try await TemporarySocket.with { socket in
            try await RawServer.withServer(
                at: .unix(path: socket.path),
                respond: { request, connection in
                    if request.hasPrefix("GET /version") {
                        try await connection.send(http("200 OK", version))
                    } else {
                        try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n\(text)")
                    }
                    return true
                },
                body: { _ in
                    try await engineError {
                        try await EngineNetwork.withNetwork(longestCall: longestCall) { network in
                            let reader = try await EngineReader.connect(
                                to: .unix(path: socket.path), over: network, timeout: .seconds(60))
                            try await EngineClient(reader).pull("web", version: "1") { _ in }
                        }
                    }
                })
        }
    }

    private var chunk: String { "10000\r\n" + String(repeating: " ", count: 1 << 16) + "\r\n" }

    /// A server that sends the piece for as long as somebody reads.
    private func endless(_ head: String, piece: String) async throws -> EngineError? {
        try await TemporarySocket.with { socket in
            try await RawServer.withServer(
                at: .unix(path: socket.path),
                respond: { _, connection in
                    try await connection.send(head)
                    while true { try await connection.send(piece) }
                },
                body: { _ in
                    try await engineError {
                        try await EngineNetwork.withNetwork { network in
                            let endpoint = EngineEndpoint.unix(path: socket.path)
                            _ = try await EngineReader.connect(to: endpoint, over: network, timeout: .seconds(5))
                        }
                    }
                })
        }
    }
}
