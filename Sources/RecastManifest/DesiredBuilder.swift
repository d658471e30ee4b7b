import RecastModel

/// Puts services on hosts, and with them the networks and volumes that they need there.
struct DesiredBuilder {
    let environment: EnvironmentFile
    let application: ApplicationName
    let resources: Resources
    var report = Report()
    private var matcher: HostMatcher
    private var ports = PortCheck()
    private var writers = WriterCheck()
    private var orders = OrderCheck()
    var instances: [DesiredInstance] = []
    /// Slots of services, by the host that runs them.
    private(set) var slots: [HostName: [String: [Int]]] = [:]
    /// Keys of networks and volumes, by the host that needs them.
    private var networks: [HostName: Set<String>] = [:]
    private var volumes: [HostName: Set<String>] = [:]

    init(_ environment: EnvironmentFile, application: ApplicationName, resources: Resources) {
        self.environment = environment
        self.application = application
        self.resources = resources
        matcher = HostMatcher(environment.hosts)
    }

    /// `services`: those that the environment's profiles start.
    mutating func build(_ services: [Service]) -> Desired {
        let names = Set(services.map(\.name))
        let sorted = services.sorted { $0.name < $1.name }
        for service in sorted { place(service, among: names) }
        share(sorted)
        warnOfDistance(sorted)
        report.add(matcher.report)
        report.add(ports.report)
        report.add(writers.report)
        report.add(orders.report)
        let hosts = environment.hosts.map(\.name).sorted()
        var desired = Desired(
            environment: environment.name, application: application, hosts: environment.hosts,
            instances: instances.sorted { ($0.host, $0.address) < ($1.host, $1.address) },
            networks: hosts.flatMap { host in networks[host, default: []].sorted().compactMap { network($0, on: host) }
            },
            volumes: hosts.flatMap { host in volumes[host, default: []].sorted().compactMap { volume($0, on: host) } },
            registries: environment.registries)
        desired.hooks = environment.hooks
        return desired
    }

    private mutating func place(_ service: Service, among enabled: Set<ServiceName>) {
        let hosts = matcher.matching(service).map(\.name)
        refuseWanderingVolumes(service, hosts)
        orders.review(service, resources)
        for (address, host) in slots(of: service, over: hosts) {
            ports.claim(service, on: host)
            writers.claim(service, on: host, resources)
            slots[host, default: [:]][service.name.text, default: []].append(address.slot)
            networks[host, default: []].formUnion(service.networks)
            volumes[host, default: []].formUnion(service.volumes)
            var instance = DesiredInstance(
                host: host, address: address, spec: service.spec,
                dependencies: dependencies(of: service, among: enabled), gate: service.gate, pull: service.pull,
                isJob: service.isJob,
                position: service.place.position)
            instance.hooks = service.hooks
            instance.rollout = service.rollout
            instance.drain = service.drain
            instance.task = service.task?.value
            instance.schema = service.schema
            instance.sharedVolumes = Set(service.volumes.compactMap { sharedVolume($0) })
            instances.append(instance)
        }
    }

    private func dependencies(of service: Service, among enabled: Set<ServiceName>) -> [Dependency] {
        service.needs.map { Dependency(ServiceName($0.service.value), $0.condition) }
            .filter { enabled.contains($0.service) }
            .sorted { $0.service < $1.service }
    }

    /// A global service has slot 1 on each host, so that hosts come and go without a change to the others.
    private mutating func slots(of service: Service, over hosts: [HostName]) -> [(InstanceAddress, HostName)] {
        switch service.mode {
        case .global: return hosts.sorted().map { (InstanceAddress(service.name, slot: 1), $0) }
        case .replicated(let count):
            guard checkPorts(of: service, count: count, over: hosts) else { return [] }
            return placed(service, count: count, over: hosts).sorted { $0.key < $1.key }.map {
                (InstanceAddress(service.name, slot: $0.key), $0.value)
            }
        }
    }

    /// A fixed host port is there once on each host.
    private mutating func checkPorts(of service: Service, count: Int, over hosts: [HostName]) -> Bool {
        guard count > hosts.count, !hosts.isEmpty, let port = PortCheck.fixed(service.ports).first else { return true }
        report.error(
            .tooManyReplicas,
            "'\(service.name)' wants \(count) replicas, but port \(port.value.hostPort) is free once on each of "
                + (hosts.count == 1 ? "its 1 host" : "its \(hosts.count) hosts"), at: port.place,
            help: "publish a range of ports, use fewer replicas, or allow more hosts")
        return false
    }

    /// Evenly over the values of the labels that the service is to be spread over, then over the hosts of each.
    private mutating func placed(_ service: Service, count: Int, over hosts: [HostName]) -> [Int: HostName] {
        if let most = service.maximumPerHost, count > most * hosts.count {
            report.error(
                .tooManyReplicas,
                "'\(service.name)' wants \(count) replicas, but \(most) on each of \(hosts.count) hosts are "
                    + "\(most * hosts.count)", at: service.place,
                help: "raise max_replicas_per_node, or allow more hosts")
            return [:]
        }
        let labels = Dictionary(uniqueKeysWithValues: environment.hosts.map { ($0.name, $0.labels) })
        let placement = Placement(application: application)
        return placement.spread(service.name, count: count, over: hosts) { host in
            service.spread.map { labels[host]?[$0.value] ?? "" }
        }
    }

    /// A volume stays on its host; a service that may be placed elsewhere one day would leave its data behind.
    private mutating func refuseWanderingVolumes(_ service: Service, _ hosts: [HostName]) {
        let own = service.volumes.filter { resources.volumes[$0].map { !$0.external && $0.isOnOneHost } ?? false }
        guard hosts.count > 1, service.mode != .global, let volume = own.first else { return }
        report.error(
            .unpinnedVolume,
            "'\(service.name)' keeps volume '\(volume)', which is on one host, but it may be placed on any of \(hosts.count)",
            at: service.place,
            help: "pin it with a placement constraint such as `node.hostname == \(hosts.min() ?? "")`")
    }

    private func sharedVolume(_ key: String) -> String? {
        resources.volumes[key].flatMap { $0.isShared ? $0.name : nil }
    }

    private func network(_ key: String, on host: HostName) -> DesiredNetwork? {
        guard let declared = resources.networks[key] else { return nil }
        var network = DesiredNetwork(host: host, key: key, name: declared.name, external: declared.external)
        network.driver = declared.driver
        network.options = declared.options
        network.labels = declared.labels
        network.internal = declared.internal
        network.attachable = declared.attachable
        network.enableIPv6 = declared.enableIPv6
        network.enableIPv4 = declared.enableIPv4
        network.addressDriver = declared.addressDriver
        network.addressOptions = declared.addressOptions
        network.pools = declared.pools
        network.position = declared.key.place.position
        return network
    }

    private func volume(_ key: String, on host: HostName) -> DesiredVolume? {
        guard let declared = resources.volumes[key] else { return nil }
        var volume = DesiredVolume(host: host, key: key, name: declared.name, external: declared.external)
        volume.driver = declared.driver
        volume.options = declared.options
        volume.labels = declared.labels
        let users = instances.filter { $0.host == host && $0.spec.mounts.contains { $0.volume == declared.name } }
        volume.services = Set(users.map(\.address.service)).sorted()
        return volume
    }
}
