import OpenSSH
import SSHAddressing
import Synchronization

/// Sockets that the system's `ssh` forwards, each until the scope ends.
final class Forwardings: Sendable {
    private typealias Job = @Sendable () async -> Void

    private let forwarder: SystemForwarder
    private let folder: String
    private let jobs: AsyncStream<Job>.Continuation
    private let count = Mutex(0)

    private init(_ forwarder: SystemForwarder, folder: String, jobs: AsyncStream<Job>.Continuation) {
        self.forwarder = forwarder
        self.folder = folder
        self.jobs = jobs
    }

    static func with<Value: Sendable>(
        _ forwarder: SystemForwarder, folder: String, _ body: (Forwardings) async throws -> Value
    ) async throws -> Value {
        let (jobs, continuation) = AsyncStream<Job>.makeStream()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await withDiscardingTaskGroup { running in
                    for await job in jobs { running.addTask { await job() } }
                    running.cancelAll()
                }
            }
            defer {
                continuation.finish()
                group.cancelAll()
            }
            return try await body(Forwardings(forwarder, folder: folder, jobs: continuation))
        }
    }

    /// It throws `SSHFailure`, `ProgramError` or `CancellationError`.
    func open(_ address: SSHAddress, _ hops: [SSHSettings]) async throws -> SSHDoor {
        let number = count.withLock { count in
            count += 1
            return count
        }
        let target = SystemForwarder.Target(
            address, settings: hops[hops.count - 1], localSocket: "\(folder)/f\(number)")
        let last = LastFailure()
        let (ready, signal) = AsyncThrowingStream<Void, any Error>.makeStream()
        jobs.yield { [forwarder] in
            var rest = Self.firstRest
            repeat {
                do {
                    try await Self.forward(target, with: forwarder, last) {
                        rest = Self.firstRest
                        signal.finish()
                    }
                } catch let error as SSHFailure {
                    last.failure = error
                    signal.finish(throwing: error)
                } catch {
                    return signal.finish(throwing: error)
                }
                try? await Task.sleep(for: rest)
                rest = min(rest * 2, Self.longestRest)
            } while !Task.isCancelled && last.wasReady
        }
        for try await _ in ready {}
        return SSHDoor(localPath: target.localSocket) { last.failure?.description }
    }

    private static let firstRest = Duration.milliseconds(200)
    private static let longestRest = Duration.seconds(5)

    /// Returns when `ssh` has ended, and throws when it could not begin or the scope ends.
    private static func forward(
        _ target: SystemForwarder.Target, with forwarder: SystemForwarder, _ last: LastFailure, ready: () -> Void
    ) async throws {
        let (ended, signal) = AsyncStream<Void>.makeStream()
        let notice: @Sendable (SSHFailure) -> Void = { failure in
            last.failure = failure
            // A socket that does not open is not the end of the session.
            if failure.category != .forwardingRefused { signal.finish() }
        }
        try await forwarder.withForwarding(to: target, notice: notice) {
            last.becameReady()
            ready()
            for await _ in ended {}
            try Task.checkCancellation()
        }
    }

    /// What went wrong with a forwarding most recently.
    private final class LastFailure: Sendable {
        private let state = Mutex<(failure: SSHFailure?, wasReady: Bool)>((nil, false))

        var failure: SSHFailure? {
            get { state.withLock { $0.failure } }
            set { state.withLock { $0.failure = newValue } }
        }

        /// A forwarding that worked once is made again when it has ended.
        var wasReady: Bool { state.withLock { $0.wasReady } }

        /// What was wrong with the session before this one is over; what the socket said is not.
        func becameReady() {
            state.withLock { state in
                state.wasReady = true
                if state.failure?.category != .forwardingRefused { state.failure = nil }
            }
        }
    }
}
