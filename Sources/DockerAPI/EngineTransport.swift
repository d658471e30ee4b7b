import AsyncHTTPClient
import NIOCore
import NIOHTTP1

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Sends requests to one engine and turns every failure into an `EngineError`.
struct EngineTransport: Sendable {
    let http: HTTPClient
    let endpoint: EngineEndpoint
    var longestCall: Duration?
    /// The path prefix of the pinned API version, `""` before one is agreed.
    var versionPrefix = ""

    /// A request without its body.
    struct Call: Sendable {
        enum Method: String {
            case get = "GET"
            case post = "POST"
            case delete = "DELETE"
        }

        let method: Method
        let path: String
        var query: [(String, String)] = []
        var timeout = Duration.seconds(60)

        var route: String { "\(method.rawValue) \(path)" }

        init(_ method: Method, _ path: String, query: [(String, String)] = [], timeout: Duration = .seconds(60)) {
            self.method = method
            self.path = path
            self.query = query
            self.timeout = timeout
        }
    }

    /// Sends and decodes the answer.
    ///
    /// A status of 400 or more throws.
    func json<Answer: Decodable>(_ call: Call, body: (any Encodable)? = nil) async throws -> Answer {
        let bytes = try await collect(call, body: body)
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(bytes.readableBytesView))
        } catch {
            throw EngineError(.undecodable, route: call.route, message: "the engine's answer makes no sense: \(error)")
        }
    }

    /// Sends and drops the answer's body.
    @discardableResult
    func run(_ call: Call, body: (any Encodable)? = nil) async throws -> Int {
        try await send(call, body: body) { response in
            _ = try await Self.drained(response, within: limit(call))
            return Int(response.status.code)
        }
    }

    func collect(_ call: Call, body: (any Encodable)? = nil) async throws -> ByteBuffer {
        try await send(call, body: body) { try await Self.drained($0, within: limit(call)) }
    }

    /// Sends, checks the status and gives the response to `read` while its body streams.
    func send<Result: Sendable>(
        _ call: Call, body: (any Encodable)? = nil, read: (HTTPClientResponse) async throws -> Result
    ) async throws -> Result {
        do {
            let request = try request(for: call, body: body)
            let response = try await http.execute(request, timeout: TimeAmount(limit(call)))
            guard response.status.code < 400 else { throw await Self.refusal(response, call) }
            return try await read(response)
        } catch let error as EngineError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch let error as ReceiverError {
            throw error.cause
        } catch {
            try Task.checkCancellation()
            throw translated(error, call)
        }
    }

    func limit(_ call: Call) -> Duration { min(call.timeout, longestCall ?? call.timeout) }

    private func request(for call: Call, body: (any Encodable)?) throws -> HTTPClientRequest {
        let query = call.query.map { "\(percentEncoded($0.0))=\(percentEncoded($0.1))" }.joined(separator: "&")
        var request = HTTPClientRequest(
            url: endpoint.baseURL + versionPrefix + call.path + (query.isEmpty ? "" : "?" + query))
        request.method = HTTPMethod(rawValue: call.method.rawValue)
        // async-http-client sends no Host over a unix socket, and dockerd answers 400 without one.
        if case .unix = endpoint { request.headers.add(name: "Host", value: "docker") }
        if let body {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: try encoder.encode(body)))
        }
        return request
    }

    private static let largestAnswer = 256 << 20

    /// The whole body; async-http-client's own deadline ends with the head.
    private static func drained(_ response: HTTPClientResponse, within limit: Duration) async throws -> ByteBuffer {
        try await withThrowingTaskGroup(of: ByteBuffer.self) { group in
            group.addTask { try await response.body.collect(upTo: largestAnswer) }
            group.addTask {
                try await Task.sleep(for: limit)
                throw HTTPClientError.deadlineExceeded
            }
            defer { group.cancelAll() }
            return try await group.next() ?? ByteBuffer()
        }
    }

    private static func refusal(_ response: HTTPClientResponse, _ call: Call) async -> EngineError {
        struct Refusal: Decodable { let message: String }
        let bytes = (try? await response.body.collect(upTo: 1 << 20)) ?? ByteBuffer()
        let refusal = try? JSONDecoder().decode(Refusal.self, from: Data(bytes.readableBytesView))
        let text = refusal?.message ?? String(buffer: bytes)
        return EngineError(
            .status, route: call.route, status: Int(response.status.code),
            message: text.isEmpty ? response.status.reasonPhrase : trimmed(text))
    }
}

/// Without white space at the end.
func trimmed(_ text: String) -> String {
    String(text.reversed().drop { $0.isWhitespace }.reversed())
}

/// An error of the code that reads a stream, which is none of the connection's.
struct ReceiverError: Error {
    let cause: any Error
}
