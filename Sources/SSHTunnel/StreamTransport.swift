import NIOCore

/// Carries a session inside a channel of another one.
final class StreamTransport: SSHTransport, SSHStreamConsumer {
    private let stream: SSHStream
    private unowned let session: SSHSession

    init(stream: SSHStream, session: SSHSession) {
        self.stream = stream
        self.session = session
    }

    func start() {
        session.attach(self)
        stream.attach(self)
    }

    var isWritable: Bool { stream.acceptsMore }

    func send(_ bytes: ByteBuffer) {
        stream.write(bytes)
        stream.turn()
    }

    /// The outermost session sees to it.
    func acknowledgeQuickly() {}

    func close() { stream.release() }

    var wantsData: Bool { true }
    func streamDidReceive(_ bytes: ByteBuffer) { session.receive(bytes) }
    func streamDidReceiveAll() { session.turn() }
    func streamDidReachEnd() { session.transportDidEnd() }
    func streamIsWritable() { session.turn() }
    func streamDidClose() { session.transportDidEnd() }
}
