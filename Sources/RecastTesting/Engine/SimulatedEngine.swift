import Synchronization

/// A Docker engine in this process: it speaks the API over a socket, keeps state, and can be made to fail.
package final class SimulatedEngine: Sendable {
    package typealias Sleep = @Sendable (Duration) async throws -> Void

    private struct Inner {
        var engine: EngineState
        var isOnline = true
        var listener: LocalListener?
        var underWay = 0
        var peak = 0
    }

    private let inner: Mutex<Inner>
    private let elapsed: @Sendable () -> Duration
    private let sleep: Sleep
    let socket: TemporarySocket

    /// Behaviours, stops and delays are measured with the clock.
    init<C: Clock<Duration>>(_ configuration: EngineConfiguration, clock: C, socket: TemporarySocket) {
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil) }
        inner = Mutex(Inner(engine: EngineState(configuration)))
        self.socket = socket
    }

    /// The socket's path, for `unix://…`.
    package var path: String { socket.path }
    /// What an environment file says: `unix:///tmp/….sock`.
    package var address: String { "unix://\(path)" }

    package var snapshot: EngineSnapshot {
        inner.withLock { inner in
            inner.engine.advance(to: elapsed())
            return EngineSnapshot(inner.engine, peakRequests: inner.peak)
        }
    }

    /// Also of requests that are not kept.
    package var requestCount: Int { withState { $0.requestCount } }

    package var requests: [RecordedRequest] { snapshot.requests }

    /// Returns when at least `count` requests have come in.
    package func waitForRequests(_ count: Int) async throws {
        while requests.count < count { try await Task.sleep(for: .milliseconds(1)) }
    }

    /// Does something to the state, at the time it is.
    func withState<Result: Sendable>(_ body: (inout EngineState) throws -> sending Result) rethrows -> sending Result {
        try inner.withLock { inner in
            inner.engine.advance(to: elapsed())
            return try body(&inner.engine)
        }
    }

    var isOnline: Bool {
        get { inner.withLock { $0.isOnline } }
        set { inner.withLock { $0.isOnline = newValue } }
    }

    var listener: LocalListener? {
        get { inner.withLock { $0.listener } }
        set { inner.withLock { $0.listener = newValue } }
    }

    // MARK: Requests

    func handle(_ call: HTTPCall) async throws -> HTTPAnswer {
        guard isOnline else { return .dropped }
        guard call.header("Host") != nil else {
            return .reply(.text(400, "400 Bad Request: missing required Host header"))
        }
        inner.withLock { inner in
            inner.underWay += 1
            inner.peak = max(inner.peak, inner.underWay)
        }
        defer { inner.withLock { $0.underWay -= 1 } }
        return try await answer(EngineCall(call))
    }

    private func answer(_ call: EngineCall) async throws -> HTTPAnswer {
        switch withState({ $0.record(call) }) {
        case .fail(let status, let message): return .reply(Refusal(status, message).reply)
        case .hang:
            await Self.wait()
            return .dropped
        case .dropBefore: return .dropped
        case .dropReply:
            _ = try await perform(call)
            return .dropped
        case .killClient(let isDone):
            if isDone { _ = try await perform(call) }
            isOnline = false
            return .dropped
        case .delay(let duration):
            try await sleep(duration)
            return .reply(try await perform(call))
        case nil: return .reply(try await perform(call))
        }
    }

    /// Ends with the task's cancellation only, that is when the client goes.
    private static func wait() async {
        let (never, end) = AsyncStream<Never>.makeStream()
        for await _ in never {}
        end.finish()
    }

    private func perform(_ call: EngineCall) async throws -> HTTPReply {
        let pause = withState { $0.pause(before: call) }
        if pause > .zero { try await sleep(pause) }
        return withState { $0.answer(call) }
    }
}

extension EngineState {
    /// Writes the request down and takes the fault that is due, if any.
    fileprivate mutating func record(_ call: EngineCall) -> Fault.Effect? {
        requestCount += 1
        if configuration.remembersRequests { requests.append(RecordedRequest(call, number: requestCount)) }
        if let index = faults.firstIndex(where: { $0.isDue(at: requests) }) { return faults.remove(at: index).effect }
        guard let turn = configuration.weather?.turn() else { return nil }
        if turn == .restart { restart() }
        return turn.effect
    }
}
