import DockerAPI
import RecastModel

extension EngineHost {
    /// How long a program may take that tells a container to give way.
    private static let longestProbe = Duration.seconds(60)

    /// Asks the probe once, and then waits; a container that does not run, or ends meanwhile, needs no more of it.
    func drain(_ container: ContainerHandle, _ drain: Drain) async throws {
        if let probe = drain.probe {
            let program = ProbeProgram(probe).limited(to: Self.longestProbe)
            switch try await client.ask(program, in: container.reference) {
            case .ended(code: 0, _): break
            case .notRunning: return
            case let answer: throw StepFailure("did not drain: \(answer.description)")
            }
        }
        let end = ContinuousClock.now + drain.wait
        while ContinuousClock.now < end, try await isRunning(container) {
            try await Task.sleep(for: min(.milliseconds(250), end - ContinuousClock.now))
        }
    }

    private func isRunning(_ container: ContainerHandle) async throws -> Bool {
        do {
            return try await reader.container(container.reference).State?.Status == "running"
        } catch let error as EngineError where error.isNotFound {
            return false
        }
    }

    /// Removes what nobody uses; an image that is gone, or came into use meanwhile, is no error.
    func pruneImages(
        of repository: String, keep: Int, progress: @Sendable (StepProgress) -> Void
    ) async throws {
        let used = Set(try await reader.containers().compactMap(\.ImageID))
        let unused = try await reader.images().spare(of: repository, usedBy: used, keep: keep)
        for id in unused {
            try await ignoring(404) {
                try await ignoring(409) {
                    try await client.removeImage(id)
                    progress(.output("removed \(id.prefix(19))…"))
                }
            }
        }
    }
}

extension [ImageSummary] {
    /// The IDs of the images without a tag that came from the repository and that no container uses, oldest first,
    /// but the newest `keep`.
    package func spare(of repository: String, usedBy used: Set<String>, keep: Int) -> [String] {
        let name = ImageReference(repository)?.repository
        let spare = filter { image in
            !image.hasTag && !used.contains(image.Id)
                && (image.RepoDigests ?? []).contains { ImageReference($0)?.repository == name }
        }
        return spare.sorted { ($0.Created ?? 0, $0.Id) < ($1.Created ?? 0, $1.Id) }.dropLast(keep).map(\.Id)
    }
}

extension ImageSummary {
    fileprivate var hasTag: Bool { (RepoTags ?? []).contains { $0 != "<none>:<none>" } }
}
