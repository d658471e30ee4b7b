import NIOCore
import NIOPosix
import Synchronization

/// Stands between a client and a real engine, counts the calls that change something, and can act at one of them.
package final class EngineProxy: Sendable {
    /// When the chosen call is met.
    package enum Moment: Hashable, Sendable, CaseIterable {
        /// The engine never sees the call.
        case beforeCall
        /// The engine does the work, and its reply is not passed on.
        case beforeReply
    }

    private let count = Mutex(0)
    private let target: Int?
    private let moment: Moment
    private let act: @Sendable () -> Void

    private init(target: Int?, moment: Moment, act: @escaping @Sendable () -> Void) {
        self.target = target
        self.moment = moment
        self.act = act
    }

    /// How many calls changed something so far.
    package var mutatingCalls: Int { count.withLock { $0 } }

    /// Gives `body` a proxy for the time that it runs.
    ///
    /// `socket`: the engine's.
    ///
    /// `target`: the number, from 1, of the mutating call at which to `act`; `nil`: only count.
    package static func with<Result: Sendable>(
        socket: String, target: Int? = nil, moment: Moment = .beforeCall, act: @escaping @Sendable () -> Void = {},
        _ body: (EngineProxy, _ path: String) async throws -> Result
    ) async throws -> Result {
        let proxy = EngineProxy(target: target, moment: moment, act: act)
        return try await TemporarySocket.with { temporary in
            let server = try await proxy.listen(at: temporary.path, to: socket)
            let outcome: Swift.Result<Result, any Error>
            do { outcome = .success(try await body(proxy, temporary.path)) } catch { outcome = .failure(error) }
            try await server.close()
            return try outcome.get()
        }
    }

    private func listen(at path: String, to engine: String) async throws -> any Channel {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { client in
                ClientBootstrap(group: client.eventLoop).channelOption(.autoRead, value: false)
                    .connect(unixDomainSocketPath: engine)
                    .flatMapThrowing { engine in
                        let (first, second) = (Pipe(), Pipe())
                        first.peer = engine
                        second.peer = client
                        first.inspect = { [self] in isSwallowed($0, second) }
                        second.inspect = { [self] _ in second.isReplyAwaited && actOnReply() }
                        try client.pipeline.syncOperations.addHandler(first)
                        try engine.pipeline.syncOperations.addHandler(second)
                    }
            }
            .bind(unixDomainSocketPath: path).get()
    }

    /// Whether the engine must not see these bytes.
    private func isSwallowed(_ bytes: ByteBuffer, _ reply: Pipe) -> Bool {
        let view = bytes.readableBytesView
        guard ["POST ", "PUT ", "DELETE "].contains(where: { view.starts(with: $0.utf8) }) else { return false }
        let number = count.withLock {
            $0 += 1
            return $0
        }
        guard number == target else { return false }
        if moment == .beforeReply {
            reply.isReplyAwaited = true
            return false
        }
        act()
        return true
    }

    private func actOnReply() -> Bool {
        act()
        return true
    }
}

/// Passes bytes on to its peer, unless told to swallow them.
///
/// Both ends of a connection share one event loop.
private final class Pipe: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    var peer: (any Channel)?
    var inspect: (ByteBuffer) -> Bool = { _ in false }
    var isReplyAwaited = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        if inspect(bytes) {
            context.close(promise: nil)
            peer?.close(promise: nil)
        } else {
            peer?.writeAndFlush(bytes, promise: nil)
        }
    }

    /// The engine's side is connected by now; the client's becomes active when its initialiser is done.
    func handlerAdded(context: ChannelHandlerContext) { if context.channel.isActive { context.read() } }
    func channelActive(context: ChannelHandlerContext) { context.read() }
    func channelReadComplete(context: ChannelHandlerContext) { context.read() }
    func channelInactive(context: ChannelHandlerContext) { peer?.close(promise: nil) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
