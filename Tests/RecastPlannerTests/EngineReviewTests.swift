import RecastModel
import RecastPlanner
import RecastTesting
import Testing

/// What a plan says of engines that would refuse a definition, or drop a part of it.
@Suite struct EngineReviewTests {
    static let docker20 = EngineFacts(version: "20.10.24", api: APIVersion(1, 41))
    static let docker26 = EngineFacts(version: "26.1.5", api: APIVersion(1, 45))
    static let docker28 = EngineFacts(version: "28.5.2", api: APIVersion(1, 51))
    static let podman = EngineFacts(product: .podman, version: "5.4.2", api: APIVersion(1, 41))

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let engine: EngineFacts
        let change: @Sendable (inout ContainerSpec) -> Void
        /// What the hazard says; `nil`: there is none.
        let detail: String?

        init(
            _ description: String, _ engine: EngineFacts, _ detail: String?,
            _ change: @escaping @Sendable (inout ContainerSpec) -> Void
        ) {
            testDescription = "\(description) on \(engine.product) \(engine.version)"
            self.engine = engine
            self.change = change
            self.detail = detail
        }
    }

    private static let interval = Healthcheck(test: ["CMD", "true"], startInterval: 1_000_000_000)

    static let cases = [
        Case(
            "start_interval", docker20,
            "healthcheck.start_interval needs API 1.44 (Docker 25); Docker 20.10.24 speaks 1.41"
        ) { $0.healthcheck = interval },
        Case("start_interval", docker26, nil) { $0.healthcheck = interval },
        Case(
            "start_interval", podman,
            "healthcheck.start_interval has no effect on Podman 5.4.2, which takes it silently"
        ) { $0.healthcheck = interval },
        Case(
            "eth0", docker28,
            "sysctls.net.ipv4.conf.eth0.forwarding is of one interface; Docker 28.5.2 refuses such settings "
                + "(API 1.48 and later)"
        ) { $0.isolation.sysctls = ["net.ipv4.conf.eth0.forwarding": "1"] },
        Case("eth0", docker26, nil) { $0.isolation.sysctls = ["net.ipv4.conf.eth0.forwarding": "1"] },
        Case("all interfaces", docker28, nil) { $0.isolation.sysctls = ["net.ipv4.conf.all.forwarding": "1"] },
        Case("processors", docker20, "cpus asks for 2.5 processors; the host has 2") {
            $0.resources.nanoCPUs = 2_500_000_000
        },
        Case("processors", docker28, nil) { $0.resources.nanoCPUs = 2_000_000_000 },
        Case("a set of processors", docker26, "cpuset names processor 3; the host has 0 to 1") {
            $0.resources.cpusetCPUs = "0-3"
        },
        Case("a set of processors", docker26, nil) { $0.resources.cpusetCPUs = "0,1" },
        Case("no test", podman, "healthcheck without a test has no effect on Podman 5.4.2, which takes it silently") {
            $0.healthcheck = Healthcheck(retries: 3)
        },
        Case("no test", docker20, nil) { $0.healthcheck = Healthcheck(retries: 3) },
        Case(
            "a removed variable", podman,
            "environment.A without a value has no effect on Podman 5.4.2, which takes it silently"
        ) { $0.environment["A"] = .some(nil) },
        Case("domainname", podman, "domainname has no effect on Podman 5.4.2, which takes it silently") {
            $0.domainname = "example.org"
        },
    ]

    private static let newer = [
        Case("annotations", docker20, "annotations needs API 1.43 (Docker 24); Docker 20.10.24 speaks 1.41") {
            $0.annotations = ["a": "b"]
        },
        Case("annotations", docker26, nil) { $0.annotations = ["a": "b"] },
        Case(
            "a CDI device", docker20,
            "a device of the Container Device Interface needs API 1.44 (Docker 25); Docker 20.10.24 speaks 1.41"
        ) { $0.isolation.deviceRequests = [DeviceRequest(driver: "cdi", deviceIDs: ["a.b/c=d"])] },
        Case(
            "an image mount", docker26,
            "volumes./x, a mount of an image, needs API 1.48 (Docker 28); Docker 26.1.5 speaks 1.45"
        ) { $0.mounts = [Mount(.image($0.image), at: "/x")] },
        Case(
            "a subpath", docker20,
            "volumes./x, a folder of a volume, needs API 1.45 (Docker 26); Docker 20.10.24 speaks 1.41"
        ) {
            $0.mounts = [Mount(.volume(name: "v", noCopy: false), at: "/x")]
            $0.mounts[0].subpath = "a"
        },
        Case(
            "recursion", docker20,
            "volumes./x, bind.recursive, needs API 1.44 (Docker 25); Docker 20.10.24 speaks 1.41"
        ) {
            $0.mounts = [Mount(.bind(path: "/x", propagation: nil, selinux: "", createHostPath: false), at: "/x")]
            $0.mounts[0].recursion = .readonly
        },
        Case(
            "gw_priority", docker26, "networks.n.gw_priority needs API 1.48 (Docker 28); Docker 26.1.5 speaks 1.45"
        ) { $0.networking.endpoints = [endpoint { $0.gatewayPriority = 1 }] },
        Case(
            "interface_name", docker26,
            "networks.n.interface_name needs API 1.49 (Docker 28.1); Docker 26.1.5 speaks 1.45"
        ) { $0.networking.endpoints = [endpoint { $0.interfaceName = "front0" }] },
        Case("the first address", docker20, nil) {
            $0.networking.endpoints = [endpoint { $0.macAddress = "02:42:ac:11:00:02" }]
        },
        Case(
            "the second address", docker20,
            "networks.n.mac_address needs API 1.44 (Docker 25); Docker 20.10.24 speaks 1.41"
        ) { $0.networking.endpoints = [Endpoint(network: "m"), endpoint { $0.macAddress = "02:42:ac:11:00:02" }] },
        Case("all of the endpoint", docker28, nil) {
            $0.networking.endpoints = [
                endpoint {
                    $0.macAddress = "02:42:ac:11:00:02"
                    $0.gatewayPriority = 1
                    $0.interfaceName = "front0"
                }
            ]
        },
        Case("ports in the network of another", docker28, "ports does not go with the network of another container") {
            $0.sharing.network = .container("x")
            $0.networking.published = [PublishedPort(ContainerPort(80))]
        },
    ]

    private static func endpoint(_ change: (inout Endpoint) -> Void) -> Endpoint {
        var endpoint = Endpoint(network: "n")
        change(&endpoint)
        return endpoint
    }

    @Test func `what cgroup v2 drops is a hazard`() {
        var spec = ContainerSpec(image: Scenario.image("web", 1))
        spec.resources.memorySwappiness = 0
        spec.resources.oomKillDisable = true
        for (isUnified, count) in [(nil, 0), (false, 0), (true, 2)] {
            var state = HostState(engine: Self.docker28)
            state.engine.hasUnifiedCgroups = isUnified
            let plan = Planner().plan(desired(spec), over: Observed(hosts: ["a": .reached(state)]))
            #expect(plan.hazards.count == count)
        }
    }

    @Test(arguments: cases + newer)
    func `a field that does not go with the engine is a hazard with its place`(example: Case) throws {
        var spec = ContainerSpec(image: Scenario.image("web", 1))
        example.change(&spec)
        let hazards = plan(spec, on: example.engine).hazards
        #expect(hazards.map(\.detail) == [example.detail].compactMap(\.self))
        #expect(hazards.allSatisfy { $0.position == Self.place && $0.subject == "web.1" })
    }

    @Test(arguments: [(docker20, ["1.47", "1.48"]), (docker28, ["host bits"])])
    func `a network that does not go with the engine is a hazard`(engine: EngineFacts, words: [String]) throws {
        var network = DesiredNetwork(host: "a", key: "n", name: "n")
        network.enableIPv6 = true
        network.enableIPv4 = false
        network.pools = [DesiredNetwork.Pool(subnet: "10.97.1.2/16")]
        network.position = Self.place
        let hazards = plan(ContainerSpec(image: Scenario.image("web", 1)), on: engine, networks: [network]).hazards
        #expect(hazards.count == words.count)
        for (hazard, word) in zip(hazards, words) { #expect(hazard.detail.contains(word)) }
    }

    @Test func `what Podman does not give back is compared by the recorded hash`() throws {
        var spec = ContainerSpec(image: Scenario.image("web", 1))
        spec.isolation.capAdd = ["NET_ADMIN"]
        let before = desired(spec)
        var world = World(hosts: ["a"])
        world.hosts["a"]?.engine = Self.podman
        for step in Planner().plan(before, over: world.observed).steps { try world.apply(step) }
        world.hosts["a"]?.containers[0].spec.isolation.capAdd = ["CAP_NET_ADMIN", "CAP_SYSLOG"]
        #expect(Planner().plan(before, over: world.observed).isEmpty)
        spec.isolation.capAdd = ["SYS_TIME"]
        let changes = Planner().plan(desired(spec), over: world.observed).changes
        #expect(changes.map(\.action) == [.replace])
        #expect(changes.flatMap(\.differences).map(\.field) == ["definition"])
    }

    private static let place = SourcePosition(file: "shop.yaml", line: 7, column: 3)

    private func plan(_ spec: ContainerSpec, on engine: EngineFacts, networks: [DesiredNetwork] = []) -> Plan {
        var state = HostState(engine: engine)
        state.engine.processors = 2
        return Planner().plan(desired(spec, networks), over: Observed(hosts: ["a": .reached(state)]))
    }

    private func desired(_ spec: ContainerSpec, _ networks: [DesiredNetwork] = []) -> PinnedDesired {
        Scenario.pin(
            Desired(
                environment: "test", application: "app",
                hosts: [HostDefinition(name: "a", engine: "unix:///a", position: Self.place)],
                instances: [
                    DesiredInstance(
                        host: "a", address: InstanceAddress("web", slot: 1), spec: spec, position: Self.place)
                ], networks: networks, volumes: []))
    }
}
