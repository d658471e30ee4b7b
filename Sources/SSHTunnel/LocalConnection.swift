import NIOCore

/// Joins a connection of the local socket with a stream; each direction ends on its own.
final class LocalConnection: ChannelInboundHandler, SSHStreamConsumer {
    typealias InboundIn = ByteBuffer

    private let core: TunnelCore
    private var context: ChannelHandlerContext?
    private var stream: SSHStream?
    private var readsPaused = true
    private var inputClosed = false
    private var isOver = false
    private var hasReceived = false
    /// Under way while the end waits for a reason.
    private var diagnosis: EventLoopFuture<Void>?

    init(core: TunnelCore) {
        self.core = core
    }

    func channelActive(context: ChannelHandlerContext) {
        core.connectionDidOpen()
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        core.stream { stream in
            if let stream { connection.value.join(stream) } else { connection.value.refuse() }
        }
        context.fireChannelActive()
    }

    private func refuse() {
        context?.close(promise: nil)
    }

    private func join(_ stream: SSHStream) {
        guard !isOver, let context else { return stream.release() }
        self.stream = stream
        stream.attach(self)
        if inputClosed { stream.endWriting() }
        readMore(context)
    }

    // MARK: From the client

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        stream?.write(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        readsPaused = true
        stream?.turnSoon()
        readMore(context)
    }

    private func readMore(_ context: ChannelHandlerContext) {
        guard readsPaused, !inputClosed, let stream, stream.acceptsMore else { return }
        readsPaused = false
        context.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { stream?.turnSoon() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else { return }
        inputClosed = true
        stream?.endWriting()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isOver = true
        core.connectionDidClose()
        stream?.release()
        stream = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    // MARK: From the stream

    var wantsData: Bool { context?.channel.isWritable ?? false }

    func streamDidReceive(_ bytes: ByteBuffer) {
        if !hasReceived {
            hasReceived = true
            core.connectionDidReceive()
        }
        context?.write(NIOAny(bytes), promise: nil)
    }

    func streamDidReceiveAll() { context?.flush() }

    func streamDidReachEnd() {
        afterFlush { $0.close(mode: .output, promise: nil) }
    }

    func streamIsWritable() {
        if let context { readMore(context) }
    }

    func streamDidClose() {
        stream = nil
        afterFlush { $0.close(promise: nil) }
    }

    /// Closing drops what still waits, so it must follow the last write, and the reason should be known before.
    private func afterFlush(_ action: @escaping (any Channel) -> Void) {
        guard let channel = context?.channel else { return }
        let action = NIOLoopBound(action, eventLoop: channel.eventLoop)
        if !hasReceived, !isOver, diagnosis == nil { diagnosis = core.connectionDidEndEmpty() }
        let ready = diagnosis ?? channel.eventLoop.makeSucceededVoidFuture()
        ready.flatMap { channel.writeAndFlush(ByteBuffer()) }.whenComplete { _ in action.value(channel) }
    }
}
