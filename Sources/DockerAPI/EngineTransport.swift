import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Tar

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Sends requests to one engine and turns every failure into an `EngineError`.
struct EngineTransport: Sendable {
    let http: HTTPClient
    let endpoint: EngineEndpoint
    var tunnel: EngineTunnel?
    var longestCall: Duration?
    /// The path prefix of the pinned API version, `""` before one is agreed.
    var versionPrefix = ""

    /// A request without its body.
    struct Call: Sendable {
        enum Method: String {
            case get = "GET"
            case post = "POST"
            case delete = "DELETE"
            case put = "PUT"
            case head = "HEAD"
        }

        let method: Method
        let path: String
        var query: [(String, String)] = []
        var headers: [(String, String)] = []
        var timeout = Duration.seconds(60)
        /// The most bytes that an answer may have.
        var largest = 64 << 20

        var route: String { "\(method.rawValue) \(path)" }

        init(
            _ method: Method, _ path: String, query: [(String, String)] = [], headers: [(String, String)] = [],
            timeout: Duration = .seconds(60), largest: Int = 64 << 20
        ) {
            self.method = method
            self.path = path
            self.query = query
            self.headers = headers
            self.timeout = timeout
            self.largest = largest
        }
    }

    enum Body {
        case json(any Encodable)
        case archive(TarArchive)
        /// Of a length that nobody knows before.
        case stream(any AsyncSequence<ByteBuffer, any Error> & Sendable)
    }

    /// Sends and decodes the answer.
    ///
    /// A status of 400 or more throws.
    func json<Answer: Decodable>(_ call: Call, body: (any Encodable)? = nil) async throws -> Answer {
        let bytes = try await collect(call, body: body)
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(bytes.readableBytesView))
        } catch {
            throw EngineError(
                .undecodable, route: call.route, message: "this is no answer of a Docker engine: \(Self.words(error))")
        }
    }

    private static func words(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .keyNotFound(let key, _): "'\(key.stringValue)' is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' is of another type"
        default: "it is no JSON"
        }
    }

    /// Sends and drops the answer's body.
    @discardableResult
    func run(_ call: Call, body: (any Encodable)? = nil) async throws -> Int {
        try await send(call, body: body.map(Body.json)) { response in
            _ = try await drained(response, of: call)
            return Int(response.status.code)
        }
    }

    /// Sends a stream or an archive, and drops the answer's body.
    func run(_ call: Call, sending body: Body) async throws {
        try await send(call, body: body) { _ = try await drained($0, of: call) }
    }

    func collect(_ call: Call, body: (any Encodable)? = nil) async throws -> ByteBuffer {
        try await send(call, body: body.map(Body.json)) { try await drained($0, of: call) }
    }

    /// Sends, checks the status and gives the response to `read` while its body streams.
    func send<Result: Sendable>(
        _ call: Call, body: Body? = nil, read: (HTTPClientResponse) async throws -> Result
    ) async throws -> Result {
        do {
            let request = try request(for: call, body: body)
            let response = try await http.execute(request, timeout: TimeAmount(limit(call)))
            // 304 is the answer for what is so already.
            guard response.status.code < 300 || response.status == .notModified else {
                throw await refusal(response, call)
            }
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

    private func request(for call: Call, body: Body?) throws -> HTTPClientRequest {
        let query = call.query.map { "\(percentEncoded($0.0))=\(percentEncoded($0.1))" }.joined(separator: "&")
        var request = HTTPClientRequest(
            url: endpoint.baseURL + versionPrefix + call.path + (query.isEmpty ? "" : "?" + query))
        request.method = HTTPMethod(rawValue: call.method.rawValue)
        // async-http-client sends no Host over a unix socket, and dockerd answers 400 without one.
        if case .unix = endpoint { request.headers.add(name: "Host", value: "docker") }
        for (name, value) in call.headers { request.headers.add(name: name, value: value) }
        switch body {
        case .json(let value):
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: try encoder.encode(value)))
        case .archive(let archive):
            request.headers.add(name: "Content-Type", value: "application/x-tar")
            request.body = .stream(archive, length: .known(Int64(archive.length)))
        case .stream(let bytes):
            request.headers.add(name: "Content-Type", value: "application/x-tar")
            request.body = .stream(ErasedBytes(base: bytes), length: .unknown)
        case nil: break
        }
        return request
    }

    /// The whole body; async-http-client's own deadline ends with the head.
    private func drained(_ response: HTTPClientResponse, of call: Call) async throws -> ByteBuffer {
        try await deadline(limit(call)) { try await response.body.collect(upTo: call.largest) }
    }

    private func refusal(_ response: HTTPClientResponse, _ call: Call) async -> EngineError {
        struct Refusal: Decodable { let message: String }
        if response.status.code < 400 {
            let target = response.headers.first(name: "Location") ?? "elsewhere"
            return EngineError(
                .redirected, route: call.route, status: Int(response.status.code),
                message: "\(endpoint) sends us to '\(target)', which no engine does; is it one?")
        }
        let body = try? await deadline(limit(call)) { try await response.body.collect(upTo: 1 << 20) }
        let bytes = body ?? ByteBuffer()
        let refusal = try? JSONDecoder().decode(Refusal.self, from: Data(bytes.readableBytesView))
        let text = trimmed(refusal?.message ?? String(buffer: bytes))
        if response.status == .badRequest, text.lowercased().contains("http request to an https server") {
            return EngineError(
                .protocolMismatch, route: call.route,
                message: "\(endpoint) speaks TLS only: it needs `tls`, with the authority that signed its certificate")
        }
        return EngineError(
            .status, route: call.route, status: Int(response.status.code),
            message: text.isEmpty ? response.status.reasonPhrase : text)
    }
}

/// A request's body wants one type, whatever gives the bytes.
private struct ErasedBytes: AsyncSequence, Sendable {
    let base: any AsyncSequence<ByteBuffer, any Error> & Sendable

    struct AsyncIterator: AsyncIteratorProtocol {
        var base: any AsyncIteratorProtocol<ByteBuffer, any Error>

        mutating func next() async throws -> ByteBuffer? { try await base.next(isolation: nil) }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: base.makeAsyncIterator()) }
}

/// Without white space at the end.
func trimmed(_ text: String) -> String {
    String(text.reversed().drop { $0.isWhitespace }.reversed())
}

/// An error of the code that reads a stream, which is none of the connection's.
struct ReceiverError: Error {
    let cause: any Error
}
