import NIOCore
import NIOPosix

/// Opens the sessions of a route, each inside the one before.
struct SessionChain: Sendable {
    /// What makes a connection end early: everything that is under way is told.
    ///
    /// Sendable because it is used on the loop alone.
    final class Abort: @unchecked Sendable {
        private var actions: [(SSHError) -> Void] = []
        private var error: SSHError?

        func add(_ action: @escaping (SSHError) -> Void) {
            if let error { action(error) } else { actions.append(action) }
        }

        func callAsFunction(_ error: SSHError) {
            guard self.error == nil else { return }
            self.error = error
            for action in actions { action(error) }
            actions = []
        }

        var reason: SSHError? { error }
    }

    let loop: any EventLoop
    let authenticationTimeout: Duration

    /// The sessions in the order of the hops; the last one is the target's.
    ///
    /// All end when this throws.
    func open(_ route: SSHRoute) async throws(SSHError) -> [SSHSession] {
        let abort = Abort()
        let host = route.hops.last?.host ?? ""
        let result: Result<[SSHSession], any Error> = await withTaskCancellationHandler {
            do { return .success(try await open(route.hops, abort)) } catch { return .failure(error) }
        } onCancel: {
            loop.execute { abort(SSHError(.cancelled, host: host, "cancelled")) }
        }
        switch result {
        case .success(let sessions): return sessions
        case .failure(let error):
            let reason = await reason(error, host: host, abort)
            throw reason
        }
    }

    private func open(_ hops: [SSHHop], _ abort: Abort) async throws -> [SSHSession] {
        var sessions: [SSHSession] = []
        for hop in hops {
            let session = try await connect(hop, through: sessions.last, abort)
            sessions.append(session)
            try await authenticate(session, hop)
            try await loop.flatSubmit { session.openAnchor() }.get()
        }
        return sessions
    }

    private func reason(_ error: any Error, host: String, _ abort: Abort) async -> SSHError {
        let cancelled = Task.isCancelled ? SSHError(.cancelled, host: host, "cancelled", cause: error) : nil
        let found = cancelled ?? (error as? SSHError) ?? SSHError(.connectionLost, host: host, "\(error)", cause: error)
        let first = try? await loop.submit {
            let first = abort.reason
            abort(found)
            return first
        }.get()
        return (first ?? nil) ?? found
    }

    // MARK: Connection and key exchange

    private func connect(_ hop: SSHHop, through outer: SSHSession?, _ abort: Abort) async throws -> SSHSession {
        let deadline = NIODeadline.now() + TimeAmount(hop.connectTimeout)
        let session = SSHSession(loop: loop, host: hop.host)
        let late = SSHError(
            .timedOut, host: hop.host,
            "no SSH connection within \(hop.connectTimeout); is the host up and the port right?")
        let timer = loop.flatSubmit {
            let end: (SSHError) -> Void = { session.end($0) }
            abort.add(end)
            return loop.makeSucceededFuture(loop.scheduleTask(deadline: deadline) { session.end(late) })
        }
        let scheduled = try await timer.get()
        defer { scheduled.cancel() }
        if let outer {
            try await nest(session, hop, outer)
        } else {
            try await TransportOpener(loop: loop).open(hop, for: session, deadline: deadline, abort)
        }
        let key = try await loop.flatSubmit { session.handshake(hostKeys: hop.hostKeyAlgorithms) }.get()
        scheduled.cancel()
        try await verify(key, hop)
        return session
    }

    private func nest(_ session: SSHSession, _ hop: SSHHop, _ outer: SSHSession) async throws {
        try await loop.flatSubmit {
            let promise = loop.makePromise(of: Void.self)
            session.whenEnded { promise.fail($0) }
            outer.open(.tcp(host: hop.host, port: hop.port)).whenComplete { result in
                switch result {
                case .success(let stream):
                    StreamTransport(stream: stream, session: session).start()
                    promise.succeed()
                case .failure(let error):
                    promise.fail(error is ChannelRefused ? Self.refusedJump(hop, outer) : error)
                }
            }
            return promise.futureResult
        }.get()
    }

    private static func refusedJump(_ hop: SSHHop, _ outer: SSHSession) -> SSHError {
        SSHError(
            .jumpRefused, host: hop.host,
            "the jump host \(outer.host) does not connect to \(hop.host):\(hop.port);"
                + " the port may be closed, the name unknown there, or TCP forwarding forbidden")
    }

    private func verify(_ key: SSHHostKey, _ hop: SSHHop) async throws {
        do {
            try await hop.verify(key)
        } catch let error as CancellationError {
            throw SSHError(.cancelled, host: hop.host, "cancelled", cause: error)
        } catch {
            throw SSHError(.hostKeyRefused, host: hop.host, "the host key was not accepted: \(error)", cause: error)
        }
    }

    // MARK: Authentication

    private func authenticate(_ session: SSHSession, _ hop: SSHHop) async throws {
        let late = session.error(.timedOut, "no authentication within \(authenticationTimeout)")
        let timer = loop.scheduleTask(in: TimeAmount(authenticationTimeout)) { session.end(late) }
        defer { timer.cancel() }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            // Whoever signs or reads keys may take for ever; the end of the session ends that too.
            group.addTask {
                try await session.waitForEnd()
                return false
            }
            group.addTask {
                try await Authenticator(session: session, hop: hop).authenticate()
                return true
            }
            while let isAuthenticated = try await group.next(), !isAuthenticated {}
            group.cancelAll()
        }
        try await loop.submit { session.isAuthenticated = true }.get()
    }
}
