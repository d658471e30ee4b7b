import RecastModel

/// An environment as people have them: services with variables, a port and a network, each once on every host.
struct BenchWorld {
    let hosts: [HostName]
    private let services: [ServiceName]
    private let position = SourcePosition(file: "bench.yaml", line: 1, column: 1)

    init(hosts: Int, perHost: Int) {
        self.hosts = (1...hosts).map { HostName("host-\($0)") }
        services = (0..<perHost).map { ServiceName("service-\($0)") }
    }

    /// `version`: of the image of a service, by its number.
    func desired(version: (Int) -> Int) -> PinnedDesired {
        let specs = services.indices.map { spec(of: $0, version: version($0)) }
        let instances = hosts.flatMap { host in
            services.indices.map { index in
                DesiredInstance(
                    host: host, address: InstanceAddress(services[index], slot: 1), spec: specs[index],
                    dependencies: index == 0 ? [] : [Dependency(services[index - 1])], position: position)
            }
        }
        let desired = Desired(
            environment: "prod", application: "bench",
            hosts: hosts.map { HostDefinition(name: $0, engine: "unix:///\($0)", position: position) },
            instances: instances,
            networks: hosts.map { DesiredNetwork(host: $0, key: "default", name: "prod-bench_default") }, volumes: [])
        let hashes = services.indices.map { index in
            let digits = String(index * 10 + version(index), radix: 16)
            return "v1:sha256:" + String(repeating: "0", count: 64 - digits.count) + digits
        }
        let indices = Dictionary(uniqueKeysWithValues: services.enumerated().map { ($1, $0) })
        return PinnedDesired(
            desired,
            instances: instances.map { instance in
                PinnedInstance(instance, of: desired, specHash: hashes[indices[instance.address.service] ?? 0])
            })
    }

    private func spec(of index: Int, version: Int) -> ContainerSpec {
        let digits = String(index * 10 + version, radix: 16)
        let digest = "sha256:" + String(repeating: "0", count: 64 - digits.count) + digits
        let reference = ImageReference("registry.example.com/shop/service-\(index):\(version)")
        guard let image = reference?.pinned(to: digest) else { preconditionFailure("a reference of its own") }
        var spec = ContainerSpec(image: image)
        spec.environment = Dictionary(uniqueKeysWithValues: (1...12).map { ("VARIABLE_\($0)", "value-\($0)") })
        spec.restart = .unlessStopped
        return spec
    }

    /// Every container as it is desired, and as an engine would report it.
    func observed(_ desired: PinnedDesired) -> Observed {
        let engine = EngineFacts(version: "20.10.24", api: APIVersion(1, 41))
        let owner = InstanceLabels.ofResource(environment: desired.environment, application: desired.application)
        let states = hosts.map { host in
            var state = HostState(engine: engine)
            var network = ObservedNetwork(id: "network-\(host)", name: "prod-bench_default")
            network.labels = owner
            state.networks = [network]
            for instance in desired.instances(on: host) {
                let image = instance.spec.image
                state.images[image.exact] = ObservedImage(id: image.digest ?? "")
                state.containers.append(container(instance, image))
            }
            return (host, HostObservation.reached(state))
        }
        return Observed(hosts: Dictionary(uniqueKeysWithValues: states))
    }

    private func container(_ instance: PinnedInstance, _ image: ImageReference) -> ObservedContainer {
        let identity = InstanceLabels(
            environment: instance.environment, application: instance.application, address: instance.address,
            specHash: instance.specHash, image: image.short, imageDigest: image.digest ?? "")
        var container = ObservedContainer(
            id: "\(instance.host)-\(instance.containerName)", name: instance.containerName, identity: identity,
            spec: instance.spec, imageID: image.digest ?? "", state: .running)
        container.startedAt = "2026-01-31T12:00:00Z"
        return container
    }
}
