import RecastModel

extension EngineState {
    mutating func create(_ call: EngineCall) throws(Refusal) -> HTTPReply {
        let body = try call.json()
        let api = api(of: call)
        let host = try withOwners(
            HostConfigMerge(request: body["HostConfig"], api: api, engine: configuration).merged())
        let requested = body["NetworkingConfig"]["EndpointsConfig"]
        try check(requested, api)
        try RequestCheck(config: body, host: body["HostConfig"], engine: configuration)
            .checkRequest()
        let stored = try storedImage(body["Image"].string ?? "")
        let config = try ConfigMerge(
            request: body, image: stored?.image.config ?? .null, api: api, engine: configuration
        )
        .merged()
        try RequestCheck(config: config, host: host, engine: configuration).checkMerged()
        let mounts = VolumeMount.all(config: config, host: host)
        try checkBinds(mounts)
        let id = newID()
        let name = call.query["name"] ?? "quiet_\(id.prefix(8))"
        guard Self.isValidName(name) else { throw Self.invalidName(name) }
        if let conflict = nameConflict(name) { throw conflict }
        var container = SimulatedContainer(
            id: id, name: name, number: newestNumber, created: now, imageID: stored?.image.id ?? "",
            image: stored?.image ?? SimulatedImage(), config: config, hostConfig: host,
            endpoints: endpoints(requested, api, mode: host["NetworkMode"].string ?? ""),
            mounts: mounts)
        nameHost(&container)
        nameInterface(&container, api)
        makeVolumes(for: &container)
        containers[id] = container
        return .json(201, ["Id": .string(id), "Warnings": []])
    }

    /// A container whose namespace is shared is named by its ID; those of volumes stay as they were written.
    ///
    /// One that is not there shows at the start.
    private func withOwners(_ host: JSON) throws(Refusal) -> JSON {
        var host = host
        for key in ["NetworkMode", "PidMode", "IpcMode"] {
            guard let mode = host[key].string, mode.hasPrefix(Self.shared) else { continue }
            guard let owner = try? container(String(mode.dropFirst(Self.shared.count))) else { continue }
            host[key] = .string(Self.shared + owner.id)
        }
        for volumes in host["VolumesFrom"].strings {
            _ = try container(String(volumes.prefix { $0 != ":" }))
        }
        return host
    }

    static let shared = "container:"

    static func isValidName(_ name: String) -> Bool {
        let bare = name.hasPrefix("/") ? name.dropFirst() : name[...]
        let isPlain: (Character) -> Bool = { $0.isASCII && ($0.isLetter || $0.isNumber) }
        guard bare.count > 1, let first = bare.first, isPlain(first) else { return false }
        return bare.allSatisfy { isPlain($0) || "_.-".contains($0) }
    }

    static func invalidName(_ name: String) -> Refusal {
        Refusal(400, "Invalid container name (\(name)), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed")
    }

    func nameConflict(_ name: String) -> Refusal? {
        container(named: name).map {
            Refusal(
                409,
                "Conflict. The container name \"/\(name)\" is already in use by container \"\($0.id)\". You have to "
                    + "remove (or rename) that container to be able to reuse that name.")
        }
    }

    private func check(_ endpoints: JSON, _ api: APIVersion) throws(Refusal) {
        let names = endpoints.object.keys.sorted()
        if names.count > 1, api < APIVersion(1, 44) {
            throw Refusal(
                400, "Container cannot be connected to network endpoints: \(names.joined(separator: ", "))")
        }
    }

    /// No image at all is allowed; one that is not there is not.
    private func storedImage(_ reference: String) throws(Refusal) -> StoredImage? {
        if reference.isEmpty { return nil }
        if let stored = image(reference) { return stored }
        throw Refusal(404, "No such image: \(ImageReference(reference)?.description ?? reference)")
    }

    /// What the request names, and at least the network mode's own network.
    private func endpoints(_ requested: JSON, _ api: APIVersion, mode: String) -> [String: SimulatedEndpoint] {
        if mode.hasPrefix(Self.shared) { return [:] }
        var endpoints: [String: SimulatedEndpoint] = [:]
        for (name, settings) in requested.object {
            endpoints[name == "default" ? "bridge" : networkName(name)] = SimulatedEndpoint(settings, api)
        }
        let own = mode == "default" ? "bridge" : networkName(mode)
        if endpoints.isEmpty { endpoints[own] = SimulatedEndpoint() }
        return endpoints
    }

    private func networkName(_ reference: String) -> String { networks.first { $0.id == reference }?.name ?? reference }

    private func nameHost(_ container: inout SimulatedContainer) {
        guard container.config["Hostname"].isZero else { return }
        if (container.hostConfig["NetworkMode"].string ?? "").hasPrefix(Self.shared) { return }
        let sharesHost = container.hostConfig["NetworkMode"] == "host"
        container.config["Hostname"] = .string(sharesHost ? configuration.hostname : container.shortID)
    }

    /// From API 1.44 on the container has the address of its first network; before, it is the other way round.
    private func nameInterface(_ container: inout SimulatedContainer, _ api: APIVersion) {
        let mode = container.hostConfig["NetworkMode"].string ?? ""
        let first = container.endpoints[mode == "default" ? "bridge" : networkName(mode)]
        guard api >= APIVersion(1, 44), let address = first?.macAddress, !address.isEmpty else { return }
        container.config["MacAddress"] = .string(address)
    }

    /// A volume that is named and not there is made, without labels.
    private mutating func makeVolumes(for container: inout SimulatedContainer) {
        for index in container.mounts.indices where container.mounts[index].kind == .volume {
            if container.mounts[index].source.isEmpty {
                container.mounts[index].source = newID()
                container.mounts[index].isAnonymous = true
            }
            let name = container.mounts[index].source
            if volumes[name] == nil { volumes[name] = SimulatedVolume(name: name, created: now) }
        }
    }
}

extension SimulatedEndpoint {
    /// Members that came later are dropped without a word.
    init(_ settings: JSON, _ api: APIVersion) {
        self.init()
        macAddress = settings["MacAddress"].string ?? ""
        if api >= APIVersion(1, 48) { gatewayPriority = settings["GwPriority"].int ?? 0 }
        driverOptions = settings["DriverOpts"]
        if !settings["Aliases"].isZero { aliases = settings["Aliases"].strings }
        if !settings["IPAMConfig"].isZero { addressing = settings["IPAMConfig"] }
    }
}
