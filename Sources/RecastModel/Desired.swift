/// What an environment should run, before its images are pinned: the meaning of the files, and nothing of the hosts.
package struct Desired: Hashable, Sendable {
    package let environment: EnvironmentName
    package let application: ApplicationName
    /// In the order of the environment file.
    package private(set) var hosts: [HostDefinition]
    /// Sorted by host, then address.
    package internal(set) var instances: [DesiredInstance]
    /// One entry for each host that needs it.
    package let networks: [DesiredNetwork]
    package let volumes: [DesiredVolume]
    /// In the order of the environment file.
    package let registries: [RegistryDefinition]
    package var hooks = OperatorHooks()
    /// `nil`: there is none.
    package var lock: LockFile?
    /// Whose approval a plan needs; `nil`: nobody's.
    package var approval: ApprovalGate?
    package var promotion = PromotionGates()

    package init(
        environment: EnvironmentName, application: ApplicationName, hosts: [HostDefinition],
        instances: [DesiredInstance], networks: [DesiredNetwork], volumes: [DesiredVolume],
        registries: [RegistryDefinition] = []
    ) {
        self.environment = environment
        self.application = application
        self.hosts = hosts
        self.instances = instances
        self.networks = networks
        self.volumes = volumes
        self.registries = registries
    }

    /// The same with other images for services' own containers.
    package func running(_ images: [ServiceName: ImageReference]) -> Self {
        var desired = self
        for index in desired.instances.indices {
            if let image = images[desired.instances[index].address.service] {
                desired.instances[index].spec.image = image
            }
        }
        return desired
    }

    /// The same where services work with what a release recorded of them.
    package func working(as services: [ServiceName: RollbackTarget.Service]) -> Self {
        var desired = self
        for index in desired.instances.indices {
            guard let service = services[desired.instances[index].address.service] else { continue }
            desired.instances[index].schema = service.schema
        }
        return desired
    }

    /// The same without some services, and without waiting for them.
    package func leavingOut(_ services: Set<ServiceName>) -> Self {
        var desired = self
        desired.instances.removeAll { services.contains($0.address.service) }
        for index in desired.instances.indices {
            desired.instances[index].dependencies.removeAll { services.contains($0.service) }
        }
        return desired
    }

    /// The same where hosts are reached as they are declared elsewhere.
    package func on(_ hosts: [HostDefinition]) -> Self {
        var desired = self
        desired.hosts = hosts
        return desired
    }

    package var services: Set<ServiceName> { Set(instances.map(\.address.service)) }

    /// The services that write to volumes of their own.
    package var stateful: Set<ServiceName> {
        Set(
            instances.filter { instance in
                instance.spec.mounts.contains { mount in
                    !mount.readOnly && mount.volume.map { !instance.sharedVolumes.contains($0) } ?? false
                }
            }.map(\.address.service))
    }

    /// The services that run to their end in every apply that changes something.
    package var tasks: Set<ServiceName> { Set(instances.filter { $0.task != nil }.map(\.address.service)) }

    /// The same with other images.
    package func mappingImages(_ transform: (ImageReference, ServiceName) -> ImageReference) -> Self {
        var desired = self
        for index in desired.instances.indices {
            let service = desired.instances[index].address.service
            desired.instances[index].spec.mapImages { transform($0, service) }
        }
        return desired
    }
}

/// Plans that change the environment must be signed by somebody.
package struct ApprovalGate: Hashable, Sendable {
    /// The path of the file that says who may, in the form of OpenSSH's `allowed_signers`.
    package let signers: String

    package init(signers: String) { self.signers = signers }
}

/// A host as the environment file declares it.
package struct HostDefinition: Hashable, Sendable {
    package let name: HostName
    /// The text after `engine:`, such as `unix:///var/run/docker.sock` or `tcp://10.0.0.5:2375`.
    package let engine: String
    /// `nil`: no TLS.
    package let tls: TLSFiles?
    /// Plain TCP to a non-loopback address was asked for by name.
    package let insecure: Bool
    package let labels: [String: String]
    package let position: SourcePosition

    package init(
        name: HostName, engine: String, tls: TLSFiles? = nil, insecure: Bool = false, labels: [String: String] = [:],
        position: SourcePosition
    ) {
        self.name = name
        self.engine = engine
        self.tls = tls
        self.insecure = insecure
        self.labels = labels
        self.position = position
    }
}

/// One container that one host should run.
package struct DesiredInstance: Hashable, Sendable {
    package let host: HostName
    package let address: InstanceAddress
    @Boxed package var spec: ContainerSpec
    package fileprivate(set) var dependencies: [Dependency]
    package var gate: GatePolicy
    package let pull: PullPolicy
    /// Having ended with 0 it is done, and is not started again.
    ///
    /// So it is when the manifest says that it does not restart by itself (`restart: "no"` or `on-failure`), or when
    /// another service waits for its completion. A service that says nothing is meant to run.
    package let isJob: Bool
    package var hooks = Hooks()
    package var rollout = RolloutPolicy()
    package var drain: Drain?
    /// Volumes of which several containers may be writers at once, by their names on the engine.
    package var sharedVolumes: Set<String> = []
    /// `nil`: it is no task.
    package var task: TaskPolicy?
    /// `nil`: it says nothing of databases.
    package var schema: SchemaPolicy?
    /// Where the service is declared.
    package let position: SourcePosition

    package init(
        host: HostName, address: InstanceAddress, spec: ContainerSpec, dependencies: [Dependency] = [],
        gate: GatePolicy = GatePolicy(), pull: PullPolicy = .missing, isJob: Bool = false, position: SourcePosition
    ) {
        self.host = host
        self.address = address
        self.spec = spec
        self.dependencies = dependencies
        self.gate = gate
        self.pull = pull
        self.isJob = isJob
        self.position = position
    }
}

/// compose-spec's `pull_policy`, as far as a deploy tool can honour it.
package enum PullPolicy: String, Hashable, Sendable {
    case missing, always, never
}

package struct Dependency: Hashable, Sendable {
    package enum Condition: String, Hashable, Sendable {
        case started = "service_started"
        case healthy = "service_healthy"
        case completed = "service_completed_successfully"
    }

    package let service: ServiceName
    package let condition: Condition

    package init(_ service: ServiceName, _ condition: Condition = .started) {
        self.service = service
        self.condition = condition
    }
}

/// What must hold before a started container counts as good.
package struct GatePolicy: Hashable, Sendable {
    /// Without a health check: how long it must run without a restart.
    package let monitor: Duration
    /// With a health check: how long it may take to become healthy; `nil`: worked out from the check's own timings.
    package let healthTimeout: Duration?
    /// In place of the health check.
    package var readiness: Readiness?

    package init(monitor: Duration = .seconds(1), healthTimeout: Duration? = nil) {
        self.monitor = monitor
        self.healthTimeout = healthTimeout
    }
}

package struct DesiredNetwork: Hashable, Sendable {
    package struct Pool: Hashable, Sendable {
        package let subnet: String?
        package let gateway: String?
        package let range: String?
        /// Addresses that the engine gives to no container, by what they are for.
        package let auxiliary: [String: String]
        package init(
            subnet: String?, gateway: String? = nil, range: String? = nil, auxiliary: [String: String] = [:]
        ) {
            self.subnet = subnet
            self.gateway = gateway
            self.range = range
            self.auxiliary = auxiliary
        }
    }

    package let host: HostName
    /// The key under `networks:`.
    package let key: String
    /// The name on the engine.
    package let name: String
    /// Expected to be there already; never made or removed.
    package let external: Bool
    package var driver: String? = nil
    package var options: [String: String] = [:]
    package var labels: [String: String] = [:]
    package var `internal` = false
    package var attachable = false
    package var enableIPv6 = false
    /// `false` needs API 1.47; older engines ignore it.
    package var enableIPv4 = true
    /// `nil`: `default`.
    package var addressDriver: String? = nil
    package var addressOptions: [String: String] = [:]
    package var pools: [Pool] = []
    /// Where it is declared; `nil` for the one that every application has.
    package var position: SourcePosition? = nil

    package init(host: HostName, key: String, name: String, external: Bool = false) {
        self.host = host
        self.key = key
        self.name = name
        self.external = external
    }
}

package struct DesiredVolume: Hashable, Sendable {
    package let host: HostName
    /// The key under `volumes:`.
    package let key: String
    /// The name on the engine.
    package let name: String
    /// Expected to be there already; never made.
    package let external: Bool
    package var driver: String? = nil
    package var options: [String: String] = [:]
    package var labels: [String: String] = [:]
    /// Who uses it on this host, sorted.
    package var services: [ServiceName] = []

    package init(host: HostName, key: String, name: String, external: Bool = false) {
        self.host = host
        self.key = key
        self.name = name
        self.external = external
    }
}
