import DockerAPI
import RecastModel
import RecastPlanner

extension EngineHost {
    /// Makes the container, then reads it back in full: an engine drops what it does not know without a word.
    func create(_ creation: ContainerCreation) async throws {
        var body = ContainerCreate(creation, toolVersion: toolVersion)
        let fileMounts = try await fileMounts(of: creation.spec)
        body.hostConfig.Mounts = ((body.hostConfig.Mounts ?? []) + fileMounts).nilIfEmpty
        do {
            _ = try await client.createContainer(named: creation.name, body)
        } catch let error as EngineError where error.isConflict {
            // The name is a function of the definition: when it is ours, an earlier try made it.
            let live = try await reader.container(creation.name)
            guard let labels = live.Config?.Labels, InstanceLabels(labels) == creation.identity else { throw error }
        }
        try await verify(creation)
    }

    private func verify(_ creation: ContainerCreation) async throws {
        guard let live = ObservedContainer(try await reader.container(creation.name)) else {
            throw StepFailure("the engine lost the labels of \(creation.name)")
        }
        guard live.spec.fileRecord.mountedTargets == creation.spec.fileRecord.mountedTargets else {
            throw StepFailure("the engine did not take the mounts of \(creation.name)'s files")
        }
        let image = try await reader.image(live.imageID).map(ObservedImage.init)
        // Endpoints have network IDs only where the engine gives them out before the start.
        let hasIDs = live.spec.networking.endpoints.contains { $0.networkID != nil }
        let networks = hasIDs ? try await reader.networks().map(ObservedNetwork.init) : []
        let later = creation.spec.networking.endpoints.dropFirst(creation.endpointsAtCreate).map(\.network)
        let engine = EngineFacts(reader)
        let differences = Comparison.differences(
            expected: Comparison.expected(creation.spec, image: image?.configuration, on: engine),
            live: Comparison.live(live, networks: networks, on: engine), on: engine,
            sensitive: creation.spec.sensitive, secrets: creation.spec.secrets
        ).filter { difference in !later.contains { difference.field.hasPrefix("networks.\($0)") } }
        guard differences.isEmpty else {
            throw StepFailure(
                "the engine made the container otherwise than asked",
                details: [.init("asked and made", differences.map(Self.sentence))])
        }
    }

    private static func sentence(_ difference: Difference) -> String {
        if difference.isSensitive { return "\(difference.field): differs" }
        return "\(difference.field): asked \(difference.desired ?? "nothing"), made \(difference.live ?? "nothing")"
    }
}
