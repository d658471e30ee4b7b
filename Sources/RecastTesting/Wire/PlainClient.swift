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
        let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(unixDomainSocketPath: socketPath) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
        return try await connection.executeThenClose { inbound, outbound in
            // In one piece: an engine may answer, and close, as soon as it has seen the head.
            let content = HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body ?? [])))
            try await outbound.write(contentsOf: [.head(head(method, path, body)), content, .end(nil)])
            return try await Self.answer(from: inbound)
        }
    }

    private func head(_ method: String, _ path: String, _ body: [UInt8]?) -> HTTPRequestHead {
        var headers = HTTPHeaders([("Connection", "close")])
        if let host { headers.add(name: "Host", value: host) }
        if body != nil { headers.add(name: "Content-Type", value: "application/json") }
        headers.add(name: "Content-Length", value: String(body?.count ?? 0))
        return HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method), uri: path, headers: headers)
    }

    private static func answer(
        from inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>
    ) async throws -> (status: Int, body: [UInt8]) {
        var status = 0
        var body: [UInt8] = []
        for try await part in inbound {
            switch part {
            case .head(let head): status = Int(head.status.code)
            case .body(let bytes): body += bytes.readableBytesView
            case .end: return (status, body)
            }
        }
        throw ChannelError.eof
    }
}
