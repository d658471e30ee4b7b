import NIOCore
import NIOSSL
import RecastTesting

/// An engine behind TLS that answers every request with its version.
enum TLSServer {
    /// `clients`: the authority whose clients are let in; `nil`: all are.
    static func with<Result: Sendable>(
        _ own: TestCertificates.Pair, clients: String? = nil, newest: TLSVersion? = nil,
        _ body: (Int) async throws -> Result
    ) async throws -> Result {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(own.certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: own.key, format: .pem)))
        configuration.maximumTLSVersion = newest
        if let clients {
            configuration.trustRoots = .file(clients)
            configuration.certificateVerification = .noHostnameVerification
        }
        let context = try NIOSSLContext(configuration: configuration)
        let version = #"{"Version":"20.10.24","ApiVersion":"1.41","MinAPIVersion":"1.12","Os":"linux","Arch":"amd64"}"#
        return try await LocalListener.withListener(
            at: .loopback,
            configure: { channel in
                try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            },
            serve: { connection in
                try await connection.executeThenClose { inbound, outbound in
                    for try await bytes in inbound where String(buffer: bytes).contains("\r\n\r\n") {
                        try await outbound.write(ByteBuffer(string: http("200 OK", version)))
                    }
                }
            },
            body: { listener in try await body(listener.port ?? 0) })
    }

    /// A server that answers whatever it gets with plain HTTP, as one does that knows no TLS.
    static func withPlainText<Result: Sendable>(_ body: (Int) async throws -> Result) async throws -> Result {
        try await LocalListener.withListener(
            at: .loopback,
            configure: { try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: $0) },
            serve: { connection in
                try await connection.executeThenClose { inbound, outbound in
                    for try await _ in inbound {
                        return try await outbound.write(ByteBuffer(string: http("400 Bad Request", "")))
                    }
                }
            },
            body: { listener in try await body(listener.port ?? 0) })
    }
}
