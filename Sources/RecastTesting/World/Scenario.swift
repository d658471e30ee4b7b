package import RecastModel

/// A random environment, and random trouble on its hosts.
package struct Scenario {
    package var random: SeededGenerator
    package let hosts: [HostName]

    package init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        hosts = ["a", "b", "c"].prefix(Int.random(in: 1...3, using: &random)).map { HostName($0) }
    }

    package static let nowhere = SourcePosition(file: "test.yaml", line: 1, column: 1)

    package mutating func desired() -> PinnedDesired { Self.pin(environment()) }

    /// Services depend on earlier names only, so there is no cycle.
    package mutating func environment() -> Desired {
        let names = ["alpha", "beta", "gamma", "delta"].prefix(Int.random(in: 0...4, using: &random))
        var instances: [DesiredInstance] = []
        // Ports and volumes wander from service to service between two environments.
        let things = [0, 1, 2, 3].shuffled(using: &random)
        for (index, name) in names.enumerated() {
            let spec = spec(of: name, things[index])
            let lasting = names.prefix(index).filter { name in
                !instances.contains { $0.address.service == ServiceName(name) && $0.task != nil }
            }
            let owner = chance(3) ? lasting.randomElement(using: &random) : nil
            let dependencies = names.prefix(index).filter { _ in chance(3) }.map { Dependency(ServiceName($0)) }
            let task = owner == nil && chance(6) ? TaskPolicy(chance(2) ? .before : .after) : nil
            let rollout = rollout()
            for (slot, host) in hosts.enumerated() where !chance(4) {
                var instance = DesiredInstance(
                    host: host, address: InstanceAddress(ServiceName(name), slot: slot + 1),
                    spec: spec.sharing(with: owner, slot: slot + 1, among: instances, on: host),
                    dependencies: dependencies, isJob: task != nil, position: Self.nowhere)
                (instance.task, instance.rollout) = (task, rollout)
                if task != nil { instance.spec.restart = .never }
                instances.append(instance)
            }
        }
        return desired(instances)
    }

    /// With the networks and volumes that they use.
    private func desired(_ instances: [DesiredInstance]) -> Desired {
        let used = Set(
            instances.flatMap { instance in
                instance.spec.networking.endpoints.map { [instance.host.text, $0.network] }
            })
        let volumes = Set(
            instances.flatMap { instance in
                instance.spec.mounts.compactMap { mount -> [String]? in
                    mount.volume.map { [instance.host.text, $0] }
                }
            })
        return Desired(
            environment: "test", application: "app",
            hosts: hosts.map { HostDefinition(name: $0, engine: "unix:///\($0)", position: Self.nowhere) },
            instances: instances,
            networks: used.sorted { $0.joined() < $1.joined() }
                .map { DesiredNetwork(host: HostName($0[0]), key: $0[1], name: $0[1]) },
            volumes: volumes.sorted { $0.joined() < $1.joined() }
                .map { DesiredVolume(host: HostName($0[0]), key: $0[1], name: $0[1]) })
    }

    private mutating func spec(of name: String, _ thing: Int) -> ContainerSpec {
        let version = Int.random(in: 1...3, using: &random)
        var spec = ContainerSpec(image: Self.image(name, version))
        spec.environment = ["LEVEL": ["info", "warn"].randomElement(using: &random) ?? "info"]
        spec.resources.memory = [0, 64 << 20].randomElement(using: &random) ?? 0
        spec.restart = [.never, .always, .unlessStopped].randomElement(using: &random) ?? .never
        if chance(2) {
            spec.networking.published = [PublishedPort(ContainerPort(80), hostPort: String(8000 + thing))]
        }
        if chance(3) { spec.mounts = [Mount(.volume(name: "app_data\(thing)", noCopy: false), at: "/data")] }
        addFiles(to: &spec)
        let networks = ["app_default", "app_back"].filter { _ in chance(2) }
        spec.networking.endpoints = networks.map { Endpoint(network: $0, aliases: [name]) }
        return spec
    }

    private mutating func rollout() -> RolloutPolicy {
        var policy = RolloutPolicy()
        let sizes: [RolloutPolicy.Parallelism] = [.count(0), .count(1), .count(2), .percent(50), .percent(1)]
        policy.parallelism = sizes.randomElement(using: &random) ?? .count(1)
        policy.order = chance(4) ? .stopFirst : nil
        policy.canary = chance(4) ? 1 : 0
        policy.delay = chance(4) ? .seconds(1) : .zero
        policy.monitor = chance(4) ? .seconds(1) : nil
        policy.rehearse = chance(3)
        policy.failureAction = RolloutPolicy.FailureAction.allCases.randomElement(using: &random) ?? .pause
        policy.maxFailureRatio = chance(4) ? 0.5 : 0
        return policy
    }

    private mutating func addFiles(to spec: inout ContainerSpec) {
        spec.isolation.readOnlyRootFilesystem = chance(4)
        if chance(2) { spec.files.append(file(.secret, "password", at: "/run/secrets/password")) }
        if chance(3) { spec.files.append(file(.config, "settings", at: "/data/settings")) }
        if chance(4) { spec.files.append(file(.bind, "./conf.d", at: "/etc/conf.d")) }
    }

    private mutating func file(_ kind: DeliveredFile.Kind, _ name: String, at target: String) -> DeliveredFile {
        let content = FileContent(Array("version \(Int.random(in: 1...2, using: &random))".utf8))
        return DeliveredFile(kind, name, at: target, content: content, mode: 0o400)
    }

    /// The registry that has all of the images, and those of `task`, whose containers end by themselves.
    package static var registry: SimulatedRegistry {
        var registry: SimulatedRegistry = [:]
        for name in ["alpha", "beta", "gamma", "delta", "task"] {
            for version in 1...3 {
                let image = image(name, version)
                registry[image.short] = SimulatedImage(
                    ["Entrypoint": ["/app/run"]], name == "task" ? .completes : .runs, digest: image.digest)
            }
        }
        return registry
    }

    package static func image(_ name: String, _ version: Int) -> ImageReference {
        // Two images of one digest would be one to an engine.
        let digits = String(repeating: String(name == "task" ? version + 3 : version), count: 64)
        guard let image = ImageReference("registry:5000/\(name):\(version)") else { fatalError("no reference") }
        return image.pinned(to: "sha256:\(digits)")
    }

    /// The hash stands for the definition; any function that tells them apart will do.
    package static func pin(_ desired: Desired) -> PinnedDesired {
        let instances = desired.instances.map { instance in
            var instance = instance
            instance.spec.fileRecord = FileRecord(
                of: instance.spec, environment: desired.environment, application: desired.application)
            let text = instance.spec.image.description + instance.spec.fields.canonicalText
            let hash = text.utf8.reduce(5381 as UInt64) { ($0 << 5) &+ $0 &+ UInt64($1) }
            let digits = String(hash, radix: 16)
            return PinnedInstance(
                instance, of: desired,
                specHash: "v1:sha256:" + String(repeating: "0", count: 16 - digits.count) + digits + "0000")
        }
        return PinnedDesired(desired, instances: instances)
    }

    mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &random) == 0 }

    /// What people and crashes do behind the planner's back.
    package mutating func trouble(_ world: inout World) {
        for host in hosts {
            guard var state = world.hosts[host] else { continue }
            for index in state.containers.indices where chance(2) {
                change(&state.containers[index], Int.random(in: 0..<6, using: &random))
            }
            if chance(3), let victim = state.containers.randomElement(using: &random) {
                state.containers.removeAll { $0.id == victim.id }
            }
            if chance(3) {
                state.foreignContainers["stranger"] = "f00"
                state.networks.append(ObservedNetwork(id: "foreign", name: "strangers"))
                state.volumes.append(ObservedVolume(name: "strange"))
            }
            world.hosts[host] = state
        }
    }

    private mutating func change(_ container: inout ObservedContainer, _ kind: Int) {
        switch kind {
        case 0: container.spec.resources.memory += 1 << 20
        case 1: container.spec.restart = .onFailure(retries: 2)
        case 2: container.state = .exited
        case 3: container.state = .paused
        case 4: container.name += "-renamed"
        default: container.spec.networking.endpoints = []
        }
    }
}

extension ContainerSpec {
    /// In the namespaces of an instance that is desired on the same host; without it, as it was.
    fileprivate func sharing(
        with service: String?, slot: Int, among instances: [DesiredInstance], on host: HostName
    ) -> Self {
        guard let service else { return self }
        let owner = InstanceAddress(ServiceName(service), slot: slot)
        guard instances.contains(where: { $0.host == host && $0.address == owner }) else { return self }
        var spec = self
        spec.networking = Networking()
        spec.sharing.network = .instance(owner)
        spec.sharing.pid = .instance(owner)
        return spec
    }
}
