import DockerAPI
import RecastModel
import RecastPlanner

extension EngineHost {
    /// Makes the container, then reads it back in full: an engine drops what it does not know without a word.
    func create(_ creation: ContainerCreation) async throws {
        let owners = try await owners(of: creation)
        var body = ContainerCreate(
            creation, toolVersion: toolVersion, release: release, api: EngineFacts(reader).api, owners: owners)
        let fileMounts = try await fileMounts(of: creation.spec)
        body.hostConfig.Mounts = ((body.hostConfig.Mounts ?? []) + fileMounts).nilIfEmpty
        do {
            _ = try await client.createContainer(named: creation.name, platform: creation.spec.platform, body)
        } catch let error as EngineError where error.isConflict {
            // The name is a function of the definition: when it is ours, an earlier try made it.
            let live = try await reader.container(creation.name)
            guard let labels = live.Config?.Labels, InstanceLabels(labels) == creation.identity else { throw error }
        }
        try await verify(creation, owners)
    }

    /// The IDs of the containers that it hangs on.
    private func owners(of creation: ContainerCreation) async throws -> [Sharing.Owner: String] {
        var owners: [Sharing.Owner: String] = [:]
        for owner in Set(creation.spec.sharing.owners) {
            let reference =
                switch owner {
                case .instance(let address): creation.owners[address]?.reference
                case .container(let name): name
                }
            guard let reference else { throw StepFailure("nothing is known of \(owner)") }
            owners[owner] = try await reader.container(reference).Id
        }
        return owners
    }

    private func verify(_ creation: ContainerCreation, _ owners: [Sharing.Owner: String]) async throws {
        guard let live = ObservedContainer(try await reader.container(creation.name)) else {
            throw StepFailure("the engine lost the labels of \(creation.name)")
        }
        guard live.spec.fileRecord.mountedTargets == creation.spec.fileRecord.mountedTargets else {
            throw StepFailure("the engine did not take the mounts of \(creation.name)'s files")
        }
        let image = try await reader.image(live.imageID).map(ObservedImage.init)
        let context = Comparison.Context(
            owners: owners, platform: live.platform.isEmpty ? image?.platform ?? "" : live.platform)
        // Endpoints have network IDs only where the engine gives them out before the start.
        let hasIDs = live.spec.networking.endpoints.contains { $0.networkID != nil }
        let networks = hasIDs ? try await reader.networks().map(ObservedNetwork.init) : []
        let later = creation.spec.networking.endpoints.dropFirst(creation.endpointsAtCreate).map(\.network)
        let engine = EngineFacts(reader)
        let differences = Comparison.differences(
            expected: Comparison.expected(creation.spec, image: image?.configuration, on: engine),
            live: Comparison.live(live, networks: networks, on: engine, context), on: engine,
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
