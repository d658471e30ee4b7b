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
    let count = Counter()
    let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
            if count.increment() > 1 || Console.isAsking.load(ordering: .relaxed) { _exit(130) }
            task.cancel()
        }
        source.activate()
        return source
    }
    defer { for source in sources { source.cancel() } }
    return try await task.value
}

private final class Counter: Sendable {
    private let value = Mutex(0)

    func increment() -> Int {
        value.withLock {
            $0 += 1
            return $0
        }
    }
}
