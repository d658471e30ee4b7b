import NIOCore
import NIOHTTP1

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A small HTTP/1.1 server: one handler, requests of one connection one after the other.
package enum HTTPServer {
    package typealias Handler = @Sendable (HTTPCall) async throws -> HTTPAnswer

    private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    package static func withServer<Result: Sendable>(
        at address: ListenerAddress, handler: @escaping Handler, body: (LocalListener) async throws -> Result
    ) async throws -> Result {
        try await LocalListener.withListener(
            at: address,
            configure: { channel in
                try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                return try Connection(wrappingChannelSynchronously: channel)
            },
            serve: { connection in try await serve(connection, handler) },
            body: body)
    }

    private static func serve(_ connection: Connection, _ handler: Handler) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var head: HTTPRequestHead?
            var body: [UInt8] = []
            for try await part in inbound {
                switch part {
                case .head(let received):
                    head = received
                    body = []
                case .body(let bytes): body += bytes.readableBytesView
                case .end:
                    guard let head else { return }
                    guard case .reply(let reply) = try await handler(HTTPCall(head, body)),
                        try await send(reply, to: head, outbound)
                    else { return }
                }
            }
        }
    }

    /// - Returns: whether the connection may be used again.
    private static func send(
        _ reply: HTTPReply, to request: HTTPRequestHead,
        _ outbound: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
    ) async throws -> Bool {
        try await outbound.write(.head(head(of: reply, to: request)))
        for piece in reply.pieces where request.method != .HEAD {
            switch piece {
            case .bytes(let bytes): try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: bytes))))
            case .pause(let duration): try await Task.sleep(for: duration)
            case .cut: return false
            }
        }
        try await outbound.write(.end(nil))
        return request.isKeepAlive
    }

    private static func head(of reply: HTTPReply, to request: HTTPRequestHead) -> HTTPResponseHead {
        var headers = HTTPHeaders()
        if !reply.contentType.isEmpty { headers.add(name: "Content-Type", value: reply.contentType) }
        headers.add(name: "Date", value: date())
        for (name, value) in reply.headers { headers.add(name: name, value: value) }
        let hasBody = reply.status != 204 && reply.status != 304
        // Also for HEAD: without a length the encoder would send the end of a body that there is none of.
        if hasBody, reply.pieces.count <= 1 || request.method == .HEAD {
            headers.add(name: "Content-Length", value: String(reply.body.count))
        }
        return HTTPResponseHead(version: .http1_1, status: .init(statusCode: reply.status), headers: headers)
    }
}

extension HTTPCall {
    fileprivate init(_ head: HTTPRequestHead, _ body: [UInt8]) {
        self.init(
            head.method.rawValue, head.uri, headers: head.headers.map { (name: $0.name, value: $0.value) }, body: body)
    }
}

/// This machine's time as HTTP has it.
private func date() -> String {
    let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let now = Date.now
    let text = now.formatted(.iso8601)
    let parts = text.split { "-T".contains($0) }
    let day = Int(now.timeIntervalSince1970) / 86_400 % 7
    return "\(names[day]), \(parts[2]) \(months[(Int(parts[1]) ?? 1) - 1]) \(parts[0]) \(parts[3].dropLast()) GMT"
}
