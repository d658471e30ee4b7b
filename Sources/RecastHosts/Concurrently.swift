/// Maps with at most `atOnce` operations under way; answers in the order of the input.
package func concurrently<Input: Sendable, Output: Sendable>(
    _ inputs: [Input], atOnce limit: Int, _ operation: @escaping @Sendable (Input) async throws -> Output
) async throws -> [Output] {
    try await withThrowingTaskGroup(of: (Int, Output).self) { group in
        var outputs: [Int: Output] = [:]
        var waiting = inputs.enumerated().makeIterator()
        func launchNext() {
            guard let (index, input) = waiting.next() else { return }
            group.addTask { (index, try await operation(input)) }
        }
        for _ in 0..<max(limit, 1) { launchNext() }
        while let (index, output) = try await group.next() {
            outputs[index] = output
            launchNext()
        }
        return inputs.indices.compactMap { outputs[$0] }
    }
}
