package import DockerAPI
package import RecastModel

extension ObservedContainer {
    /// `nil` when the labels do not make it one of ours.
    package init?(_ inspect: ContainerInspect) {
        guard let identity = InstanceLabels(inspect.Config?.Labels ?? [:]),
            let spec = ContainerSpec(
                config: inspect.Config ?? ContainerConfig(), host: inspect.HostConfig ?? HostConfig(),
                endpoints: inspect.NetworkSettings?.Networks ?? [:])
        else { return nil }
        self.init(
            id: inspect.Id, name: inspect.plainName, identity: identity, spec: spec, imageID: inspect.Image ?? "",
            state: inspect.State?.Status.flatMap(RunState.init) ?? .dead)
        let label = inspect.Config?.Labels?[InstanceLabels.Key.purpose.name]
        purpose = label.flatMap(ContainerPurpose.init) ?? .instance
        replaces = inspect.Config?.Labels?[InstanceLabels.Key.replaces.name]
        unnamed = Self.unnamed(inspect.Mounts ?? [], besides: spec)
        health = inspect.State?.Health?.Status.flatMap(Health.init) ?? .none
        exitCode = inspect.State?.ExitCode ?? 0
        restartCount = inspect.RestartCount ?? 0
        startedAt = Self.time(inspect.State?.StartedAt)
        finishedAt = Self.time(inspect.State?.FinishedAt)
        createdAt = inspect.Created ?? ""
        platform = inspect.ImageManifestDescriptor?.platform?.text ?? ""
    }

    /// An engine names a volume with 64 hexadecimal digits.
    private static func unnamed(
        _ mounts: [ContainerInspect.MountPoint], besides spec: ContainerSpec
    ) -> [String: String] {
        let named = Set(spec.mounts.compactMap(\.volume))
        let found = mounts.compactMap { mount -> (String, String)? in
            guard mount.Type == "volume", let name = mount.Name, let path = mount.Destination, name.utf8.count == 64,
                name.allSatisfy(\.isHexDigit), !named.contains(name)
            else { return nil }
            return (CanonicalText.path(path), name)
        }
        return Dictionary(found) { first, _ in first }
    }

    /// Go's zero time means "never".
    private static func time(_ text: String?) -> String {
        guard let text, !text.hasPrefix("0001-01-01") else { return "" }
        return text
    }
}

extension ContainerInspect {
    /// The name without the engine's leading slash.
    var plainName: String { Name.hasPrefix("/") ? String(Name.dropFirst()) : Name }
}

extension ObservedImage {
    package init(_ inspect: ImageInspect) {
        self.init(id: inspect.Id)
        repositoryDigests = inspect.RepoDigests ?? []
        platform =
            DistributionInspect.Platform(os: inspect.Os, architecture: inspect.Architecture, variant: inspect.Variant)
            .text
        configuration = ImageConfiguration(inspect.Config ?? ContainerConfig())
    }
}

extension ImageConfiguration {
    init(_ config: ContainerConfig) {
        self.init()
        command = config.Cmd ?? []
        entrypoint = config.Entrypoint ?? []
        environment = config.Env ?? []
        labels = config.Labels ?? [:]
        user = config.User ?? ""
        workingDirectory = config.WorkingDir ?? ""
        stopSignal = config.StopSignal ?? ""
        healthcheck = config.Healthcheck.map(Healthcheck.init)
        exposed = (config.ExposedPorts ?? [:]).keys.sorted()
        volumes = (config.Volumes ?? [:]).keys.sorted()
    }
}

extension ObservedNetwork {
    package init(_ network: Network) {
        self.init(id: network.Id ?? "", name: network.Name, driver: network.Driver ?? "")
        options = network.Options ?? [:]
        labels = network.Labels ?? [:]
        self.internal = network.Internal ?? false
        attachable = network.Attachable ?? false
        enableIPv6 = network.EnableIPv6 ?? false
        enableIPv4 = network.EnableIPv4 ?? true
        addressDriver = network.IPAM?.Driver?.nilIfEmpty ?? "default"
        addressOptions = network.IPAM?.Options ?? [:]
        pools = (network.IPAM?.Config ?? []).map {
            DesiredNetwork.Pool(
                subnet: $0.Subnet?.nilIfEmpty, gateway: $0.Gateway?.nilIfEmpty, range: $0.IPRange?.nilIfEmpty,
                auxiliary: $0.AuxiliaryAddresses ?? [:])
        }
    }
}

extension ObservedVolume {
    init(_ volume: Volume) {
        self.init(name: volume.Name, driver: volume.Driver ?? "")
        options = volume.Options ?? [:]
        labels = volume.Labels ?? [:]
        createdAt = volume.CreatedAt ?? ""
    }
}

extension EngineFacts {
    package init(_ reader: EngineReader) {
        let isPodman = reader.facts.Components?.contains { $0.Name == "Podman Engine" } ?? false
        self.init(
            product: isPodman ? .podman : .docker, version: reader.facts.Version,
            api: APIVersion(reader.api.major, reader.api.minor),
            operatingSystem: reader.facts.Os ?? "linux", architecture: reader.facts.Arch ?? "")
    }
}
