import DockerAPI
import RecastModel

extension ContainerCreate {
    /// The request that makes a container of this definition.
    init(_ creation: ContainerCreation, toolVersion: String) {
        let spec = creation.spec
        var config = ContainerConfig(spec)
        config.Labels = spec.labels.merging(creation.identity.labels(toolVersion: toolVersion)) { $1 }
        if !spec.fileRecord.fingerprints.isEmpty {
            config.Labels?[InstanceLabels.Key.files.name] = spec.fileRecord.labelText
        }
        var host = HostConfig()
        host.setLifecycle(spec)
        host.setResources(spec.resources)
        host.setIsolation(spec.isolation)
        host.setNetworking(spec.networking)
        for mount in spec.mounts { host.add(mount, to: &config) }
        let endpoints = spec.networking.endpoints.prefix(creation.endpointsAtCreate)
            .map { ($0.network, EndpointSettings($0)) }
        self.init(
            config: config, hostConfig: host,
            networking: endpoints.isEmpty
                ? nil : Networking(EndpointsConfig: Dictionary(endpoints) { first, _ in first }))
    }
}

extension EndpointSettings {
    init(_ endpoint: Endpoint) {
        let isFixed = endpoint.ipv4Address != nil || endpoint.ipv6Address != nil
        self.init(
            Aliases: endpoint.aliases.isEmpty ? nil : endpoint.aliases,
            IPAMConfig: isFixed
                ? IPAM(IPv4Address: endpoint.ipv4Address, IPv6Address: endpoint.ipv6Address) : nil)
    }
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
    }

    fileprivate mutating func setIsolation(_ isolation: Isolation) {
        setPrivileges(isolation)
        Devices =
            isolation.devices.map {
                Device(
                    PathOnHost: $0.onHost, PathInContainer: $0.inContainer.isEmpty ? $0.onHost : $0.inContainer,
                    CgroupPermissions: $0.permissions.isEmpty ? "rwm" : $0.permissions)
            }.nilIfEmpty
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

    /// A bind whose host path may be missing has to go into `Binds`, the only form that makes it on every engine.
    fileprivate mutating func add(_ mount: RecastModel.Mount, to config: inout ContainerConfig) {
        switch mount.source {
        case .bind(let path, let propagation, let selinux, true):
            let modes = [mount.readOnly ? "ro" : "", propagation ?? "", selinux].filter { !$0.isEmpty }
            let suffix = modes.isEmpty ? "" : ":" + modes.joined(separator: ",")
            Binds = (Binds ?? []) + ["\(path):\(mount.target)\(suffix)"]
        case .bind(let path, let propagation, _, false):
            var entry = Mount(Type: "bind", Source: path, Target: mount.target, ReadOnly: mount.readOnly)
            entry.BindOptions = propagation.map { Mount.Bind(Propagation: $0) }
            Mounts = (Mounts ?? []) + [entry]
        case .volume(let name, let noCopy):
            var entry = Mount(Type: "volume", Source: name, Target: mount.target, ReadOnly: mount.readOnly)
            entry.VolumeOptions = noCopy ? Mount.Volume(NoCopy: true) : nil
            Mounts = (Mounts ?? []) + [entry]
        case .anonymous(let noCopy):
            if mount.readOnly || noCopy {
                var entry = Mount(Type: "volume", Target: mount.target, ReadOnly: mount.readOnly)
                entry.VolumeOptions = noCopy ? Mount.Volume(NoCopy: true) : nil
                Mounts = (Mounts ?? []) + [entry]
            } else {
                config.Volumes = (config.Volumes ?? [:]).merging([mount.target: EmptyObject()]) { $1 }
            }
        case .tmpfs(let size, let mode):
            var entry = Mount(Type: "tmpfs", Target: mount.target, ReadOnly: mount.readOnly)
            entry.TmpfsOptions = Mount.Tmpfs(SizeBytes: size.nilIfZero, Mode: mode.nilIfZero)
            Mounts = (Mounts ?? []) + [entry]
        case .tmpfsOptions(let options):
            Tmpfs = (Tmpfs ?? [:]).merging([mount.target: options.joined(separator: ",")]) { $1 }
        }
    }
}

extension Collection {
    var nilIfEmpty: Self? { isEmpty ? nil : self }
}

extension BinaryInteger {
    var nilIfZero: Self? { self == 0 ? nil : self }
}
