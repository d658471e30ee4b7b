package import RecastModel

extension SpecGenerator {
    /// The same definition with one field changed, so that its canonical form is another and no image makes up for it.
    package func mutated(_ spec: ContainerSpec, using generator: inout some RandomNumberGenerator) -> ContainerSpec {
        var dice = Dice(&generator)
        while true {
            var changed = spec
            dice.pick(from: Self.mutations)(&changed, dice.number(1...9))
            if changed.fields != spec.fields { return changed }
        }
    }

    private typealias Mutation = @Sendable (inout ContainerSpec, Int) -> Void

    /// Values that neither the generator nor an image has.
    private static let mutations: [Mutation] =
        processMutations + resourceMutations + isolationMutations + placeMutations

    private static let processMutations: [Mutation] = [
        { $0.command = ["changed", "\($1)"] },
        { $0.entrypoint = ["/changed", "\($1)"] },
        { $0.environment["CHANGED"] = .some("\($1)") },
        { spec, _ in if spec.environment["B"] != nil { spec.environment["B"] = nil } },
        { $0.environment["A"] = .some("changed\($1)") },
        { $0.labels["changed"] = "\($1)" },
        { spec, _ in if spec.labels["a"] != nil { spec.labels["a"] = nil } },
        { $0.user = "\(4000 + $1)" },
        { $0.workingDirectory = "/changed/\($1)" },
        { spec, number in if spec.sharing.network == nil { spec.hostname = "changed\(number)" } },
        { spec, number in if spec.sharing.network == nil { spec.domainname = "changed\(number).example" } },
        { spec, _ in spec.tty.toggle() },
        { spec, _ in spec.stdinOpen.toggle() },
        { spec, _ in spec.stdinOnce.toggle() },
        { spec, _ in spec.stopSignal = "SIGUSR2" },
        { $0.stopTimeout = 40 + $1 },
        { $0.healthcheck = Healthcheck(test: ["CMD", "changed", "\($1)"]) },
        { spec, number in if spec.healthcheck?.test != ["NONE"] { spec.healthcheck = Healthcheck(retries: 20 + number) }
        },
        { $0.restart = .onFailure(retries: 10 + $1) },
        { spec, _ in spec.autoRemove.toggle() },
        { spec, _ in spec.logging.driver = "syslog" },
        { $0.logging.options["changed"] = "\($1)" },
        { $0.annotations["changed"] = "\($1)" },
        { spec, _ in spec.platform = "linux/changed" },
    ]

    private static let resourceMutations: [Mutation] = [
        { $0.resources.memory = Int64(200 + $1) << 20 },
        { $0.resources.memorySwap = Int64(900 + $1) << 20 },
        { $0.resources.memoryReservation = Int64(10 + $1) << 20 },
        { $0.resources.memorySwappiness = Int64(70 + $1) },
        { spec, _ in spec.resources.oomKillDisable.toggle() },
        { $0.resources.nanoCPUs = Int64($1) * 10_000_000 },
        { $0.resources.cpuShares = Int64(2000 + $1) },
        { $0.resources.cpuPeriod = Int64(20_000 + $1) },
        { $0.resources.cpuQuota = Int64(30_000 + $1) },
        { $0.resources.cpusetCPUs = "\(10 + $1)" },
        { $0.resources.cpusetMems = "\(10 + $1)" },
        { $0.resources.pidsLimit = Int64(200 + $1) },
        { $0.resources.blkioWeight = 400 + $1 },
        { $0.resources.cpuRealtimePeriod = Int64(7000 + $1) },
        { $0.resources.cpuRealtimeRuntime = Int64(700 + $1) },
        { $0.resources.blockIO.readRates["/dev/null"] = Int64(9000 + $1) },
        { $0.resources.blockIO.writeRates["/dev/changed\($1)"] = 1 },
        { $0.resources.blockIO.readOperations["/dev/null"] = Int64(900 + $1) },
        { $0.resources.blockIO.writeOperations["/dev/zero"] = Int64(900 + $1) },
        { $0.resources.blockIO.weights["/dev/null"] = 900 + $1 },
    ]

    private static let isolationMutations: [Mutation] = [
        { spec, _ in spec.isolation.privileged.toggle() },
        { spec, _ in spec.isolation.readOnlyRootFilesystem.toggle() },
        { spec, _ in spec.isolation.capAdd += ["SYS_TIME"] },
        { spec, _ in if !spec.isolation.capDrop.isEmpty { spec.isolation.capDrop = [] } },
        { $0.isolation.securityOptions += ["label=type:changed\($1)"] },
        { spec, _ in spec.isolation.unmaskedPaths.toggle() },
        { $0.isolation.devices += [.init(onHost: "/dev/changed\($1)")] },
        { $0.isolation.deviceCgroupRules += ["c 9:\($1) r"] },
        { $0.isolation.groupAdd += ["\(900 + $1)"] },
        { $0.isolation.sysctls["net.changed"] = "\($1)" },
        { $0.isolation.storageOptions["changed"] = "\($1)" },
        { $0.isolation.ulimits["nproc"] = .init(soft: Int64($1), hard: 99) },
        { $0.isolation.oomScoreAdjustment = 200 + $1 },
        { $0.sharing.pid = .container("changed\($1)") },
        { spec, _ in spec.isolation.utsMode = spec.isolation.utsMode.isEmpty ? "host" : "" },
        { spec, _ in spec.isolation.usernsMode = spec.isolation.usernsMode.isEmpty ? "host" : "" },
        { $0.isolation.cgroupParent = "/changed\($1)" },
        { $0.isolation.volumeDriver = "changed\($1)" },
        { $0.sharing.ipc = .container("changed\($1)") },
        { $0.sharing.network = .container("changed\($1)") },
        { $0.sharing.volumes += [Sharing.Volumes(.container("changed\($1)"))] },
        { spec, _ in if !spec.sharing.volumes.isEmpty { spec.sharing.volumes[0].readOnly.toggle() } },
        { spec, _ in if !spec.sharing.owners.isEmpty { spec.sharing = Sharing() } },
        { $0.isolation.deviceRequests += [DeviceRequest(driver: "changed\($1)", count: -1, capabilities: [["gpu"]])] },
        { spec, number in
            if !spec.isolation.deviceRequests.isEmpty { spec.isolation.deviceRequests[0].deviceIDs = ["9\(number)"] }
        },
        { $0.isolation.runtime = "changed\($1)" },
        { $0.isolation.shmSize = Int64(2 + $1) << 20 },
    ]

    private static let placeMutations: [Mutation] = [
        { $0.networking.exposed.insert(ContainerPort(7000 + $1)) },
        { spec, number in
            spec.networking.published += [PublishedPort(ContainerPort(7100), hostPort: "\(7100 + number)")]
            spec.networking.exposed.insert(ContainerPort(7100))
        },
        { spec, _ in if !spec.networking.published.isEmpty { spec.networking.published = [] } },
        { spec, _ in spec.networking.publishAll.toggle() },
        { $0.networking.dns += ["9.9.9.\($1)"] },
        { $0.networking.dnsSearch += ["changed\($1).example"] },
        { $0.networking.dnsOptions += ["timeout:\($1)"] },
        { $0.networking.extraHosts += ["changed:10.0.0.\($1)"] },
        { spec, number in
            if !spec.networking.endpoints.isEmpty { spec.networking.endpoints[0].aliases += ["changed\(number)"] }
        },
        { spec, number in
            if !spec.networking.endpoints.isEmpty { change(&spec.networking.endpoints[0], number) }
        },
        { spec, number in if let last = spec.mounts.indices.last { change(&spec.mounts[last], number) } },
        { $0.mounts.append(Mount(.volume(name: "changed\($1)", noCopy: false), at: "/changed")) },
        { $0.mounts.append(Mount(.tmpfs(size: Int64($1) << 20, mode: 0o700), at: "/changed")) },
        { spec, _ in if let first = spec.mounts.indices.first { spec.mounts[first].readOnly.toggle() } },
    ]

    private static func change(_ endpoint: inout Endpoint, _ number: Int) {
        switch number {
        case 1, 2: endpoint.macAddress = "02:42:ac:11:01:0\(number)"
        case 3, 4: endpoint.driverOptions["changed"] = "\(number)"
        case 5: endpoint.gatewayPriority += 1000
        case 6: endpoint.interfaceName = "changed0"
        case 7: endpoint.ipv4Address = "10.99.0.7"
        default: endpoint.linkLocalAddresses += ["169.254.9.\(number)"]
        }
    }

    private static func change(_ mount: inout Mount, _ number: Int) {
        switch mount.source {
        case .bind: mount.recursion = mount.recursion == .disabled ? nil : .disabled
        case .volume, .image: mount.subpath += "changed\(number)"
        case .anonymous: mount.labels["changed"] = "\(number)"
        case .tmpfs, .tmpfsOptions: mount.source = .tmpfs(size: Int64(20 + number) << 20, mode: 0o700)
        }
    }
}
