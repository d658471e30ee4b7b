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

    init(session: SSHSession, channel: OpaquePointer) {
        self.session = session
        unsafe self.channel = channel
    }

    var isReleased: Bool { unsafe channel == nil }
    var pendingBytes: Int { pending.readableBytes }
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

    func sessionDidEnd() {
        unsafe channel = nil
        pending = ByteBuffer()
        if let consumer { close(consumer) }
    }

    /// The status with which a remote command has ended, once it has.
    var exitStatus: Int32? {
        guard let channel = unsafe channel else { return nil }
        return unsafe libssh2_channel_get_exit_status(channel)
    }

    func pump(scratch: UnsafeMutableRawBufferPointer) {
        guard let channel = unsafe channel else { return }
        guard !releaseWanted else { return unsafe finish(channel) }
        unsafe pumpOut(channel)
        guard let consumer else {
            return unsafe poke(channel)
        }
        unsafe pumpIn(channel, consumer, scratch)
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

    private func pumpIn(
        _ channel: OpaquePointer, _ consumer: any SSHStreamConsumer, _ scratch: UnsafeMutableRawBufferPointer
    ) {
        var delivered = false
        while !endReached {
            guard consumer.wantsData else {
                unsafe poke(channel)
                break
            }
            let count = unsafe libssh2_channel_read_ex(
                channel, 0, scratch.baseAddress?.assumingMemoryBound(to: CChar.self), scratch.count)
            guard count > 0 else {
                unsafe readDidStop(channel, count, consumer)
                break
            }
            unsafe consumer.streamDidReceive(ByteBuffer(bytes: UnsafeRawBufferPointer(rebasing: scratch.prefix(count))))
            delivered = true
        }
        if delivered { consumer.streamDidReceiveAll() }
    }

    private func readDidStop(_ channel: OpaquePointer, _ count: Int, _ consumer: any SSHStreamConsumer) {
        if count == 0, unsafe libssh2_channel_eof(channel) == 1 {
            endReached = true
            consumer.streamDidReachEnd()
        } else if count < 0, count != Int(LibSSH2.wouldBlock) {
            session.end(session.lost(Int32(count)))
        }
    }

    /// Lets the library take input and leaves this channel's data where it is.
    private func poke(_ channel: OpaquePointer) {
        var nothing: CChar = 0
        let result = unsafe libssh2_channel_read_ex(channel, 0, &nothing, 0)
        if result < 0, result != Int(LibSSH2.wouldBlock) { session.end(session.lost(Int32(result))) }
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
