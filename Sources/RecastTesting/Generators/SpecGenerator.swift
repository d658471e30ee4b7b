package import RecastModel

/// Random container definitions over all fields, with the odd spellings that people and engines use.
///
/// Some are refused by an engine, as some of people's are: a property test counts those.
package struct SpecGenerator: Sendable {
    /// The first passes little on to its containers; all are picked alike.
    let images: [ImageReference]
    /// Networks that containers may join.
    let networks: [String]
    /// Also fields that many kernels and storage drivers do not support.
    private let includesExotic: Bool
    /// Fields that an engine of that version does not know are left out.
    let api: APIVersion
    /// A container whose namespaces and volumes others may share.
    let owner: String?

    package init(
        images: [ImageReference], networks: [String] = [], owner: String? = nil, includesExotic: Bool = false,
        api: APIVersion = APIVersion(1, 41)
    ) {
        precondition(!images.isEmpty, "a container needs an image")
        self.images = images
        self.networks = networks
        self.owner = owner
        self.includesExotic = includesExotic
        self.api = api
    }

    package func spec(using generator: inout some RandomNumberGenerator) -> ContainerSpec {
        var dice = Dice(&generator)
        var spec = ContainerSpec(image: dice.pick(from: images))
        addProcess(to: &spec, &dice)
        addTexts(to: &spec, &dice)
        addHealthcheck(to: &spec, &dice)
        addLifecycle(to: &spec, &dice)
        spec.resources = resources(&dice)
        spec.isolation = isolation(&dice)
        spec.networking = networking(&dice)
        if spec.networking.mode == "host" { spec.isolation.sysctls = [:] }
        addMounts(to: &spec, &dice)
        addNewer(to: &spec, &dice)
        addSharing(to: &spec, &dice)
        return spec
    }

    private func addProcess(to spec: inout ContainerSpec, _ dice: inout Dice) {
        spec.command = ["sleep", "9"]
        let isPlain = spec.image == images[0]
        if !isPlain, dice.maybe() { spec.command = dice.pick(nil, []) }
        guard dice.maybe() else { return }
        let hasCommand = !(spec.command ?? []).isEmpty || !isPlain
        spec.entrypoint = hasCommand ? dice.pick(["/ep"], ["/bin/sh", "-c"], []) : ["/x"]
    }

    private func addTexts(to spec: inout ContainerSpec, _ dice: inout Dice) {
        if dice.maybe() {
            let variables: [(String, String?)] = [
                ("A", "1"), ("B", ""), ("C", nil), ("IMGVAR", "z"), ("PATH", "/q"), ("EMPTY", "x"), ("URL", "a=b=c"),
                ("LINES", "one\ntwo\t\"three\""),
            ]
            for (name, value) in dice.sample(variables, 0...5) { spec.environment[name] = .some(value) }
        }
        if dice.maybe() { spec.labels = [dice.pick("a", "both", "z.y"): dice.pick("1", "", "é")] }
        if dice.maybe() { spec.user = dice.pick("0", "root", "5:5", "") }
        if dice.maybe() { spec.workingDirectory = dice.pick("/a/", "/a//b", "/a/../c", "/app", "/") }
        if dice.maybe() { spec.hostname = "hh" }
        if dice.maybe() { spec.domainname = "example.org" }
        if dice.maybe() { spec.tty = true }
        if dice.maybe() { spec.stdinOpen = true }
        if dice.maybe() { spec.stdinOnce = true }
    }

    private func addHealthcheck(to spec: inout ContainerSpec, _ dice: inout Dice) {
        guard dice.maybe() else { return }
        spec.healthcheck = dice.pick(
            Healthcheck(test: ["NONE"]), Healthcheck(test: ["CMD", "true"]), Healthcheck(interval: 5_000_000_000),
            Healthcheck(test: ["CMD-SHELL", "x"], startInterval: 2_000_000_000, retries: 2), Healthcheck(),
            Healthcheck(test: ["NONE"], interval: 9_000_000_000),
            Healthcheck(test: ["CMD", "a", "b"], timeout: 1_000_000_000, startPeriod: 3_000_000_000))
    }

    private func addLifecycle(to spec: inout ContainerSpec, _ dice: inout Dice) {
        if dice.maybe() { spec.stopSignal = dice.pick("SIGTERM", "TERM", "15", "SIGINT", "int", "9") }
        if dice.maybe() { spec.stopTimeout = dice.pick(0, 10, 30) }
        if dice.maybe() {
            spec.restart = dice.pick(.never, .always, .onFailure(retries: 3), .onFailure(retries: 0), .unlessStopped)
        }
        if spec.restart == .never, dice.maybe(0.1) { spec.autoRemove = true }
        if dice.maybe() {
            spec.logging = dice.pick(
                LogConfiguration(driver: "json-file", options: ["max-size": "1m"]), LogConfiguration(driver: "local"),
                LogConfiguration(options: ["max-size": "1m"]), LogConfiguration(driver: "none"))
        }
    }
}

extension SpecGenerator {
    private func resources(_ dice: inout Dice) -> Resources {
        var resources = Resources()
        if dice.maybe() { resources.memory = 64 << 20 }
        if resources.memory > 0, dice.maybe() { resources.memorySwap = dice.pick(-1, 64 << 20, 128 << 20) }
        if resources.memory > 0, dice.maybe() { resources.memoryReservation = 32 << 20 }
        if dice.maybe() { resources.memorySwappiness = dice.pick(-1, 0, 60) }
        if dice.maybe() { resources.oomKillDisable = dice.pick(true, false) }
        if dice.maybe() {
            resources.nanoCPUs = dice.pick(500_000_000, 1_000_000_000)
        } else if dice.maybe() {
            resources.cpuPeriod = 100_000
            resources.cpuQuota = 50_000
        }
        if dice.maybe() { resources.cpuShares = dice.pick(0, 2, 1024) }
        if dice.maybe() { resources.cpusetCPUs = dice.pick("0", "0-1", "0,1", "") }
        if dice.maybe(0.1) { resources.cpusetMems = "0" }
        if dice.maybe() { resources.pidsLimit = dice.pick(0, -1, 100) }
        if dice.maybe(0.2) { resources.blockIO = blockIO(&dice) }
        if includesExotic, dice.maybe() { resources.blkioWeight = 300 }
        if includesExotic, dice.maybe() { resources.blockIO.weights["/dev/loop0"] = 200 }
        if includesExotic, dice.maybe() { (resources.cpuRealtimePeriod, resources.cpuRealtimeRuntime) = (9000, 900) }
        return resources
    }

    private func isolation(_ dice: inout Dice) -> Isolation {
        var isolation = Isolation()
        addPrivileges(to: &isolation, &dice)
        addNamespaces(to: &isolation, &dice)
        if dice.maybe() {
            isolation.devices = [
                dice.pick(
                    .init(onHost: "/dev/null"), .init(onHost: "/dev/null", inContainer: "/dev/x", permissions: "r"))
            ]
        }
        if dice.maybe(0.2) { isolation.deviceRequests = dice.sample(Self.deviceRequests, 1...2) }
        if dice.maybe(0.2) { isolation.deviceCgroupRules = ["c 1:3 rwm"] }
        if dice.maybe() { isolation.groupAdd = dice.sample(["audio", "12", "x"], 2...2) }
        if dice.maybe() { isolation.sysctls = ["net.ipv4.ip_forward": "1"] }
        if dice.maybe() { isolation.ulimits = dice.pick(["nofile": .init(soft: 10, hard: 20)], [:]) }
        if dice.maybe() { isolation.oomScoreAdjustment = dice.pick(0, 100) }
        if dice.maybe() { isolation.initProcess = dice.pick(true, false) }
        if dice.maybe() { isolation.shmSize = dice.pick(0, 1 << 20) }
        if includesExotic, dice.maybe() { isolation.storageOptions = ["size": "10G"] }
        return isolation
    }

    private func addPrivileges(to isolation: inout Isolation, _ dice: inout Dice) {
        if dice.maybe(0.15) { isolation.privileged = true }
        if dice.maybe() { isolation.readOnlyRootFilesystem = true }
        if dice.maybe() { isolation.capAdd = dice.sample(["NET_ADMIN", "cap_sys_ptrace", "CAP_CHOWN", "all"], 2...2) }
        if dice.maybe() { isolation.capDrop = dice.pick([], ["MKNOD"], ["ALL"]) }
        if dice.maybe() {
            isolation.securityOptions = dice.pick(
                ["no-new-privileges"], ["seccomp=unconfined", "label=disable"], ["apparmor:unconfined"],
                ["no-new-privileges:true"])
        }
        if dice.maybe(0.2) { isolation.unmaskedPaths = true }
    }

    private func addNamespaces(to isolation: inout Isolation, _ dice: inout Dice) {
        if dice.maybe(0.15) { isolation.pidMode = "host" }
        if dice.maybe(0.2) { isolation.ipcMode = dice.pick("host", "shareable", "private") }
        if dice.maybe(0.1) { isolation.utsMode = "host" }
        if dice.maybe(0.1) { isolation.usernsMode = "host" }
        if dice.maybe(0.1) { isolation.cgroupnsMode = dice.pick("host", "private") }
        if dice.maybe(0.1) { isolation.cgroupParent = "/recast" }
        if dice.maybe(0.1) { isolation.volumeDriver = "local" }
        if dice.maybe(0.1) { isolation.runtime = "runc" }
    }
}
