import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Looks at how an engine's TLS goes wrong; it sends nothing above TLS.
///
/// The library says that a certificate was refused, and not why; and a server tells what it holds against the client
/// only after the handshake, when the answer to the first request may already have been cut off.
struct TLSProbe {
    let host: String
    let port: Int
    let expectedName: String?
    let configuration: TLSConfiguration

    private static let patience = TimeAmount.seconds(5)

    /// The certificates that the engine presents, its own first; empty when there are none.
    func presentedChain() async -> [NIOSSLCertificate] {
        let chain = Found<[NIOSSLCertificate]>()
        await run { [configuration, name = expectedName] in
            try NIOSSLClientHandler(
                context: try NIOSSLContext(configuration: configuration), serverHostname: name,
                customVerificationCallback: { certificates, verdict in
                    chain.keep(certificates)
                    // They were seen; nothing else is wanted of this connection.
                    verdict.succeed(.failed)
                })
        } onError: { _ in
        }
        return chain.value ?? []
    }

    /// The first error of a connection on which the client says nothing after the handshake.
    func error() async -> (any Error)? {
        let first = Found<any Error>()
        await run { [configuration, name = expectedName] in
            try NIOSSLClientHandler(context: try NIOSSLContext(configuration: configuration), serverHostname: name)
        } onError: {
            first.keep($0)
        }
        return first.value
    }

    private func run(
        _ handler: @escaping @Sendable () throws -> NIOSSLClientHandler,
        onError: @escaping @Sendable (any Error) -> Void
    ) async {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(Self.patience)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(try handler())
                    try channel.pipeline.syncOperations.addHandler(ErrorListener(onError: onError))
                }
            }
        do {
            let channel = try await bootstrap.connect(host: host, port: port).get()
            let deadline = channel.eventLoop.scheduleTask(in: Self.patience) { channel.close(mode: .all, promise: nil) }
            try await withTaskCancellationHandler {
                try await channel.closeFuture.get()
            } onCancel: {
                channel.close(mode: .all, promise: nil)
            }
            deadline.cancel()
        } catch {
            onError(error)
        }
    }

    /// The first value that a callback gives.
    private final class Found<Value: Sendable>: Sendable {
        private let found = Mutex<Value?>(nil)
        var value: Value? { found.withLock { $0 } }
        func keep(_ value: Value) {
            found.withLock { if $0 == nil { $0 = value } }
        }
    }

    private final class ErrorListener: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let onError: @Sendable (any Error) -> Void

        init(onError: @escaping @Sendable (any Error) -> Void) { self.onError = onError }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            onError(error)
            context.close(promise: nil)
        }
    }
}
