import RecastModel
import Synchronization

/// Ends work that makes no headway any more: a link that is cut says nothing for a quarter of an hour, and what
/// stopped for the work stays down as long.
///
/// `work`: calls `beat` whenever it comes further; the answer is whether that is worth telling, a few times a second.
///
/// It throws what `work` throws, and `StepFailure`.
func makingHeadway(
    patience: Duration = .seconds(60),
    _ work: @escaping @Sendable (_ beat: @escaping @Sendable () -> Bool) async throws -> Void
) async throws {
    let heart = Heart()
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await work { heart.beat() } }
        group.addTask {
            while heart.idle < patience { try await Task.sleep(for: .seconds(1)) }
            throw StepFailure("nothing was transferred for \(patience.components.seconds) seconds")
        }
        defer { group.cancelAll() }
        try await group.next()
    }
}

private final class Heart: Sendable {
    private let times = Mutex((beat: ContinuousClock.now, told: ContinuousClock.now - .seconds(1)))

    func beat() -> Bool {
        times.withLock { times in
            times.beat = .now
            guard times.beat - times.told > .milliseconds(200) else { return false }
            times.told = times.beat
            return true
        }
    }

    var idle: Duration { times.withLock { .now - $0.beat } }
}
