import DockerAPI
import NIOCore
import RecastTesting
import Tar

/// A reader of an engine that a test simulates.
func withReader<Result: Sendable>(
    of engine: SimulatedEngine, connections: Int = 16, _ body: (EngineReader) async throws -> Result
) async throws -> Result {
    try await EngineNetwork.withNetwork(connectionsPerHost: connections) { network in
        try await body(
            try await EngineReader.connect(to: .unix(path: engine.path), over: network, timeout: .seconds(60)))
    }
}

func withClient<Result: Sendable>(
    _ configuration: EngineConfiguration = .engine20,
    _ body: (SimulatedEngine, EngineClient) async throws -> Result
) async throws -> Result {
    try await withSimulatedEngine(configuration) { engine in
        try await withReader(of: engine) { try await body(engine, EngineClient($0)) }
    }
}

/// The whole archive in memory.
func bytes(of archive: TarArchive) async -> [UInt8] {
    var bytes: [UInt8] = []
    for await piece in archive { bytes += piece.readableBytesView }
    return bytes
}

/// A server that answers every request with the same bytes and then closes the connection, unless it is to stay open.
func withAnswer<Result: Sendable>(
    _ answer: String, staysOpen: Bool = false,
    _ body: (EngineEndpoint, EngineNetwork) async throws -> Result
) async throws -> Result {
    try await TemporarySocket.with { socket in
        try await RawServer.withServer(
            at: .unix(path: socket.path),
            respond: { _, connection in
                try await connection.send(answer)
                return staysOpen
            },
            body: { _ in
                try await EngineNetwork.withNetwork { try await body(.unix(path: socket.path), $0) }
            })
    }
}

/// An HTTP answer with its length.
func http(_ status: String, _ body: String, type: String = "application/json") -> String {
    "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
}

/// An engine whose one JSON answer is given; `GET /version` is answered as it should be.
func withReply<Result: Sendable>(
    _ status: Int, _ body: String, _ test: (EngineReader) async throws -> Result
) async throws -> Result {
    try await TemporarySocket.with { socket in
        try await HTTPServer.withServer(
            at: .unix(path: socket.path),
            handler: { call in
                let isVersion = call.target == "/version"
                let version = #"{"Version":"20.10.24","ApiVersion":"1.41","MinAPIVersion":"1.12"}"#
                let bytes = Array((isVersion ? version : body).utf8)
                return .reply(
                    HTTPReply(isVersion ? 200 : status, contentType: "application/json", pieces: [.bytes(bytes)]))
            },
            body: { _ in
                try await EngineNetwork.withNetwork {
                    try await test(
                        try await EngineReader.connect(to: .unix(path: socket.path), over: $0, timeout: .seconds(60)))
                }
            })
    }
}

/// The error that the body throws, if it is the engine's.
func engineError(_ body: () async throws -> Void) async throws -> EngineError? {
    do {
        try await body()
        return nil
    } catch let error as EngineError {
        return error
    }
}

/// The result, or `nil` when it takes longer; the loser is cancelled and awaited.
func within<Result: Sendable>(
    _ limit: Duration, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result? {
    try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        let first = try await group.next() ?? nil
        group.cancelAll()
        return first
    }
}
