package import NIOCore
import NIOPosix
import Synchronization

/// Where a server of the tests listens.
package enum ListenerAddress: Hashable, Sendable {
    /// At most 107 bytes.
    case unix(path: String)
    /// On 127.0.0.1, at a port that was free.
    case loopback
}

/// A listening socket and its connections, for as long as a scope lasts.
package final class LocalListener: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])
    /// The TCP port, where there is one.
    package let port: Int?

    private init(port: Int?) { self.port = port }

    /// Serves every connection in a task of its own until `body` ends; then all of them are cancelled and awaited.
    package static func withListener<Inbound: Sendable, Outbound: Sendable, Result: Sendable>(
        at address: ListenerAddress,
        configure: @escaping @Sendable (any Channel) throws -> NIOAsyncChannel<Inbound, Outbound>,
        serve: @escaping @Sendable (NIOAsyncChannel<Inbound, Outbound>) async throws -> Void,
        body: (LocalListener) async throws -> Result
    ) async throws -> Result {
        let server = try await bind(address, configure)
        let listener = LocalListener(port: server.channel.localAddress?.port)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.accept(from: server, serve) }
            let result = try await body(listener)
            group.cancelAll()
            return result
        }
    }

    /// Closes every open connection from this side.
    package func closeConnections() async {
        for channel in channels.withLock({ Array($0.values) }) { try? await channel.close().get() }
    }

    private static func bind<Inbound: Sendable, Outbound: Sendable>(
        _ address: ListenerAddress,
        _ configure: @escaping @Sendable (any Channel) throws -> NIOAsyncChannel<Inbound, Outbound>
    ) async throws -> NIOAsyncChannel<NIOAsyncChannel<Inbound, Outbound>, Never> {
        let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.backlog, value: 256)
        let initializer: @Sendable (any Channel) -> EventLoopFuture<NIOAsyncChannel<Inbound, Outbound>> = { channel in
            channel.eventLoop.makeCompletedFuture { try configure(channel) }
        }
        switch address {
        case .unix(let path):
            return try await bootstrap.bind(
                unixDomainSocketPath: path, cleanupExistingSocketFile: true, childChannelInitializer: initializer)
        case .loopback:
            return try await bootstrap.bind(host: "127.0.0.1", port: 0, childChannelInitializer: initializer)
        }
    }

    private func accept<Inbound: Sendable, Outbound: Sendable>(
        from server: NIOAsyncChannel<NIOAsyncChannel<Inbound, Outbound>, Never>,
        _ serve: @escaping @Sendable (NIOAsyncChannel<Inbound, Outbound>) async throws -> Void
    ) async throws {
        try await withThrowingDiscardingTaskGroup { connections in
            try await server.executeThenClose { inbound in
                for try await connection in inbound {
                    connections.addTask { await self.serve(connection, serve) }
                }
            }
        }
    }

    /// A connection that ends in an error is the business of its client alone.
    private func serve<Inbound: Sendable, Outbound: Sendable>(
        _ connection: NIOAsyncChannel<Inbound, Outbound>,
        _ serve: @Sendable (NIOAsyncChannel<Inbound, Outbound>) async throws -> Void
    ) async {
        let id = ObjectIdentifier(connection.channel)
        channels.withLock { $0[id] = connection.channel }
        try? await serve(connection)
        channels.withLock { $0[id] = nil }
    }
}
