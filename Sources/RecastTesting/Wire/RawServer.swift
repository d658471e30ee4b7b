import NIOCore

/// A server that speaks bytes: for answers that no HTTP library would send.
package enum RawServer {
    /// One connection.
    package struct Connection: Sendable {
        fileprivate let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

        package func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }
        package func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }
    }

    /// Every request is given to `respond` once its empty line is there; the connection is closed when that says `false`.
    package static func withServer<Result: Sendable>(
        at address: ListenerAddress, respond: @escaping @Sendable (String, Connection) async throws -> Bool,
        body: (LocalListener) async throws -> Result
    ) async throws -> Result {
        try await LocalListener.withListener(
            at: address,
            configure: { try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: $0) },
            serve: { connection in
                try await connection.executeThenClose { inbound, outbound in
                    var received = ""
                    for try await bytes in inbound {
                        received += String(buffer: bytes)
                        guard received.contains("\r\n\r\n") else { continue }
                        let request = received
                        received = ""
                        guard try await respond(request, Connection(outbound: outbound)) else { return }
                    }
                }
            },
            body: body)
    }
}
