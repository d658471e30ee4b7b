import CSSH2
import NIOCore
import SSHWire

/// What a channel leads to.
enum SSHDestination: Sendable {
    /// A Unix socket: `direct-streamlocal@openssh.com`, OpenSSH's PROTOCOL section 2.4.
    case socket(path: String)
    /// A TCP port: `direct-tcpip`, RFC 4254 section 7.2.
    case tcp(host: String, port: Int)
    /// A command, run by the user's login shell.
    case command(String)
    /// Of a type that no server knows: any living server refuses it.
    case nowhere

    fileprivate var type: String {
        switch self {
        case .socket: "direct-streamlocal@openssh.com"
        case .tcp: "direct-tcpip"
        case .command: "session"
        case .nowhere: "probe@libssh2.org"
        }
    }

    fileprivate var message: [UInt8] {
        switch self {
        case .socket(let path):
            WireWriter.string(path.utf8) + WireWriter.string([]) + WireWriter.uint32(0)
        case .tcp(let host, let port):
            WireWriter.string(host.utf8) + WireWriter.uint32(port) + WireWriter.string("127.0.0.1".utf8)
                + WireWriter.uint32(22)
        case .command, .nowhere:
            []
        }
    }
}

/// The server refused a channel; it hardly ever says why.
struct ChannelRefused: Error {}

extension SSHSession {
    private static let window: UInt32 = 2 << 20
    private static let packet: UInt32 = 32 << 10

    /// Opens a channel, or fails with `ChannelRefused`.
    func open(_ destination: SSHDestination) -> EventLoopFuture<SSHStream> {
        openChannel(destination).map { [unowned self] channel in
            let stream = unsafe SSHStream(session: self, channel: channel.pointer)
            streams.append(stream)
            return stream
        }
    }

    /// Opens the channel that is never read, so that input is always taken.
    ///
    /// It runs `true`, because OpenSSH before 10 switches Nagle's algorithm off only for connections that run
    /// something. To servers that refuse it, everything is acknowledged at once instead.
    func openAnchor() -> EventLoopFuture<Void> {
        openChannel(.command("true")).map { [unowned self] channel in
            unsafe anchor = channel.pointer
            acknowledgesQuickly = false
        }.flatMapErrorThrowing { error in
            guard error is ChannelRefused else { throw error }
        }
    }

    /// Makes the server answer: it refuses a channel of an unknown type, which leaves nothing behind on either side.
    func probe() {
        guard isIdle else { return }
        _ = openChannel(.nowhere)
    }

    /// A channel on its way to its owner.
    ///
    /// Sendable because it stays on the session's loop.
    @safe
    private struct Channel: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    private func openChannel(_ destination: SSHDestination) -> EventLoopFuture<Channel> {
        let type = destination.type
        let message = destination.message
        var opened: OpaquePointer?
        return perform { [unowned self] in
            guard let handle = unsafe handle else { return nil }
            if unsafe opened == nil {
                unsafe opened = libssh2_channel_open_ex(
                    handle, type, UInt32(type.utf8.count), Self.window, Self.packet, message, UInt32(message.count))
            }
            guard let channel = unsafe opened else {
                try unsafe checkRefusal(handle)
                return nil
            }
            guard case .command(let command) = destination else { return unsafe Channel(pointer: channel) }
            return try unsafe start(command, on: channel) ? Channel(pointer: channel) : nil
        }
    }

    /// Throws unless the open is merely not over yet.
    private func checkRefusal(_ handle: OpaquePointer) throws {
        switch unsafe libssh2_session_last_errno(handle) {
        case LibSSH2.wouldBlock: return
        case LIBSSH2_ERROR_CHANNEL_FAILURE: throw ChannelRefused()
        case let result:
            let failure = lost(result)
            end(failure)
            throw failure
        }
    }

    /// True once the command runs.
    private func start(_ command: String, on channel: OpaquePointer) throws -> Bool {
        // Before anything can arrive: what is queued already would stay and hide the end.
        unsafe _ = libssh2_channel_handle_extended_data2(channel, LIBSSH2_CHANNEL_EXTENDED_DATA_IGNORE)
        let result = unsafe libssh2_channel_process_startup(
            channel, "exec", 4, command, UInt32(command.utf8.count))
        if result == LibSSH2.wouldBlock { return false }
        guard result == 0 else {
            unsafe release(channel)
            throw ChannelRefused()
        }
        return true
    }
}
