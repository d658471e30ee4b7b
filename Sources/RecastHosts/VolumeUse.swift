import DockerAPI
import RecastModel

/// Who has a volume so that it may be written to: containers of whomever.
struct VolumeUse: Hashable, Sendable {
    /// The names of those that run, sorted.
    var running: [String] = []
    /// Of those that ever started: when they last did, by ID.
    var starts: [String: String] = [:]

    /// The containers that started after an earlier look, whether they still run or not.
    func startedSince(_ earlier: Self) -> Bool { starts.contains { earlier.starts[$0.key] != $0.value } }
}

extension EngineHost {
    func use(of volume: String) async throws -> VolumeUse {
        var use = VolumeUse()
        for summary in try await reader.containers(using: volume) {
            try await ignoring(404) {
                let container = try await reader.container(summary.Id)
                // Of one that was just made, an engine need not list the mounts.
                let mounts = (container.Mounts ?? []).filter { $0.Name == volume }
                guard mounts.isEmpty || mounts.contains(where: { $0.RW != false }), let state = container.State else {
                    return
                }
                if container.isUp { use.running.append(container.plainName) }
                if state.lastStart != nil { use.starts[container.Id] = state.StartedAt }
            }
        }
        use.running.sort()
        return use
    }

    /// - Throws: `StepFailure` when something but that container runs that may write to the volume.
    func checkNothingElseWrites(to volume: String, but id: String) async throws {
        let others = try await reader.containers(using: volume).filter { $0.Id != id && $0.isUp }
        // The list need not say who only reads.
        guard !others.isEmpty, let writer = try await firstWriter(among: others, to: volume) else { return }
        throw StepFailure("\(writer) runs with volume \(volume), and may write to it; two must not")
    }

    private func firstWriter(among containers: [ContainerSummary], to volume: String) async throws -> String? {
        for summary in containers {
            do {
                let container = try await reader.container(summary.Id)
                let mounts = (container.Mounts ?? []).filter { $0.Name == volume && $0.RW != false }
                if container.isUp, !mounts.isEmpty { return container.plainName }
            } catch let error as EngineError where error.isNotFound {}
        }
        return nil
    }

    /// The names of the containers that run and may write to a volume, whosever they are, sorted.
    package func writers(to volume: String) async throws -> [String] {
        var writers: [String] = []
        try await translatingErrors { writers = try await use(of: volume).running }
        return writers
    }

    /// - Throws: `StepFailure` when something runs that may write to the volume, or ran since the earlier look.
    @discardableResult
    func checkNothingWrites(to volume: String, since earlier: VolumeUse? = nil) async throws -> VolumeUse {
        let use = try await use(of: volume)
        guard use.running.isEmpty else {
            throw StepFailure(
                "\(use.running.joined(separator: ", ")) runs with volume \(volume), and may write to it; stop that first"
            )
        }
        if let earlier, use.startedSince(earlier) {
            throw StepFailure("something ran with volume \(volume) while it was copied, and may have written to it")
        }
        return use
    }
}
