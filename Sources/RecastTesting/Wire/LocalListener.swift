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
    private let connections: OpenChannels
    /// The TCP port, where there is one.
    package let port: Int?

    private init(_ connections: OpenChannels, port: Int?) {
        self.connections = connections
        self.port = port
    }

    /// Serves every connection in a task of its own until `body` ends; then all of them are cancelled and awaited.
    package static func withListener<Inbound: Sendable, Outbound: Sendable, Result: Sendable>(
        at address: ListenerAddress,
        configure: @escaping @Sendable (any Channel) throws -> NIOAsyncChannel<Inbound, Outbound>,
        serve: @escaping @Sendable (NIOAsyncChannel<Inbound, Outbound>) async throws -> Void,
        body: (LocalListener) async throws -> Result
    ) async throws -> Result {
        let connections = OpenChannels()
        let server = try await bind(address, connections)
        let listener = LocalListener(connections, port: server.channel.localAddress?.port)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try? await accept(from: server) { try await serve(try await opened($0, configure)) }
                await connections.finish()
            }
            let result = try await body(listener)
            group.cancelAll()
            return result
        }
    }

    /// Closes every open connection from this side.
    package func closeConnections() async { await connections.close() }

    /// Connections do not read until they are served, so that one that comes too late can be dropped.
    private static func bind(
        _ address: ListenerAddress, _ connections: OpenChannels
    ) async throws -> NIOAsyncChannel<any Channel, Never> {
        let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.backlog, value: 256).childChannelOption(.autoRead, value: false)
        let initializer: @Sendable (any Channel) -> EventLoopFuture<any Channel> = { channel in
            channel.eventLoop.makeCompletedFuture {
                try connections.add(channel)
                return channel
            }
        }
        switch address {
        case .unix(let path):
            return try await bootstrap.bind(
                unixDomainSocketPath: path, cleanupExistingSocketFile: true, childChannelInitializer: initializer)
        case .loopback:
            return try await bootstrap.bind(host: "127.0.0.1", port: 0, childChannelInitializer: initializer)
        }
    }

    /// An async channel must be used once it is made, so it is made where it is used, and from an open connection alone.
    private static func opened<Inbound: Sendable, Outbound: Sendable>(
        _ channel: any Channel,
        _ configure: @escaping @Sendable (any Channel) throws -> NIOAsyncChannel<Inbound, Outbound>
    ) async throws -> NIOAsyncChannel<Inbound, Outbound> {
        let connection = try await channel.eventLoop.submit {
            guard channel.isActive else { throw ChannelError.ioOnClosedChannel }
            return try configure(channel)
        }.get()
        channel.setOption(.autoRead, value: true).whenFailure { _ in channel.close(promise: nil) }
        return connection
    }

    private static func accept(
        from server: NIOAsyncChannel<any Channel, Never>,
        _ serve: @escaping @Sendable (any Channel) async throws -> Void
    ) async throws {
        try await withThrowingDiscardingTaskGroup { connections in
            try await server.executeThenClose { inbound in
                for try await channel in inbound {
                    connections.addTask {
                        // A connection that ends in an error is the business of its client alone.
                        try? await serve(channel)
                        try? await channel.close().get()
                    }
                }
            }
        }
    }
}

/// Every channel that is open, so that none outlives its listener.
private final class OpenChannels: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isFinished = false
    }

    private let state = Mutex(State())

    /// - Throws: when the listener has ended meanwhile.
    func add(_ channel: any Channel) throws {
        let id = ObjectIdentifier(channel)
        let isTooLate = state.withLock { state in
            if !state.isFinished { state.channels[id] = channel }
            return state.isFinished
        }
        guard !isTooLate else {
            channel.close(promise: nil)
            throw ChannelError.ioOnClosedChannel
        }
        channel.closeFuture.whenComplete { [self] _ in state.withLock { _ = $0.channels.removeValue(forKey: id) } }
    }

    func close() async {
        for channel in state.withLock({ Array($0.channels.values) }) { try? await channel.close().get() }
    }

    /// Closes what is open and whatever comes later.
    func finish() async {
        state.withLock { $0.isFinished = true }
        await close()
    }
}
