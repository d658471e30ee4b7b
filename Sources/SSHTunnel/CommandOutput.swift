import NIOCore

/// Gathers what a remote command prints.
///
/// Sendable because it stays on its session's loop.
final class CommandOutput: SSHStreamConsumer, @unchecked Sendable {
    private let promise: EventLoopPromise<String>
    private let stream: SSHStream
    private var bytes = ByteBuffer()

    private static let limit = 64 << 10

    /// The output of a command, at most 64 KiB of it.
    static func of(_ command: String, on session: SSHSession) -> EventLoopFuture<String> {
        session.open(.command(command)).flatMap { stream in
            let promise = session.loop.makePromise(of: String.self)
            let output = CommandOutput(stream, promise)
            stream.attach(output)
            // The stream holds its consumer weakly; the output lives until the command is over.
            promise.futureResult.whenComplete { _ in output.stop() }
            stream.endWriting()
            return promise.futureResult
        }
    }

    private init(_ stream: SSHStream, _ promise: EventLoopPromise<String>) {
        self.stream = stream
        self.promise = promise
    }

    private func stop() { stream.release() }

    var wantsData: Bool { bytes.readableBytes < Self.limit }
    func streamDidReceive(_ bytes: ByteBuffer) { self.bytes.writeImmutableBuffer(bytes) }
    func streamDidReceiveAll() { if !wantsData { streamDidClose() } }
    func streamDidReachEnd() { streamDidClose() }
    func streamIsWritable() {}
    func streamDidClose() { promise.succeed(String(buffer: bytes)) }
}
