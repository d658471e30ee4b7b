import DockerAPI
import RecastExecutor
import RecastModel
import Synchronization

/// Whether an engine still answers.
///
/// After a call that it left unanswered it is asked for a sign of life before anything else, so that a host that hangs
/// costs an apply its longest wait once, and not with each step that is to be put back.
final class Pulse: Sendable {
    /// How long a sign of life may take; `nil`: none is needed.
    private let patience = Mutex<Duration?>(nil)

    func check(_ reader: EngineReader) async throws {
        guard let patience = patience.withLock(\.self) else { return }
        do {
            try await reader.ping(within: patience)
            self.patience.withLock { $0 = nil }
        } catch let error as EngineError {
            self.patience.withLock { $0 = .seconds(5) }
            throw StepFailure("the engine does not answer any more: \(error.message)")
        }
    }

    /// A moment of load must not keep a service from being put back, so that it has half a minute at first.
    func note(_ error: EngineError) {
        guard [.timedOut, .unreachable].contains(error.code) else { return }
        patience.withLock { $0 = $0 ?? .seconds(30) }
    }
}
