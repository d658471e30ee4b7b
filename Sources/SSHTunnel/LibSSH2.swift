import CSSH2
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The library's process-wide part and the callbacks through which it reaches its session.
enum LibSSH2 {
    /// Zero when the library could be initialised; evaluated once, as `libssh2_init` is not thread-safe.
    static let initialized = libssh2_init(0)

    /// A number that is no descriptor: the library asks `fcntl` once, is refused, and leaves it alone.
    static let noSocket = Int32.max

    /// The result of a call that waits for input.
    static let wouldBlock = LIBSSH2_ERROR_EAGAIN

    /// What callbacks return, negated, when there is no input yet.
    static let again = Int(EAGAIN)
    /// What callbacks return, negated, when nothing can be sent any more.
    static let brokenPipe = Int(EPIPE)

    private typealias Receive =
        @convention(c) (
            Int32, UnsafeMutableRawPointer?, Int, Int32, UnsafeMutablePointer<UnsafeMutableRawPointer?>?
        ) -> Int
    private typealias Send =
        @convention(c) (
            Int32, UnsafeRawPointer?, Int, Int32, UnsafeMutablePointer<UnsafeMutableRawPointer?>?
        ) -> Int

    /// Makes a session whose bytes go through `owner`, which must outlive it; nil without memory.
    static func makeSession(owner: SSHSession) -> OpaquePointer? {
        guard initialized == 0,
            let session = unsafe libssh2_session_init_ex(
                nil, nil, nil, Unmanaged.passUnretained(owner).toOpaque())
        else { return nil }
        let receive: Receive = { _, bytes, count, _, abstract in
            guard let owner = unsafe LibSSH2.owner(abstract), let bytes = unsafe bytes else {
                return -LibSSH2.brokenPipe
            }
            return unsafe owner.take(into: UnsafeMutableRawBufferPointer(start: bytes, count: count))
        }
        let send: Send = { _, bytes, count, _, abstract in
            guard let owner = unsafe LibSSH2.owner(abstract), let bytes = unsafe bytes else {
                return -LibSSH2.brokenPipe
            }
            return unsafe owner.give(UnsafeRawBufferPointer(start: bytes, count: count))
        }
        unsafe libssh2_session_callback_set(
            session, LIBSSH2_CALLBACK_RECV, unsafeBitCast(receive, to: UnsafeMutableRawPointer.self))
        unsafe libssh2_session_callback_set(
            session, LIBSSH2_CALLBACK_SEND, unsafeBitCast(send, to: UnsafeMutableRawPointer.self))
        unsafe libssh2_session_set_blocking(session, 0)
        return unsafe session
    }

    /// The object behind the pointer that the library hands to its callbacks.
    static func owner(_ abstract: UnsafeMutablePointer<UnsafeMutableRawPointer?>?) -> SSHSession? {
        guard let object = unsafe abstract?.pointee else { return nil }
        return unsafe Unmanaged<SSHSession>.fromOpaque(object).takeUnretainedValue()
    }

    /// Copies bytes to where the library may free them.
    static func allocate(_ bytes: [UInt8]) -> UnsafeMutablePointer<UInt8>? {
        guard let copy = unsafe malloc(max(bytes.count, 1))?.assumingMemoryBound(to: UInt8.self) else { return nil }
        unsafe copy.update(from: bytes, count: bytes.count)
        return unsafe copy
    }
}
