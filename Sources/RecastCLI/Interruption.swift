import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Runs work that ^C (or SIGTERM, or a terminal that goes away) cancels; a second ^C, or one at a question, ends the process at once.
func interruptible<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
    // Ended by its own work, or by the signal; awaited below.
    let task = Task { try await work() }
    Signals.shared.onFirst { task.cancel() }
    defer { Signals.shared.onFirst(nil) }
    return try await task.value
}

/// The signals that interrupt, from the first work on that they do.
///
/// One set for the whole process: on Linux a second source for a signal gets nothing once the first was cancelled.
private final class Signals: Sendable {
    static let shared = Signals()

    private struct State {
        var count = 0
        var first: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// Only kept, so that they go on.
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    private init() {
        let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        unsafe self.sources = sources
        for source in sources {
            source.setEventHandler { [self] in receive() }
            source.activate()
        }
    }

    func onFirst(_ act: (@Sendable () -> Void)?) { state.withLock { $0.first = act } }

    /// Where nothing can be cancelled, nothing is lost either.
    private func receive() {
        let (count, act) = state.withLock { state in
            state.count += 1
            return (state.count, state.first)
        }
        guard count == 1, !Console.isAsking.load(ordering: .relaxed), let act else { _exit(130) }
        act()
    }
}
