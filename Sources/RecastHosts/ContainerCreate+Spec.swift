import DockerAPI
import RecastModel

extension ContainerCreate {
    /// The request that makes a container of this definition, in this version of the API.
    ///
    /// `owners`: the IDs of the containers whose namespaces and volumes it shares.
    init(
        _ creation: ContainerCreation, toolVersion: String, release: String, api: APIVersion,
        owners: [Sharing.Owner: String]
    ) {
        let spec = creation.spec
        var config = ContainerConfig(spec)
        config.Labels = spec.labels.merging(creation.labels(toolVersion: toolVersion, release: release)) { $1 }
        if !spec.fileRecord.fingerprints.isEmpty {
            config.Labels?[InstanceLabels.Key.files.name] = spec.fileRecord.labelText
        }
        var host = HostConfig()
        host.setLifecycle(spec)
        host.setResources(spec.resources)
        host.setIsolation(spec.isolation)
        host.setNetworking(spec.networking)
        host.setSharing(spec.sharing.mapOwners { owner in owners[owner].map(Sharing.Owner.container) ?? owner })
        for mount in spec.mounts { host.add(mount, to: &config, api: api) }
        host.carry(creation.carried)
        var endpoints = spec.networking.endpoints.prefix(creation.endpointsAtCreate)
            .map { ($0.network, EndpointSettings($0)) }
        if api < APIVersion(1, 44) {
            config.MacAddress = spec.networking.macAddress ?? spec.networking.endpoints.first?.macAddress
        } else if let address = spec.networking.macAddress {
            var settings = EndpointSettings(Aliases: nil, IPAMConfig: nil)
            settings.MacAddress = address
            endpoints.append((spec.networking.mode.nilIfEmpty ?? "default", settings))
        }
        self.init(
            config: config, hostConfig: host,
            networking: endpoints.isEmpty
                ? nil : Networking(EndpointsConfig: Dictionary(endpoints) { first, _ in first }))
    }
}

extension EndpointSettings {
    init(_ endpoint: Endpoint) {
        let addressing = IPAM(
            IPv4Address: endpoint.ipv4Address, IPv6Address: endpoint.ipv6Address,
            LinkLocalIPs: endpoint.linkLocalAddresses.nilIfEmpty)
        let isFixed = addressing != IPAM(IPv4Address: nil, IPv6Address: nil)
        self.init(Aliases: endpoint.aliases.nilIfEmpty, IPAMConfig: isFixed ? addressing : nil)
        MacAddress = endpoint.macAddress
        let name = endpoint.interfaceName.map { [Self.interfaceNameOption: $0] } ?? [:]
        DriverOpts = endpoint.driverOptions.merging(name) { $1 }.nilIfEmpty
        GwPriority = endpoint.gatewayPriority.nilIfZero
    }

    static let interfaceNameOption = "com.docker.network.endpoint.ifname"
}

extension ContainerConfig {
    fileprivate init(_ spec: ContainerSpec) {
        self.init()
        Image = spec.image.description
        Cmd = spec.command
        Entrypoint = spec.entrypoint
        Env = spec.environment.map { name, value in value.map { "\(name)=\($0)" } ?? name }.sorted().nilIfEmpty
        User = spec.user
        WorkingDir = spec.workingDirectory
        Hostname = spec.hostname
        Domainname = spec.domainname
        Tty = spec.tty ? true : nil
        OpenStdin = spec.stdinOpen ? true : nil
        StdinOnce = spec.stdinOnce ? true : nil
        StopSignal = spec.stopSignal
        StopTimeout = spec.stopTimeout
        Healthcheck = spec.healthcheck.map(Health.init)
        let ports = spec.networking.exposed.union(spec.networking.published.map(\.port))
        ExposedPorts = ports.isEmpty ? nil : Dictionary(uniqueKeysWithValues: ports.map { ("\($0)", EmptyObject()) })
    }
}

extension ContainerConfig.Health {
    init(_ check: Healthcheck) {
        self.init()
        Test = check.test
        Interval = check.interval
        Timeout = check.timeout
        StartPeriod = check.startPeriod
        StartInterval = check.startInterval
        Retries = check.retries
    }
}

extension HostConfig.DeviceRequest {
    init(_ request: RecastModel.DeviceRequest) {
        self.init()
        Driver = request.driver.nilIfEmpty
        Count = request.count.nilIfZero
        DeviceIDs = request.deviceIDs.nilIfEmpty
        Capabilities = request.capabilities.nilIfEmpty
        Options = request.options.nilIfEmpty
    }
}

extension HostConfig.RestartPolicy {
    init(_ policy: RestartPolicy) {
        switch policy {
        case .never: self.init(Name: "no")
        case .always: self.init(Name: "always")
        case .unlessStopped: self.init(Name: "unless-stopped")
        case .onFailure(let retries): self.init(Name: "on-failure", MaximumRetryCount: retries)
        }
    }
}

extension HostConfig {
    fileprivate mutating func setLifecycle(_ spec: ContainerSpec) {
        self.RestartPolicy = HostConfig.RestartPolicy(spec.restart)
        AutoRemove = spec.autoRemove ? true : nil
        Annotations = spec.annotations.nilIfEmpty
        if spec.logging.driver != nil || !spec.logging.options.isEmpty {
            LogConfig = Log(Type: spec.logging.driver, Config: spec.logging.options.nilIfEmpty)
        }
    }

    fileprivate mutating func setResources(_ resources: Resources) {
        Memory = resources.memory.nilIfZero
        MemorySwap = resources.memorySwap.nilIfZero
        MemoryReservation = resources.memoryReservation.nilIfZero
        MemorySwappiness = resources.memorySwappiness
        OomKillDisable = resources.oomKillDisable ? true : nil
        NanoCpus = resources.nanoCPUs.nilIfZero
        CpuShares = resources.cpuShares.nilIfZero
        CpuPeriod = resources.cpuPeriod.nilIfZero
        CpuQuota = resources.cpuQuota.nilIfZero
        CpuRealtimePeriod = resources.cpuRealtimePeriod.nilIfZero
        CpuRealtimeRuntime = resources.cpuRealtimeRuntime.nilIfZero
        CpusetCpus = resources.cpusetCPUs.nilIfEmpty
        CpusetMems = resources.cpusetMems.nilIfEmpty
        PidsLimit = resources.pidsLimit.nilIfZero
        BlkioWeight = resources.blkioWeight.nilIfZero
        let devices = resources.blockIO
        BlkioWeightDevice =
            devices.weights.sorted { $0.key < $1.key }.map { DeviceWeight(Path: $0.key, Weight: $0.value) }.nilIfEmpty
        BlkioDeviceReadBps = Self.rates(devices.readRates)
        BlkioDeviceWriteBps = Self.rates(devices.writeRates)
        BlkioDeviceReadIOps = Self.rates(devices.readOperations)
        BlkioDeviceWriteIOps = Self.rates(devices.writeOperations)
    }

    private static func rates(_ values: [String: Int64]) -> [DeviceRate]? {
        values.sorted { $0.key < $1.key }.map { DeviceRate(Path: $0.key, Rate: $0.value) }.nilIfEmpty
    }

    fileprivate mutating func setIsolation(_ isolation: Isolation) {
        setPrivileges(isolation)
        Devices =
            isolation.devices.map {
                Device(
                    PathOnHost: $0.onHost, PathInContainer: $0.inContainer.isEmpty ? $0.onHost : $0.inContainer,
                    CgroupPermissions: $0.permissions.isEmpty ? "rwm" : $0.permissions)
            }.nilIfEmpty
        DeviceRequests = isolation.deviceRequests.map(DeviceRequest.init).nilIfEmpty
        DeviceCgroupRules = isolation.deviceCgroupRules.nilIfEmpty
        GroupAdd = isolation.groupAdd.nilIfEmpty
        Sysctls = isolation.sysctls.nilIfEmpty
        StorageOpt = isolation.storageOptions.nilIfEmpty
        Ulimits =
            isolation.ulimits.sorted { $0.key < $1.key }
            .map { Ulimit(Name: $0.key, Soft: $0.value.soft, Hard: $0.value.hard) }.nilIfEmpty
        OomScoreAdj = isolation.oomScoreAdjustment.nilIfZero
        PidMode = isolation.pidMode.nilIfEmpty
        UTSMode = isolation.utsMode.nilIfEmpty
        UsernsMode = isolation.usernsMode.nilIfEmpty
        CgroupParent = isolation.cgroupParent.nilIfEmpty
        VolumeDriver = isolation.volumeDriver.nilIfEmpty
        IpcMode = isolation.ipcMode
        CgroupnsMode = isolation.cgroupnsMode
        Runtime = isolation.runtime
        Init = isolation.initProcess
        ShmSize = isolation.shmSize
    }

    private mutating func setPrivileges(_ isolation: Isolation) {
        Privileged = isolation.privileged ? true : nil
        ReadonlyRootfs = isolation.readOnlyRootFilesystem ? true : nil
        CapAdd = isolation.capAdd.nilIfEmpty
        CapDrop = isolation.capDrop.nilIfEmpty
        SecurityOpt = isolation.securityOptions.nilIfEmpty
        if isolation.unmaskedPaths {
            MaskedPaths = []
            ReadonlyPaths = []
        }
    }

    /// In place of what the other halves said.
    fileprivate mutating func setSharing(_ sharing: Sharing) {
        if let owner = sharing.network { NetworkMode = "\(owner)" }
        if let owner = sharing.pid { PidMode = "\(owner)" }
        if let owner = sharing.ipc { IpcMode = "\(owner)" }
        VolumesFrom =
            sharing.volumes.map { "\($0.owner)".dropFirst("container:".count) + ($0.readOnly ? ":ro" : "") }.nilIfEmpty
    }

    fileprivate mutating func setNetworking(_ networking: Networking) {
        NetworkMode = networking.mode.nilIfEmpty
        let bindings = Dictionary(grouping: networking.published) { "\($0.port)" }
            .mapValues { ports in
                Optional(ports.map { PortBinding(HostIp: $0.hostAddress, HostPort: $0.hostPort) })
            }
        PortBindings = bindings.isEmpty ? nil : bindings
        PublishAllPorts = networking.publishAll ? true : nil
        Dns = networking.dns.nilIfEmpty
        DnsSearch = networking.dnsSearch.nilIfEmpty
        DnsOptions = networking.dnsOptions.nilIfEmpty
        ExtraHosts = networking.extraHosts.nilIfEmpty
    }
}

extension Collection {
    var nilIfEmpty: Self? { isEmpty ? nil : self }
}

extension BinaryInteger {
    var nilIfZero: Self? { self == 0 ? nil : self }
}
