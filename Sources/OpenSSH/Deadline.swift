/// Runs the body for at most the given time; then cancels it, waits for its end and throws the given error.
func withDeadline<Value: Sendable>(
    _ limit: Duration, orThrow error: @autoclosure () -> any Error,
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let value = first else { throw error() }
        return value
    }
}
