import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Opens what carries the first session of a chain.
struct TransportOpener: Sendable {
    let loop: any EventLoop

    func open(_ hop: SSHHop, for session: SSHSession, deadline: NIODeadline, _ abort: SessionChain.Abort) async throws {
        switch hop.transport {
        case .tcp: try await openTCP(hop, session, deadline, abort)
        case .command(let words): try await openCommand(words, hop, session)
        }
    }

    private func openTCP(
        _ hop: SSHHop, _ session: SSHSession, _ deadline: NIODeadline, _ abort: SessionChain.Abort
    ) async throws {
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(deadline - .now())
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.writeBufferWaterMark, value: Self.waterMark)
            .channelOption(.recvAllocator, value: Self.allocator)
            // A turn for every read: what came is still in the processor's cache.
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let close: (SSHError) -> Void = { _ in channel.close(promise: nil) }
                    abort.add(close)
                    try channel.pipeline.syncOperations.addHandler(ChannelTransport(session: session))
                }
            }
        do {
            _ = try await bootstrap.connect(host: hop.host, port: hop.port).get()
        } catch {
            throw Self.explain(error, hop)
        }
    }

    private func openCommand(_ words: [String], _ hop: SSHHop, _ session: SSHSession) async throws {
        guard let program = words.first else {
            throw SSHError(.proxyCommandFailed, host: hop.host, "the proxy command is empty")
        }
        let proxy = ProxyCommand(program: program, arguments: Array(words.dropFirst()), host: hop.host)
        let (ours, theirs) = try Self.socketPair(hop)
        do {
            _ = try await NIOPipeBootstrap(group: loop)
                .channelOption(.writeBufferWaterMark, value: Self.waterMark)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let transport = ChannelTransport(session: session, proxy: proxy)
                        try channel.pipeline.syncOperations.addHandler(transport)
                    }
                }
                .takingOwnershipOfDescriptor(inputOutput: ours).get()
        } catch {
            _ = close(theirs)
            throw SSHError(.proxyCommandFailed, host: hop.host, "\(error)", cause: error)
        }
        proxy.start(on: theirs, for: session)
    }

    private static func socketPair(_ hop: SSHHop) throws -> (Int32, Int32) {
        var pair: [Int32] = [-1, -1]
        guard unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
            throw SSHError(.proxyCommandFailed, host: hop.host, "no socket pair for the proxy command (errno \(errno))")
        }
        return (pair[0], pair[1])
    }

    private static let waterMark = ChannelOptions.Types.WriteBufferWaterMark(low: 128 << 10, high: 512 << 10)
    private static let allocator = AdaptiveRecvByteBufferAllocator(
        minimum: 1 << 10, initial: 16 << 10, maximum: 128 << 10)

    private static func explain(_ error: any Error, _ hop: SSHHop) -> SSHError {
        let place = "\(hop.host):\(hop.port)"
        if let error = error as? NIOConnectionError, error.connectionErrors.isEmpty {
            return SSHError(.hostNotFound, host: hop.host, "the name \(hop.host) does not resolve", cause: error)
        }
        let causes = (error as? NIOConnectionError)?.connectionErrors.map(\.error) ?? [error]
        let codes = causes.compactMap { ($0 as? IOError)?.errnoCode }
        if codes.contains(ECONNREFUSED) {
            let words = "\(place) refuses connections; is sshd running, and on this port?"
            return SSHError(.connectionRefused, host: hop.host, words, cause: error)
        }
        let isLate = causes.contains {
            if case .connectTimeout = $0 as? ChannelError { true } else { false }
        }
        if isLate || codes.contains(ETIMEDOUT) {
            let words = "\(place) does not answer within \(hop.connectTimeout); is the host up?"
            return SSHError(.timedOut, host: hop.host, words, cause: error)
        }
        let reason = codes.first.flatMap(words(of:)) ?? "\(causes[0])"
        return SSHError(.unreachable, host: hop.host, "\(place) cannot be reached: \(reason)", cause: error)
    }

    /// What the system calls an error number.
    private static func words(of code: CInt) -> String? {
        unsafe strerror(code).map { unsafe String(cString: $0).lowercased() }
    }
}
