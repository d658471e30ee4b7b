import NIOCore
import NIOHTTP1
import NIOPosix

/// The least client that can talk to an engine: one connection for each request, nothing clever.
package struct PlainClient: Sendable {
    package let socketPath: String
    /// `nil` sends none, which an engine refuses.
    package var host: String? = "engine"

    private typealias Connection = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    package init(socketPath: String, host: String? = "engine") {
        self.socketPath = socketPath
        self.host = host
    }

    /// Sends a request to a path that is percent-encoded already, with its query.
    package func exchange(
        _ method: String, _ path: String, _ body: [UInt8]? = nil
    ) async throws -> (status: Int, body: [UInt8]) {
        let headers = body.map { _ in [(name: "Content-Type", value: "application/json")] } ?? []
        let reply = try await reply(to: HTTPCall(method, path, headers: headers, body: body ?? []))
        return (reply.status, reply.body)
    }

    /// The whole answer, with its headers; those of the request go along, but for what belongs to a connection.
    package func reply(to call: HTTPCall) async throws -> HTTPReply {
        let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(unixDomainSocketPath: socketPath) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
        return try await connection.executeThenClose { inbound, outbound in
            // In one piece: an engine may answer, and close, as soon as it has seen the head.
            let content = HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: call.body)))
            try await outbound.write(contentsOf: [.head(head(call)), content, .end(nil)])
            return try await Self.answer(from: inbound)
        }
    }

    private static let ofConnection: Set = [
        "connection", "keep-alive", "host", "content-length", "transfer-encoding", "date",
    ]

    private func head(_ call: HTTPCall) -> HTTPRequestHead {
        var headers = HTTPHeaders([("Connection", "close")])
        if let host { headers.add(name: "Host", value: host) }
        for (name, value) in call.headers where !Self.ofConnection.contains(name.lowercased()) {
            headers.add(name: name, value: value)
        }
        headers.add(name: "Content-Length", value: String(call.body.count))
        return HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: call.method), uri: call.target, headers: headers)
    }

    private static func answer(
        from inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>
    ) async throws -> HTTPReply {
        var reply = HTTPReply(0, contentType: "", pieces: [])
        var body: [UInt8] = []
        for try await part in inbound {
            switch part {
            case .head(let head):
                reply.status = Int(head.status.code)
                reply.headers = head.headers.filter { !ofConnection.contains($0.name.lowercased()) }
            case .body(let bytes): body += bytes.readableBytesView
            case .end:
                reply.pieces = [.bytes(body)]
                return reply
            }
        }
        throw ChannelError.eof
    }
}
