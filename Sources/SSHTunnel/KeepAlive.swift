import NIOCore

/// Notices that a server is gone although its connection is not.
///
/// After an interval without a byte the server is asked to answer; after three it counts as lost.
///
/// Sendable because it is used on the session's loop alone.
final class KeepAlive: @unchecked Sendable {
    private let session: SSHSession
    private let interval: TimeAmount
    private var silentIntervals = 0
    private var timer: RepeatedTask?

    private static let patience = 3

    init(session: SSHSession, interval: Duration) {
        self.session = session
        self.interval = TimeAmount(interval)
    }

    /// Watches until the session ends.
    func start() {
        let timer = session.loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { [weak self] _ in
            self?.tick()
        }
        session.whenEnded { _ in
            timer.cancel()
            self.timer = nil
        }
        self.timer = timer
    }

    private func tick() {
        silentIntervals = session.hasHeard ? 0 : silentIntervals + 1
        session.hasHeard = false
        guard silentIntervals > 0 else { return }
        guard silentIntervals < Self.patience else {
            let silence = Duration(interval) * Self.patience
            return session.end(session.error(.connectionLost, "the server has not answered for \(silence)"))
        }
        session.probe()
    }
}
