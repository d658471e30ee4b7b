import NIOCore
import Synchronization

/// The session behind a tunnel: made on demand, shared by all connections, made anew after a loss.
///
/// Sendable because every member but `lastFailure` is used on `loop` alone.
final class TunnelCore: @unchecked Sendable {
    let loop: any EventLoop
    let lastFailure: Mutex<SSHError?> = Mutex(nil)
    private let route: SSHRoute
    private let settings: SSHTunnels.Settings
    private var state = State.idle
    private var sessions: [SSHSession] = []
    /// What connections use: the socket itself, or a command that reaches it.
    private var destination: SSHDestination
    /// The channel that proved the socket; the first connection gets it.
    private var firstStream: SSHStream?
    private var waiting: [(Result<Void, SSHError>) -> Void] = []
    private var failures = 0
    private var retryTime = NIODeadline.uptimeNanoseconds(0)
    private(set) var connectionCount = 0

    private enum State {
        case idle
        case connecting(Task<Void, Never>)
        case connected
        case closed
    }

    init(route: SSHRoute, settings: SSHTunnels.Settings, loop: any EventLoop) {
        self.route = route
        self.settings = settings
        self.loop = loop
        destination = .socket(path: route.socketPath)
    }

    var host: String { route.hops.last?.host ?? "" }
    var bufferedBytes: Int { sessions.reduce(0) { $0 + $1.bufferedBytes } }

    // MARK: Connections

    func connectionDidOpen() { connectionCount += 1 }
    func connectionDidClose() { connectionCount -= 1 }

    /// Calls back with a stream to the socket, or with nil when there is none to be had.
    func stream(_ deliver: @escaping @Sendable (SSHStream?) -> Void) {
        loop.preconditionInEventLoop()
        whenConnected { [self] result in
            guard case .success = result, let session = sessions.last else { return deliver(nil) }
            if let first = firstStream {
                firstStream = nil
                if !first.isReleased { return deliver(first) }
            }
            session.open(destination).whenComplete { result in
                switch result {
                case .success(let stream):
                    if case .socket = self.destination { self.connectionDidReceive() }
                    deliver(stream)
                case .failure(let error): self.refused(error, on: session, deliver)
                }
            }
        }
    }

    /// The daemon is there.
    func connectionDidReceive() { lastFailure.withLock { $0 = nil } }

    /// Finds out why, when a command carried the connection: its end alone does not tell.
    func connectionDidEndEmpty() -> EventLoopFuture<Void> {
        guard case .command = destination, let session = sessions.last else { return loop.makeSucceededVoidFuture() }
        return diagnose(session).map { probe in
            guard let failure = probe.map({ self.explain($0) }), failure.code != .forwardingProhibited else { return }
            self.lastFailure.withLock { $0 = failure }
        }.recover { _ in }
    }

    /// A refusal in the middle of the work: the daemon may have stopped.
    private func refused(
        _ error: any Error, on session: SSHSession, _ deliver: @escaping @Sendable (SSHStream?) -> Void
    ) {
        guard error is ChannelRefused else { return deliver(nil) }
        diagnose(session).whenComplete { result in
            if case .success(let probe) = result {
                self.lastFailure.withLock { $0 = self.explain(probe) }
            }
            deliver(nil)
        }
    }

    private func whenConnected(_ action: @escaping (Result<Void, SSHError>) -> Void) {
        switch state {
        case .connected: action(.success(()))
        case .closed: action(.failure(SSHError(.closed, host: host, "the tunnel is closed")))
        case .connecting: waiting.append(action)
        case .idle:
            waiting.append(action)
            // Ends by itself; `close` cancels it and waits for it.
            state = .connecting(Task { await self.reconnect() })
        }
    }

    // MARK: The session

    /// Connects for the first time.
    func connect() async throws(SSHError) {
        let ready = try await prepare()
        let isClosed = try? await loop.submit { self.adopt(ready) }.get()
        if let error = isClosed ?? nil { throw error }
    }

    private func reconnect() async {
        let result: Result<Ready, SSHError>
        do throws(SSHError) {
            try await pause()
            result = .success(try await prepare())
        } catch {
            result = .failure(error)
        }
        _ = try? await loop.submit {
            switch result {
            case .success(let ready): _ = self.adopt(ready)
            case .failure(let error): self.connectionDidFail(error)
            }
        }.get()
    }

    private func pause() async throws(SSHError) {
        let rest = (try? await loop.submit { self.retryTime - .now() }.get()) ?? .zero
        guard rest > .zero else { return }
        do {
            try await Task.sleep(for: Duration(rest))
        } catch {
            throw SSHError(.cancelled, host: host, "cancelled")
        }
    }

    /// Sessions whose last one has reached the socket.
    private struct Ready: Sendable {
        var sessions: [SSHSession]
        var stream: SSHStream
        var destination: SSHDestination
    }

    private func prepare() async throws(SSHError) -> Ready {
        let chain = SessionChain(loop: loop, authenticationTimeout: settings.authenticationTimeout)
        let sessions = try await chain.open(route)
        guard let session = sessions.last else { throw SSHError(.closed, host: host, "there is no way to go") }
        do {
            let host = host
            let (stream, destination) = try await withTaskCancellationHandler {
                try await loop.flatSubmit {
                    for session in sessions {
                        KeepAlive(session: session, interval: self.settings.keepAliveInterval).start()
                    }
                    return self.reach(session)
                }.get()
            } onCancel: {
                loop.execute { session.end(SSHError(.cancelled, host: host, "cancelled")) }
            }
            return Ready(sessions: sessions, stream: stream, destination: destination)
        } catch {
            let failure = (error as? SSHError) ?? SSHError(.connectionLost, host: host, "\(error)", cause: error)
            _ = try? await loop.submit { for session in sessions.reversed() { session.end(failure) } }.get()
            throw failure
        }
    }

    /// Opens the socket; a server that forbids it is asked to run a command that reaches it.
    private func reach(_ session: SSHSession) -> EventLoopFuture<(SSHStream, SSHDestination)> {
        let socket = SSHDestination.socket(path: route.socketPath)
        return session.open(socket).map { ($0, socket) }.flatMapError { error in
            guard error is ChannelRefused else { return self.loop.makeFailedFuture(error) }
            return self.diagnose(session).flatMap { probe in
                let failure = self.explain(probe)
                guard let probe, failure.code == .forwardingProhibited, probe.hasDocker else {
                    return self.loop.makeFailedFuture(failure)
                }
                let command = SSHDestination.command(RemoteSocketProbe.dialCommand(path: self.route.socketPath))
                return session.open(command).map { ($0, command) }.flatMapErrorThrowing { _ in throw failure }
            }
        }
    }

    /// Nil when the server runs no commands for this user.
    private func diagnose(_ session: SSHSession) -> EventLoopFuture<RemoteSocketProbe?> {
        CommandOutput.of(RemoteSocketProbe.command(path: route.socketPath), on: session)
            .map { RemoteSocketProbe(output: $0) }
            .flatMapErrorThrowing { error in
                guard error is ChannelRefused else { throw error }
                return nil
            }
    }

    private func explain(_ probe: RemoteSocketProbe?) -> SSHError {
        probe?.explain(path: route.socketPath, host: host)
            ?? SSHError(
                .socketRefused, host: host,
                "the server does not connect to \(route.socketPath), and its user can run no command that would tell why;"
                    + " look at the path, its permissions and AllowStreamLocalForwarding in sshd_config")
    }

    /// Takes over new sessions, or ends them and says why.
    private func adopt(_ ready: Ready) -> SSHError? {
        if case .closed = state {
            let failure = SSHError(.closed, host: host, "the tunnel is closed")
            for session in ready.sessions.reversed() { session.end(failure) }
            return failure
        }
        if let failure = ready.sessions.lazy.compactMap(\.failure).first {
            connectionDidFail(failure)
            return failure
        }
        sessions = ready.sessions
        firstStream = ready.stream
        if case .command = ready.destination, case .socket = destination {
            settings.notice(
                host, "the server forbids to forward the socket; every connection runs docker system dial-stdio instead"
            )
        }
        destination = ready.destination
        state = .connected
        failures = 0
        lastFailure.withLock { $0 = nil }
        for session in sessions { session.whenEnded { [weak self] in self?.sessionDidEnd($0) } }
        release(.success(()))
        return nil
    }

    private func sessionDidEnd(_ failure: SSHError) {
        guard case .connected = state else { return }
        state = .idle
        firstStream = nil
        let ended = sessions
        sessions = []
        lastFailure.withLock { $0 = failure }
        for session in ended.reversed() { session.end(failure) }
    }

    private func connectionDidFail(_ failure: SSHError) {
        lastFailure.withLock { $0 = failure }
        retryTime = .now() + TimeAmount(backOff)
        failures += 1
        if case .closed = state {} else { state = .idle }
        release(.failure(failure))
    }

    private var backOff: Duration {
        min(settings.firstBackOff * (1 << min(failures, 10)), settings.longestBackOff)
    }

    private func release(_ result: Result<Void, SSHError>) {
        let actions = waiting
        waiting = []
        for action in actions { action(result) }
    }

    /// Ends everything; what is returned must be awaited.
    func close() -> Task<Void, Never>? {
        let old = state
        state = .closed
        let failure = SSHError(.closed, host: host, "the tunnel is closed")
        for session in sessions.reversed() { session.end(failure) }
        sessions = []
        firstStream = nil
        release(.failure(failure))
        guard case .connecting(let task) = old else { return nil }
        task.cancel()
        return task
    }
}
