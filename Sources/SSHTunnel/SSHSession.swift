import CSSH2
import NIOCore

/// One SSH connection as a machine without input or output of its own.
///
/// Bytes come in by `receive` and leave through the transport. All work happens in turns: each runs the pending
/// operations, lets the library take all input, moves the data of every stream and sends what has gathered.
///
/// Sendable because every member is used on `loop` alone, which the entry points assert.
@safe
final class SSHSession: @unchecked Sendable {
    /// What happens next on the connection; the library can do one such thing at a time.
    struct Operation {
        /// True when the operation is over.
        let step: () -> Bool
        let fail: (SSHError) -> Void
    }

    let loop: any EventLoop
    /// The name of the server in errors.
    let host: String
    /// Why the session is over.
    private(set) var failure: SSHError?
    private var cleanUps: [(SSHError) -> Void] = []
    /// The stage, for the bounds on what a server may send and for errors.
    var isAuthenticated = false
    /// Whatever came in the clear.
    private(set) var scanner = HandshakeScanner()
    var offer = ServerProposal()
    /// False until the handshake was asked for; what comes before waits for it.
    var hasBegun = false
    /// A session channel that is never read: it lets the library take input while nothing else is open.
    var anchor: OpaquePointer?
    /// OpenSSH before 10 answers with Nagle's algorithm until the connection runs something: each answer then waits for
    /// the acknowledgement of the one before, which a system holds back for 40 ms unless it is told not to.
    var acknowledgesQuickly = true
    /// Set while the library waits for a signature, see `SSHSession+Authentication`.
    var signing = SigningState.idle
    /// True when anything has come since this was last set to false.
    var hasHeard = false
    var streams: [SSHStream] = []

    private(set) var handle: OpaquePointer?
    private(set) var transportEnded = false
    private var transport: (any SSHTransport)?
    private var inbound = ByteBuffer()
    private var outbound = ByteBuffer()
    private var operations: [Operation] = []
    private var released = unsafe [OpaquePointer]()
    private var inTurn = false
    private var again = false
    private var turnScheduled = false

    /// The most that a server may send before the user is authenticated, in bytes.
    static let unauthenticatedLimit = 1 << 20
    /// The most that a server may send before its identification string, in bytes.
    private static let linesLimit = 64 << 10
    /// The size at which a turn sends what it has gathered.
    private static let outboundLimit = 256 << 10

    init(loop: any EventLoop, host: String) {
        self.loop = loop
        self.host = host
        unsafe handle = LibSSH2.makeSession(owner: self)
    }

    deinit {
        if let handle = unsafe handle { unsafe libssh2_session_free(handle) }
    }

    // MARK: The transport's side

    func attach(_ transport: any SSHTransport) {
        loop.preconditionInEventLoop()
        self.transport = transport
        if failure != nil { transport.close() }
    }

    /// Takes bytes of the server; a turn must follow.
    func receive(_ bytes: ByteBuffer) {
        guard failure == nil else { return }
        hasHeard = true
        if scanner.stage != .over || !isAuthenticated { inspect(bytes) }
        if inbound.readableBytes == 0 {
            inbound = bytes
        } else {
            inbound.writeImmutableBuffer(bytes)
        }
    }

    /// The transport brings nothing more and takes nothing more.
    func transportDidEnd() {
        guard !transportEnded else { return }
        transportEnded = true
        turn()
    }

    private func inspect(_ bytes: ByteBuffer) {
        scanner.receive(bytes.readableBytesView)
        let limit = scanner.stage == .lines ? Self.linesLimit : Self.unauthenticatedLimit
        guard scanner.count > limit else { return }
        end(
            scanner.stage == .lines
                ? notSSH() : error(.protocolViolation, "the server sends more than a handshake can need"))
    }

    /// Gives input to the library: a count, 0 at the end, or a negated errno.
    func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard inbound.readableBytes > 0 else {
            return transportEnded || failure != nil ? 0 : -LibSSH2.again
        }
        return unsafe inbound.readWithUnsafeReadableBytes { bytes in
            let count = min(bytes.count, buffer.count)
            unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.prefix(count)))
            return (count, count)
        }
    }

    /// Takes output of the library; never less than all of it.
    func give(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard !transportEnded else { return -LibSSH2.brokenPipe }
        unsafe outbound.writeBytes(bytes)
        return bytes.count
    }

    // MARK: Turns

    /// Does all that can be done now.
    ///
    /// A call from within a turn makes that turn go round once more.
    func turn() {
        loop.preconditionInEventLoop()
        guard !inTurn else {
            again = true
            return
        }
        guard hasBegun, unsafe handle != nil else { return }
        inTurn = true
        repeat {
            again = false
            let unread = inbound.readableBytes
            step()
            if inbound.readableBytes > 0, inbound.readableBytes < unread { again = true }
        } while again && failure == nil
        inTurn = false
        if failure == nil, transportEnded { failure = error(.connectionLost, "the connection was closed") }
        if failure != nil { finish() }
    }

    /// Takes one turn for all who ask while the loop handles what is ready.
    func turnSoon() {
        guard !turnScheduled else { return }
        turnScheduled = true
        loop.execute {
            self.turnScheduled = false
            self.turn()
        }
    }

    private func step() {
        runOperations()
        drain()
        for stream in streams where failure == nil {
            stream.pump()
        }
        streams.removeAll { $0.isReleased }
        unsafe released.removeAll { unsafe libssh2_channel_free($0) != LibSSH2.wouldBlock }
        if isAuthenticated, unsafe anchor == nil, streams.isEmpty, operations.isEmpty, inbound.readableBytes > 0 {
            probe()
        }
        flush()
    }

    private func runOperations() {
        while failure == nil, let first = operations.first, first.step() {
            operations.removeFirst()
        }
    }

    /// Lets the library take all input and answer what the server asks.
    ///
    /// It puts the data of all streams into queues, whichever channel asks.
    private func drain() {
        guard failure == nil else { return }
        if let anchor = unsafe anchor { return unsafe drain(through: anchor) }
        _ = streams.contains { $0.takeInput() }
    }

    /// Consumes nothing of the channel's own data.
    func drain(through channel: OpaquePointer) {
        var nothing: CChar = 0
        let result = unsafe libssh2_channel_read_ex(channel, 0, &nothing, 0)
        if result < 0, result != Int(LibSSH2.wouldBlock) { end(lost(Int32(result))) }
    }

    func flush() {
        guard outbound.readableBytes > 0, let transport else { return }
        let bytes = outbound
        outbound = ByteBuffer()
        transport.send(bytes)
        if acknowledgesQuickly { transport.acknowledgeQuickly() }
    }

    /// Whether a stream may hand data to the library now.
    var canWrite: Bool {
        if outbound.readableBytes >= Self.outboundLimit { flush() }
        return transport?.isWritable ?? false
    }

    /// Bytes that wait inside this session, for tests.
    var bufferedBytes: Int {
        inbound.readableBytes + outbound.readableBytes + streams.reduce(0) { $0 + $1.bufferedBytes }
    }

    // MARK: Operations

    /// Runs a step whenever there is input until it returns a value; steps of one session run one after another.
    func perform<Value: Sendable>(_ step: @escaping () throws -> Value?) -> EventLoopFuture<Value> {
        let promise = loop.makePromise(of: Value.self)
        if let failure {
            promise.fail(failure)
            return promise.futureResult
        }
        operations.append(
            Operation(
                step: {
                    do {
                        guard let value = try step() else { return false }
                        promise.succeed(value)
                    } catch {
                        promise.fail(error)
                    }
                    return true
                }, fail: { promise.fail($0) }))
        turn()
        return promise.futureResult
    }

    var isIdle: Bool { operations.isEmpty }

    /// Frees a channel as soon as the library can.
    func release(_ channel: OpaquePointer) {
        if unsafe libssh2_channel_free(channel) == LibSSH2.wouldBlock { unsafe released.append(channel) }
    }

    // MARK: The end

    /// Ends the session: everything that waits gets the error, every stream closes, the transport closes.
    func end(_ error: SSHError) {
        guard failure == nil else { return }
        failure = error
        if !inTurn { finish() }
    }

    private func finish() {
        guard let failure, let handle = unsafe handle else { return }
        inTurn = true
        unsafe self.handle = nil
        let waiting = operations
        operations = []
        // Before any connection ends, so that whoever sees the end can learn the reason.
        let actions = cleanUps
        cleanUps = []
        for action in actions { action(failure) }
        for stream in streams { stream.sessionDidEnd() }
        streams = []
        if !transportEnded { unsafe _ = libssh2_session_disconnect_ex(handle, SSH_DISCONNECT_BY_APPLICATION, "", "") }
        flush()
        transportEnded = true
        unsafe _ = libssh2_session_free(handle)
        unsafe anchor = nil
        unsafe released = []
        inbound = ByteBuffer()
        for operation in waiting { operation.fail(failure) }
        transport?.close()
        transport = nil
        inTurn = false
    }

    /// Runs an action once, when the session has ended.
    func whenEnded(_ action: @escaping (SSHError) -> Void) {
        if let failure, unsafe handle == nil { action(failure) } else { cleanUps.append(action) }
    }

    /// Throws the reason when the session ends; returns when the task is cancelled.
    func waitForEnd() async throws {
        let promise = loop.makePromise(of: Void.self)
        loop.execute { self.whenEnded { promise.fail($0) } }
        try await withTaskCancellationHandler {
            try await promise.futureResult.get()
        } onCancel: {
            promise.succeed()
        }
    }
}
