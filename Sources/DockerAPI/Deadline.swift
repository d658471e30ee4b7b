import AsyncHTTPClient
import NIOCore
import NIOPosix

/// The result of `work`, or `HTTPClientError.deadlineExceeded` when it takes longer.
func deadline<Result: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await pause(limit)
            throw HTTPClientError.deadlineExceeded
        }
        defer { group.cancelAll() }
        guard let first = try await group.next() else { throw CancellationError() }
        return first
    }
}

/// Waits; when the task is cancelled it throws `CancellationError`, and nothing is left behind.
///
/// `Task.sleep` keeps its task and its timer until the time has come, cancelled or not: 1.5 KiB for each call to an
/// engine, for as long as the call's limit is.
func pause(_ time: Duration) async throws {
    let timer = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: TimeAmount(time)) {}
    try await withTaskCancellationHandler {
        do { try await timer.futureResult.get() } catch { throw CancellationError() }
    } onCancel: {
        timer.cancel()
    }
}
