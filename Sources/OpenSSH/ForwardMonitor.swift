import Synchronization

/// Reads what an `ssh` writes to standard error, and knows whether it has ended.
final class ForwardMonitor: Sendable {
    private struct State {
        var lines: [String] = []
        var hasEnded = false
        var isReady = false
    }
    private let host: String
    private let notice: @Sendable (SSHFailure) -> Void
    private let state = Mutex(State())

    init(host: String, notice: @escaping @Sendable (SSHFailure) -> Void) {
        self.host = host
        self.notice = notice
    }

    /// Nil while the process runs.
    var failure: SSHFailure? {
        state.withLock { $0.hasEnded ? SSHFailure(host: host, lines: $0.lines) : nil }
    }

    var timeout: SSHFailure {
        SSHFailure(host: host, category: .timedOut, lines: state.withLock { $0.lines })
    }

    /// The socket accepts connections; refusals that came until now were of one of them.
    func becameReady() {
        let refusals = state.withLock { state in
            state.isReady = true
            defer { state.lines.removeAll(where: Self.isRefusal) }
            return state.lines.filter(Self.isRefusal)
        }
        for line in refusals { notice(SSHFailure(host: host, lines: [line])) }
    }

    /// From now on the end is meant.
    func becameDone() {
        state.withLock { $0.isReady = false }
    }

    func received(_ text: String) {
        let line = text.trimmed
        guard !line.isEmpty else { return }
        let isOfConnection = state.withLock { state in
            if state.isReady, Self.isRefusal(line) { return true }
            state.lines.append(String(line.prefix(1024)))
            if state.lines.count > 64 { state.lines.removeFirst() }
            return false
        }
        if isOfConnection { notice(SSHFailure(host: host, lines: [line])) }
    }

    /// Whether a line speaks of one forwarded connection, and not of why the session ends.
    private static func isRefusal(_ line: String) -> Bool {
        SSHFailure(host: "", lines: [line]).category == .forwardingRefused
    }

    func ended() {
        let isReady = state.withLock { state in
            state.hasEnded = true
            return state.isReady
        }
        if isReady, let failure { notice(failure) }
    }
}
