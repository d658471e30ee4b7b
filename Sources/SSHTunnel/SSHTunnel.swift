import NIOCore
import NIOPosix
import Synchronization

/// A local Unix socket whose connections end at a socket of a remote host, all over one SSH session.
///
/// When the session is lost, its connections end and the next one opens a new session.
package final class SSHTunnel: Sendable {
    /// The socket to connect to.
    package let localPath: String
    private let loop: any EventLoop
    private let core: TunnelCore
    private let listener: Mutex<(any Channel)?> = Mutex(nil)

    init(route: SSHRoute, localPath: String, settings: SSHTunnels.Settings, loop: any EventLoop) {
        self.localPath = localPath
        self.loop = loop
        core = TunnelCore(route: route, settings: settings, loop: loop)
    }

    /// Why connections fail at present or failed last; nil while the tunnel carries them.
    package var lastFailure: SSHError? { core.lastFailure.withLock { $0 } }

    /// Connections that are open or on their way.
    package func connectionCount() async -> Int {
        (try? await loop.submit { [core] in core.connectionCount }.get()) ?? 0
    }

    /// Bytes that wait in the session, in both directions; the buffers of its sockets are not counted.
    package func bufferedBytes() async -> Int {
        (try? await loop.submit { [core] in core.bufferedBytes }.get()) ?? 0
    }

    /// Ends every connection, the session and the listener.
    package func close() async {
        let channel = listener.withLock { listener in
            defer { listener = nil }
            return listener
        }
        let core = core
        // Shielded: awaited at once.
        await Task {
            try? await channel?.close().get()
            let connecting = try? await core.loop.submit { core.close() }.get()
            await connecting?.value
        }.value
    }

    func start() async throws(SSHError) {
        try await core.connect()
        do {
            let channel = try await listen()
            listener.withLock { $0 = channel }
        } catch {
            throw SSHError(
                .localEndpoint, host: core.host, "\(localPath) cannot be listened on: \(error)", cause: error)
        }
    }

    private func listen() async throws -> any Channel {
        let core = core
        return try await ServerBootstrap(group: loop, childGroup: loop)
            .serverChannelOption(.backlog, value: 1024)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.writeBufferWaterMark, value: Self.waterMark)
            .childChannelOption(.recvAllocator, value: Self.allocator)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = LocalConnection(core: core)
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            }
            .bind(unixDomainSocketPath: localPath).get()
    }

    private static let waterMark = ChannelOptions.Types.WriteBufferWaterMark(low: 128 << 10, high: 512 << 10)
    private static let allocator = AdaptiveRecvByteBufferAllocator(
        minimum: 1 << 10, initial: 4 << 10, maximum: 64 << 10)
}
