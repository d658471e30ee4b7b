import DockerAPI
import RecastModel

extension EngineHost {
    /// Starts a container while nothing else may write to its volumes.
    ///
    /// Whoever asked may know of nothing else, and be wrong: another run, or a person, starts things too.
    func start(_ container: ContainerHandle) async throws {
        let live = try await reader.container(container.reference)
        guard live.State?.Status != "running" else { return started.insert(container) }
        let volumes = (live.Mounts ?? []).filter { $0.Type == "volume" && $0.RW != false }.compactMap(\.Name)
        let own = Set(volumes).subtracting(sharedVolumes).sorted()
        for volume in own { try await checkNothingElseWrites(to: volume, but: live.Id) }
        // Also when the answer is lost: it may have been started.
        started.insert(container)
        try await client.start(container.reference)
        do {
            for volume in own { try await checkNothingElseWrites(to: volume, but: live.Id) }
        } catch {
            try? await client.stop(live.Id, grace: .seconds(10))
            throw error
        }
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
