import DockerAPI
import RecastModel

extension EngineHost {
    func start(_ container: ContainerHandle) async throws {
        // Also when the answer is lost: it may have been started.
        started.insert(container)
        try await client.start(container.reference)
    }

    func wait(
        for container: ContainerHandle, _ gate: Gate, _ progress: @escaping @Sendable (StepProgress) -> Void
    ) async throws {
        if case .completed(let limit) = gate {
            try await CompletionWait(
                container: container, limit: limit, isStartedHere: started.contains(container), reader: reader,
                progress: progress
            ).run()
        } else {
            try await GateWait(container: container, gate: gate, client: client, progress: progress).run()
        }
    }
}
