import DockerAPI
import RecastModel
import Synchronization

/// What a wait saw: told while it goes on, and shown when it fails.
final class GateNotes: Sendable {
    private struct Seen {
        var answers: [String] = []
        var said: String?
        var saidAt: ContinuousClock.Instant?
    }

    /// The shortest time between two reports.
    private static let pause = Duration.milliseconds(200)

    private let seen = Mutex(Seen())
    private let report: @Sendable (String) -> Void

    init(report: @escaping @Sendable (String) -> Void) { self.report = report }

    /// Of the last probe.
    var lastAnswer: String? { seen.withLock { $0.answers.last } }

    func hear(_ answer: ProbeAnswer) {
        seen.withLock { seen in seen.answers = seen.answers.suffix(2) + [answer.description] }
    }

    /// Reports what is news, unless it comes too soon after the last report; then it is for the caller to say it again.
    func say(_ words: String) {
        let now = ContinuousClock.now
        let isNews = seen.withLock { seen in
            guard words != seen.said, seen.saidAt.map({ now - $0 >= Self.pause }) ?? true else { return false }
            (seen.said, seen.saidAt) = (words, now)
            return true
        }
        if isNews { report(words) }
    }

    /// The container's last lines, the engine's last probes and Recast's own, as far as there are any.
    func details(of container: ContainerHandle, _ reader: EngineReader) async -> [StepFailure.Detail] {
        let log = try? await reader.logTail(container.reference, lines: 20)
        let live = try? await reader.container(container.reference)
        return [
            StepFailure.Detail("last lines of its log", log ?? []),
            StepFailure.Detail("last health probes", live?.healthLog ?? []),
            StepFailure.Detail("last answers to Recast's own probes", seen.withLock { $0.answers }),
        ].filter { !$0.lines.isEmpty }
    }
}
