import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Carries a session over a TCP connection or a process.
final class ChannelTransport: ChannelInboundHandler, SSHTransport {
    typealias InboundIn = ByteBuffer

    private let session: SSHSession
    private let proxy: ProxyCommand?
    private var context: ChannelHandlerContext?

    init(session: SSHSession, proxy: ProxyCommand? = nil) {
        self.session = session
        self.proxy = proxy
    }

    var isWritable: Bool { context?.channel.isWritable ?? false }

    func send(_ bytes: ByteBuffer) {
        context?.writeAndFlush(NIOAny(bytes), promise: nil)
    }

    func acknowledgeQuickly() {
        #if os(Linux)
            let option = ChannelOptions.Types.SocketOption(level: .tcp, name: .init(rawValue: TCP_QUICKACK))
            try? context?.channel.syncOptions?.setOption(option, value: 1)
        #endif
    }

    func close() {
        context?.close(promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        session.attach(self)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        session.receive(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        session.turn()
        if session.acknowledgesQuickly { acknowledgeQuickly() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { session.turn() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let proxy {
            proxy.transportDidEnd(of: session)
        } else {
            session.transportDidEnd()
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
