package import DockerAPI
import RecastExecutor
package import RecastModel

/// Carries out actions on one engine.
package struct EngineHost: Host {
    let client: EngineClient
    let application: ApplicationName
    let environment: EnvironmentName
    let toolVersion: String
    /// Names the apply for which it works.
    let release: String
    /// What registries are shown, by repository.
    let logins: [String: RegistryLogin]
    /// The other hosts, for what is copied from one to another.
    package var neighbours = Neighbours()
    /// Volumes, by name, that several containers may write to at once.
    package var sharedVolumes: Set<String> = []
    /// Asked before anything is changed.
    package var fence: (@Sendable () async throws -> Void)?
    let started = StartedContainers()
    private let pulse = Pulse()
    var reader: EngineReader { client.reader }

    package init(
        _ client: EngineClient, environment: EnvironmentName, application: ApplicationName, toolVersion: String,
        release: String = "", logins: [String: RegistryLogin] = [:]
    ) {
        self.client = client
        self.environment = environment
        self.application = application
        self.toolVersion = toolVersion
        self.release = release
        self.logins = logins
    }

    package func perform(_ action: Action, progress: @escaping @Sendable (StepProgress) -> Void) async throws {
        try await pulse.check(reader)
        try await translatingErrors {
            do {
                try await attempt(action, progress)
            } catch let error as EngineError where error.code == .connectionLost {
                // Whether it was done is unknown; every action may be done twice.
                try await attempt(action, progress)
            }
        }
    }

    func translatingErrors(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as EngineError {
            pulse.note(error)
            throw StepFailure(error)
        }
    }

    private func attempt(_ action: Action, _ progress: @escaping @Sendable (StepProgress) -> Void) async throws {
        if !action.isWait { try await fence?() }
        switch action {
        case .pull(let image, let platform): try await pull(image, platform) { progress(.pull($0)) }
        case .createNetwork(let network): try await create(network)
        case .removeNetwork(let id, _): try await ignoring(404) { try await client.removeNetwork(id) }
        case .createVolume(let volume): try await create(volume)
        case .fillVolume(let volume): try await fill(volume)
        case .removeFileVolume(let name): try await removeFileVolume(name)
        case .receiveVolume(let move): try await receive(move)
        case .discardVolume(let move): try await giveUp(move, progress)
        case .copyVolume(let move):
            try await makingHeadway { beat in try await copy(move) { if beat() { progress($0) } } }
        case .recordMove(let move, let side): try await record(move, side)
        case .withdrawMove(let move, let side): try await withdraw(move, side)
        case .backUp(let save):
            try await makingHeadway { beat in try await backUp(save) { if beat() { progress($0) } } }
        case .createContainer(let creation): try await create(creation)
        case .deliverFiles(let container, let files): try await deliver(files, into: container)
        case .connect(let container, let endpoint): try await connect(container, endpoint)
        case .rename(let container, let name): try await rename(container, to: name)
        case .setRestartPolicy(let container, let policy):
            try await client.updateRestartPolicy(container.reference, to: .init(policy))
        case .stop(let container, let grace):
            try await ignoring(404) { try await client.stop(container.reference, grace: .seconds(grace)) }
        case .start(let container): try await start(container)
        case .await(let container, let gate): try await wait(for: container, gate, progress)
        case .run(let hook, let container): try await run(hook, in: container)
        case .drain(let drain, let container): try await self.drain(container, drain)
        case .retain(let container, let name): try await rename(container, to: name)
        case .remove(let container): try await remove(container)
        case .removeRehearsal(let container): try await remove(container, anonymousVolumes: true)
        case .pruneImages(let repository, let keep):
            try await pruneImages(of: repository, keep: keep, progress: progress)
        case .pause(let duration): try await Task.sleep(for: duration)
        }
    }

    func ignoring(_ status: Int, _ body: () async throws -> Void) async throws {
        do { try await body() } catch let error as EngineError where error.status == status {}
    }

    // MARK: Images

    private func pull(
        _ image: ImageReference, _ platform: String?, _ progress: (PullProgress) -> Void
    ) async throws {
        guard let version = image.digest ?? image.tag else { return }
        let login = logins[image.repository] ?? .anonymous
        if case .unavailable(let reason) = login {
            throw StepFailure("there are no credentials for \(image.registry): \(reason)")
        }
        var layers = PullLayers()
        do {
            try await client.pull(image.familiarRepository, version: version, platform: platform, auth: login.auth) {
                message in
                if layers.receive(message) { progress(layers.progress) }
            }
        } catch let error as EngineError where error.code == .status {
            let failure = RegistryFailure(error)
            throw StepFailure(
                "\(failure.sentence(for: image, on: "this host", shown: login)); \(failure.help(for: image))")
        }
        guard try await reader.image(image.exact) != nil else {
            throw StepFailure("the engine says it pulled \(image.exact), but does not have it")
        }
    }

    // MARK: Networks and volumes

    var owner: [String: String] {
        InstanceLabels.ofResource(environment: environment, application: application)
    }

    private func create(_ network: DesiredNetwork) async throws {
        var body = Network(Name: network.name)
        body.Driver = network.driver ?? "bridge"
        body.Internal = network.internal ? true : nil
        body.Attachable = network.attachable ? true : nil
        body.EnableIPv6 = network.enableIPv6 ? true : nil
        body.EnableIPv4 = network.enableIPv4 ? nil : false
        body.Options = network.options.nilIfEmpty
        body.Labels = network.labels.merging(owner) { $1 }
        body.CheckDuplicate = true
        body.IPAM = Network.Addressing(network)
        do {
            _ = try await client.createNetwork(body)
        } catch let error as EngineError where error.isConflict {
            let isOurs = try await reader.networks().contains { $0.Name == network.name && isOwned($0.Labels) }
            guard isOurs else { throw error }
        }
    }

    /// An engine answers a create of an existing volume with the old one, whatever its options and labels.
    ///
    /// `more`: labels of one that is filled from elsewhere.
    func create(_ volume: DesiredVolume, _ more: [InstanceLabels.Key: String] = [:]) async throws {
        var body = Volume(Name: volume.name)
        body.Driver = volume.driver ?? "local"
        body.DriverOpts = volume.options.nilIfEmpty
        let own = InstanceLabels.ofVolume(
            identity: Self.identity(), release: release, services: volume.services)
        body.Labels = volume.labels.merging(own) { $1 }.merging(owner) { $1 }
        for (key, value) in more { body.Labels?[key.name] = value }
        let made = try await client.createVolume(body)
        guard isOwned(made.Labels) else {
            throw StepFailure("a volume named \(volume.name) appeared on the host meanwhile and is not Recast's")
        }
    }

    /// 128 bits of chance, in hexadecimal digits.
    package static func identity() -> String {
        (0..<4).map { _ in String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16) }.joined()
    }

    func isOwned(_ labels: [String: String]?) -> Bool {
        owner.isContained(in: labels ?? [:])
    }

    private func connect(_ container: ContainerHandle, _ endpoint: Endpoint) async throws {
        do {
            try await client.connect(container.reference, to: endpoint.network, as: EndpointSettings(endpoint))
        } catch let error as EngineError where error.status == 403 || error.isConflict {
            let networks = try await reader.container(container.reference).NetworkSettings?.Networks ?? [:]
            guard networks[endpoint.network] != nil else { throw error }
        }
    }

    private func rename(_ container: ContainerHandle, to name: String) async throws {
        let live = try await reader.container(container.reference)
        guard live.plainName != name else { return }
        try await client.rename(container.reference, to: name)
    }

    func remove(_ container: ContainerHandle, anonymousVolumes: Bool = false) async throws {
        do {
            try await client.removeContainer(container.reference, anonymousVolumes: anonymousVolumes)
        } catch let error as EngineError where error.isNotFound {
            return
        } catch let error as EngineError where error.isConflict {
            // Another call removes it already; it is gone when the engine no longer knows it.
            for _ in 0..<50 {
                try await Task.sleep(for: .milliseconds(100))
                do { _ = try await reader.container(container.reference) } catch let gone as EngineError
                    where gone.isNotFound
                { return }
            }
            throw error
        }
    }
}

extension Network.Addressing {
    /// `nil` when the network says nothing of its addresses.
    fileprivate init?(_ network: DesiredNetwork) {
        let options = network.addressOptions
        guard network.addressDriver != nil || !options.isEmpty || !network.pools.isEmpty else { return nil }
        let pools = network.pools.map {
            Network.Pool(
                Subnet: $0.subnet, IPRange: $0.range, Gateway: $0.gateway,
                AuxiliaryAddresses: $0.auxiliary.nilIfEmpty)
        }
        self.init(Driver: network.addressDriver, Options: options.nilIfEmpty, Config: pools.nilIfEmpty)
    }
}

extension Action {
    /// It changes nothing.
    fileprivate var isWait: Bool {
        switch self {
        case .await, .pause: true
        default: false
        }
    }
}

extension StepFailure {
    init(_ error: EngineError) {
        self.init(error.description)
    }
}

/// The sizes of the layers of one pull.
struct PullLayers {
    private var layers: [String: (received: Int64, total: Int64)] = [:]

    var progress: PullProgress {
        PullProgress(
            received: layers.values.reduce(0) { $0 + $1.received }, total: layers.values.reduce(0) { $0 + $1.total })
    }

    /// - Returns: whether the message changed anything.
    mutating func receive(_ message: PullMessage) -> Bool {
        guard let id = message.id else { return false }
        if message.status == "Download complete" || message.status == "Pull complete", let layer = layers[id] {
            layers[id] = (layer.total, layer.total)
            return true
        }
        guard message.status == "Downloading", let current = message.progressDetail?.current,
            let total = message.progressDetail?.total
        else { return false }
        layers[id] = (current, total)
        return true
    }
}
