import DockerAPI
import RecastModel

extension ContainerSpec {
    /// What an engine reports of a container, or what a create request asks for: both have the same two halves.
    init?(config: ContainerConfig, host: HostConfig, endpoints: [String: EndpointSettings]) {
        guard let image = ImageReference(config.Image ?? "") ?? ImageReference("unnamed") else { return nil }
        self.init(image: image)
        readProcess(config)
        restart = RestartPolicy(host.RestartPolicy)
        autoRemove = host.AutoRemove ?? false
        logging = LogConfiguration(driver: host.LogConfig?.Type?.nilIfEmpty, options: host.LogConfig?.Config ?? [:])
        resources = Resources(host)
        isolation = Isolation(host)
        networking = Networking(config: config, host: host, endpoints: endpoints)
        sharing = Sharing(host)
        mounts = Mount.all(
            config: config, host: host,
            carried: Set((labels[InstanceLabels.Key.carried.name] ?? "").split(separator: "\n").map(String.init)))
        fileRecord = FileRecord(labels: labels, takingFrom: &mounts)
        annotations = host.Annotations ?? [:]
    }

    private mutating func readProcess(_ config: ContainerConfig) {
        command = config.Cmd
        entrypoint = config.Entrypoint
        for variable in config.Env ?? [] {
            let mark = variable.firstIndex(of: "=")
            let name = String(variable[..<(mark ?? variable.endIndex)])
            environment[name] = .some(mark.map { String(variable[variable.index(after: $0)...]) })
        }
        labels = config.Labels ?? [:]
        user = config.User
        workingDirectory = config.WorkingDir
        hostname = config.Hostname
        domainname = config.Domainname
        tty = config.Tty ?? false
        stdinOpen = config.OpenStdin ?? false
        stdinOnce = config.StdinOnce ?? false
        stopSignal = config.StopSignal
        stopTimeout = config.StopTimeout
        healthcheck = config.Healthcheck.map(Healthcheck.init)
    }
}

extension Healthcheck {
    init(_ health: ContainerConfig.Health) {
        self.init(
            test: health.Test, interval: health.Interval, timeout: health.Timeout, startPeriod: health.StartPeriod,
            startInterval: health.StartInterval, retries: health.Retries)
    }
}

extension RestartPolicy {
    init(_ policy: HostConfig.RestartPolicy?) {
        switch policy?.Name {
        case "always": self = .always
        case "unless-stopped": self = .unlessStopped
        case "on-failure": self = .onFailure(retries: policy?.MaximumRetryCount ?? 0)
        default: self = .never
        }
    }
}

extension Resources {
    fileprivate init(_ host: HostConfig) {
        self.init()
        memory = host.Memory ?? 0
        memorySwap = host.MemorySwap ?? 0
        memoryReservation = host.MemoryReservation ?? 0
        memorySwappiness = host.MemorySwappiness
        oomKillDisable = host.OomKillDisable ?? false
        nanoCPUs = host.NanoCpus ?? 0
        cpuShares = host.CpuShares ?? 0
        cpuPeriod = host.CpuPeriod ?? 0
        cpuQuota = host.CpuQuota ?? 0
        cpuRealtimePeriod = host.CpuRealtimePeriod ?? 0
        cpuRealtimeRuntime = host.CpuRealtimeRuntime ?? 0
        cpusetCPUs = host.CpusetCpus ?? ""
        cpusetMems = host.CpusetMems ?? ""
        pidsLimit = host.PidsLimit ?? 0
        blkioWeight = host.BlkioWeight ?? 0
        blockIO.weights = Dictionary((host.BlkioWeightDevice ?? []).map { ($0.Path, $0.Weight) }) { $1 }
        blockIO.readRates = Self.byPath(host.BlkioDeviceReadBps)
        blockIO.writeRates = Self.byPath(host.BlkioDeviceWriteBps)
        blockIO.readOperations = Self.byPath(host.BlkioDeviceReadIOps)
        blockIO.writeOperations = Self.byPath(host.BlkioDeviceWriteIOps)
    }

    private static func byPath(_ rates: [HostConfig.DeviceRate]?) -> [String: Int64] {
        Dictionary((rates ?? []).map { ($0.Path, $0.Rate) }) { $1 }
    }
}

extension DeviceRequest {
    fileprivate init(_ request: HostConfig.DeviceRequest) {
        self.init(
            driver: request.Driver ?? "", count: request.Count ?? 0, deviceIDs: request.DeviceIDs ?? [],
            capabilities: request.Capabilities ?? [], options: request.Options ?? [:])
    }
}

extension Sharing {
    fileprivate init(_ host: HostConfig) {
        self.init()
        network = Self.owner(host.NetworkMode)
        pid = Self.owner(host.PidMode)
        ipc = Self.owner(host.IpcMode)
        volumes = (host.VolumesFrom ?? []).map { text in
            let parts = text.split(separator: ":", maxSplits: 1)
            return Volumes(.container(String(parts.first ?? "")), readOnly: parts.count > 1 && parts[1] == "ro")
        }
    }

    private static func owner(_ mode: String?) -> Owner? {
        guard let mode, isShared(mode) else { return nil }
        return .container(String(mode.dropFirst(prefix.count)))
    }

    private static let prefix = "container:"

    static func isShared(_ mode: String) -> Bool { mode.hasPrefix(prefix) }
}

extension String {
    /// Without what `Sharing` holds.
    fileprivate var unlessShared: String { Sharing.isShared(self) ? "" : self }
}

extension Isolation {
    fileprivate init(_ host: HostConfig) {
        self.init()
        readPrivileges(host)
        devices = (host.Devices ?? []).map {
            Device(
                onHost: $0.PathOnHost, inContainer: $0.PathInContainer ?? "", permissions: $0.CgroupPermissions ?? "")
        }
        deviceRequests = (host.DeviceRequests ?? []).map(DeviceRequest.init)
        deviceCgroupRules = host.DeviceCgroupRules ?? []
        groupAdd = host.GroupAdd ?? []
        sysctls = host.Sysctls ?? [:]
        storageOptions = host.StorageOpt ?? [:]
        ulimits = Dictionary((host.Ulimits ?? []).map { ($0.Name, Ulimit(soft: $0.Soft, hard: $0.Hard)) }) { $1 }
        oomScoreAdjustment = host.OomScoreAdj ?? 0
        pidMode = (host.PidMode ?? "").unlessShared
        utsMode = host.UTSMode ?? ""
        usernsMode = host.UsernsMode ?? ""
        cgroupParent = host.CgroupParent ?? ""
        volumeDriver = host.VolumeDriver ?? ""
        ipcMode = host.IpcMode?.unlessShared.nilIfEmpty
        cgroupnsMode = host.CgroupnsMode?.nilIfEmpty
        runtime = host.Runtime?.nilIfEmpty
        initProcess = host.Init
        shmSize = host.ShmSize?.nilIfZero
    }

    private mutating func readPrivileges(_ host: HostConfig) {
        privileged = host.Privileged ?? false
        readOnlyRootFilesystem = host.ReadonlyRootfs ?? false
        capAdd = host.CapAdd ?? []
        capDrop = host.CapDrop ?? []
        securityOptions = host.SecurityOpt ?? []
        unmaskedPaths = host.MaskedPaths == []
    }
}

extension Networking {
    fileprivate init(config: ContainerConfig, host: HostConfig, endpoints: [String: EndpointSettings]) {
        self.init()
        mode = (host.NetworkMode ?? "").unlessShared
        exposed = Set(
            (config.ExposedPorts ?? [:]).keys.flatMap(CanonicalText.exposedPorts).compactMap(ContainerPort.init))
        published = (host.PortBindings ?? [:]).flatMap { key, bindings -> [PublishedPort] in
            guard let port = CanonicalText.exposedPorts(key).first.flatMap(ContainerPort.init) else { return [] }
            let bindings = bindings?.nilIfEmpty ?? [.init(HostIp: nil, HostPort: nil)]
            return bindings.map { PublishedPort(port, hostAddress: $0.HostIp ?? "", hostPort: $0.HostPort ?? "") }
        }
        publishAll = host.PublishAllPorts ?? false
        dns = host.Dns ?? []
        dnsSearch = host.DnsSearch ?? []
        dnsOptions = host.DnsOptions ?? []
        extraHosts = host.ExtraHosts ?? []
        self.endpoints = endpoints.sorted { $0.key < $1.key }.map(Endpoint.init)
        macAddress = config.MacAddress?.nilIfEmpty
        // The container's address is what was asked for on its first network; the endpoint's may be made up.
        let first = self.endpoints.firstIndex { $0.network == mode || $0.networkID == mode }
        if let first, mode != "bridge" {
            self.endpoints[first].macAddress = macAddress
            macAddress = nil
        }
    }
}

extension Endpoint {
    fileprivate init(network: String, settings: EndpointSettings) {
        self.init(
            network: network, networkID: settings.NetworkID?.nilIfEmpty, aliases: settings.Aliases ?? [],
            ipv4Address: settings.IPAMConfig?.IPv4Address?.nilIfEmpty,
            ipv6Address: settings.IPAMConfig?.IPv6Address?.nilIfEmpty)
        linkLocalAddresses = settings.IPAMConfig?.LinkLocalIPs ?? []
        macAddress = settings.MacAddress?.nilIfEmpty
        driverOptions = settings.DriverOpts ?? [:]
        interfaceName = driverOptions.removeValue(forKey: EndpointSettings.interfaceNameOption)
        gatewayPriority = settings.GwPriority ?? 0
    }
}

extension ContainerPort {
    /// Reads `80/tcp`.
    fileprivate init?(_ text: String) {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let number = Int(parts[0]), let proto = TransportProtocol(rawValue: String(parts[1]))
        else { return nil }
        self.init(number, proto)
    }
}
