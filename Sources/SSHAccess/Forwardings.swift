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
            do {
                try await forwarder.withForwarding(to: target, notice: { last.failure = $0 }) {
                    signal.finish()
                    // Until the scope ends and cancels it.
                    try await Task.sleep(for: .seconds(1 << 32))
                }
            } catch {
                signal.finish(throwing: error)
            }
        }
        for try await _ in ready {}
        return SSHDoor(localPath: target.localSocket) { last.failure?.description }
    }

    /// What went wrong with a forwarding most recently.
    private final class LastFailure: Sendable {
        private let state = Mutex<SSHFailure?>(nil)

        var failure: SSHFailure? {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }
}
