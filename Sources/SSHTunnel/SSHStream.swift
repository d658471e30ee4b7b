import CSSH2
import NIOCore

/// One channel of a session: two directions of bytes that end one by one.
@safe
final class SSHStream: @unchecked Sendable {
    // Sendable because all members are used on the session's loop alone.
    private let session: SSHSession
    private var channel: OpaquePointer?
    private var pending = ByteBuffer()
    private var endWanted = false
    private var endSent = false
    private var endReached = false
    private var releaseWanted = false
    private var wasFull = false
    private(set) weak var consumer: (any SSHStreamConsumer)?

    /// The size from which on a writer should wait, in bytes.
    static let pendingLimit = 256 << 10
    /// The most that is handed on in one piece, in bytes.
    private static let readLimit = 64 << 10

    init(session: SSHSession, channel: OpaquePointer) {
        self.session = session
        unsafe self.channel = channel
    }

    var isReleased: Bool { unsafe channel == nil }
    /// Bytes that wait here or in the library, in both directions.
    var bufferedBytes: Int {
        guard let channel = unsafe channel else { return 0 }
        return unsafe pending.readableBytes + queuedBytes(channel)
    }
    var acceptsMore: Bool { pending.readableBytes < Self.pendingLimit }

    /// Connects the stream with the one who uses it, which holds the stream in turn.
    func attach(_ consumer: any SSHStreamConsumer) {
        self.consumer = consumer
        if unsafe channel == nil {
            close(consumer)
        } else {
            session.turn()
        }
    }

    /// Takes everything, whatever `acceptsMore` says; a turn of the session must follow.
    func write(_ bytes: ByteBuffer) {
        guard unsafe channel != nil, !endWanted else { return }
        if pending.readableBytes == 0 {
            pending = bytes
        } else {
            pending.writeImmutableBuffer(bytes)
        }
        if !acceptsMore { wasFull = true }
    }

    /// Sends nothing more after what was written.
    func endWriting() {
        endWanted = true
        session.turn()
    }

    /// Gives the channel back; what has not been sent is dropped.
    func release() {
        releaseWanted = true
        session.turn()
    }

    func turn() { session.turn() }
    func turnSoon() { session.turnSoon() }

    func sessionDidEnd() {
        unsafe channel = nil
        pending = ByteBuffer()
        if let consumer { close(consumer) }
    }

    /// Moves what can be moved; the session has taken all input before.
    func pump() {
        guard let channel = unsafe channel else { return }
        guard !releaseWanted else { return unsafe finish(channel) }
        unsafe pumpOut(channel)
        guard let consumer else { return }
        unsafe pumpIn(channel, consumer)
        if unsafe endReached && (endSent || libssh2_channel_wait_closed(channel) >= 0) {
            releaseWanted = true
        }
        if releaseWanted { unsafe finish(channel) }
    }

    private func pumpOut(_ channel: OpaquePointer) {
        while pending.readableBytes > 0, session.canWrite {
            let count = unsafe pending.withUnsafeReadableBytes { bytes in
                unsafe libssh2_channel_write_ex(
                    channel, 0, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
            }
            guard count > 0 else {
                if count < 0, count != Int(LibSSH2.wouldBlock) { writeDidFail(Int32(count)) }
                break
            }
            pending.moveReaderIndex(forwardBy: count)
        }
        if wasFull, pending.readableBytes < Self.pendingLimit / 2 {
            wasFull = false
            consumer?.streamIsWritable()
        }
        if pending.readableBytes == 0, endWanted, !endSent {
            endSent = unsafe libssh2_channel_send_eof(channel) != LibSSH2.wouldBlock
        }
    }

    private func writeDidFail(_ result: Int32) {
        pending = ByteBuffer()
        switch result {
        case LIBSSH2_ERROR_CHANNEL_CLOSED, LIBSSH2_ERROR_CHANNEL_EOF_SENT: endSent = true
        default: session.end(session.lost(result))
        }
    }

    private func pumpIn(_ channel: OpaquePointer, _ consumer: any SSHStreamConsumer) {
        var delivered = false
        while !endReached, !releaseWanted, consumer.wantsData {
            let available = unsafe queuedBytes(channel)
            guard available > 0 else {
                if unsafe libssh2_channel_eof(channel) == 1 { reachEnd(consumer) }
                break
            }
            guard let bytes = unsafe read(channel, min(available, Self.readLimit)) else { break }
            consumer.streamDidReceive(bytes)
            delivered = true
        }
        if delivered { consumer.streamDidReceiveAll() }
    }

    /// The bytes that the library holds for this channel, or a few more as it counts headers too.
    private func queuedBytes(_ channel: OpaquePointer) -> Int {
        var count: UInt = 0
        unsafe _ = libssh2_channel_window_read_ex(channel, &count, nil)
        return Int(clamping: count)
    }

    /// At most `limit` bytes; nil when there are none for now.
    private func read(_ channel: OpaquePointer, _ limit: Int) -> ByteBuffer? {
        var bytes = ByteBuffer()
        var result = 0
        unsafe bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: limit) { space in
            result = unsafe libssh2_channel_read_ex(
                channel, 0, space.baseAddress?.assumingMemoryBound(to: CChar.self), space.count)
            return max(result, 0)
        }
        if result < 0, result != Int(LibSSH2.wouldBlock) { session.end(session.lost(Int32(result))) }
        return result > 0 ? bytes : nil
    }

    private func reachEnd(_ consumer: any SSHStreamConsumer) {
        endReached = true
        consumer.streamDidReachEnd()
    }

    /// Lets the library take input and leaves this channel's data where it is; false when it is released already.
    func takeInput() -> Bool {
        guard let channel = unsafe channel else { return false }
        unsafe session.drain(through: channel)
        return true
    }

    private func finish(_ channel: OpaquePointer) {
        unsafe self.channel = nil
        pending = ByteBuffer()
        unsafe session.release(channel)
        if let consumer { close(consumer) }
    }

    private func close(_ consumer: any SSHStreamConsumer) {
        self.consumer = nil
        consumer.streamDidClose()
    }
}
