import RecastModel

/// What the engine of a host would refuse, or drop without a word.
///
/// Most of it shows at the start of a container or not at all, so it is said before anything is done.
struct EngineReview {
    let host: HostName
    let engine: EngineFacts

    func hazards(of instance: PinnedInstance) -> [Hazard] {
        let spec = instance.spec
        let general = [startInterval(spec), processors(spec.resources), processorSet(spec.resources)]
        let found =
            general + newerFields(spec) + controlGroups(spec.resources) + sharedNetwork(spec)
            + spec.isolation.sysctls.keys.sorted().map(interfaceSetting)
        return (found.compactMap(\.self) + PodmanReview.findings(in: spec, on: engine)).map {
            hazard($0, instance.address.description, at: instance.instance.position)
        }
    }

    func hazards(of network: DesiredNetwork) -> [Hazard] {
        ([ipv6Pool(network), withoutIPv4(network)] + network.pools.map(hostBits)).compactMap(\.self).map {
            hazard($0, "network \(network.name)", at: network.position)
        }
    }

    /// One field that does not go with the engine.
    struct Finding {
        let kind: Hazard.Kind
        let detail: String
        let help: String
    }

    private func hazard(_ finding: Finding, _ subject: String, at position: SourcePosition?) -> Hazard {
        Hazard(
            host: host, kind: finding.kind, subject: subject, detail: finding.detail, help: finding.help,
            position: position)
    }

    func needs(_ api: APIVersion, _ docker: String, for field: String, help: String) -> Finding? {
        guard engine.product == .docker, engine.api < api else { return nil }
        return Finding(
            kind: .needsNewerEngine,
            detail: "\(field) needs API \(api) (Docker \(docker)); \(engine.title) speaks \(engine.api)", help: help)
    }

    func refusal(_ detail: String, help: String) -> Finding {
        Finding(kind: .engineRefuses, detail: detail, help: help)
    }
}

// MARK: - Containers

extension EngineReview {
    /// Below 1.44 it is dropped without a word.
    private func startInterval(_ spec: ContainerSpec) -> Finding? {
        guard spec.healthcheck?.startInterval ?? 0 != 0 else { return nil }
        return needs(
            APIVersion(1, 44), "25", for: "healthcheck.start_interval",
            help: "leave start_interval out, or upgrade the engine")
    }

    /// A daemon refuses to create what could never get its share.
    private func processors(_ resources: Resources) -> Finding? {
        guard let count = engine.processors, resources.nanoCPUs > Int64(count) * 1_000_000_000 else { return nil }
        return refusal(
            "cpus asks for \(Self.decimal(resources.nanoCPUs)) processors; the host has \(count)",
            help: "ask for \(count) at most, or place the service on a larger host")
    }

    private func processorSet(_ resources: Resources) -> Finding? {
        let members = CanonicalText.cpuSet(resources.cpusetCPUs).split(separator: ",").compactMap { Int($0) }
        guard let count = engine.processors, let last = members.max(), last >= count else { return nil }
        return refusal(
            "cpuset names processor \(last); the host has 0 to \(count - 1)",
            help: "name processors of the host, or place the service on a larger one")
    }

    /// A setting of `eth0` went to whichever interface had that name until 1.47; then it is an error.
    private func interfaceSetting(_ name: String) -> Finding? {
        let parts = name.split(separator: ".")
        let isOfInterface = parts.count > 3 && parts[0] == "net" && parts[3].hasPrefix("eth")
        guard isOfInterface, engine.product == .docker, engine.api >= APIVersion(1, 48) else { return nil }
        return refusal(
            "sysctls.\(name) is of one interface; \(engine.title) refuses such settings (API 1.48 and later)",
            help: "set it for 'all' or 'default' instead of '\(parts[3])'")
    }

    /// `1500000000` → `1.5`.
    private static func decimal(_ nano: Int64) -> String {
        let rest = String(1_000_000_000 + nano % 1_000_000_000).dropFirst()
        let digits = rest.reversed().drop { $0 == "0" }.reversed()
        return "\(nano / 1_000_000_000)" + (digits.isEmpty ? "" : "." + String(digits))
    }
}

// MARK: - Networks

extension EngineReview {
    /// Older engines have no IPv6 addresses of their own to give out.
    private func ipv6Pool(_ network: DesiredNetwork) -> Finding? {
        let hasPool = network.pools.contains { $0.subnet?.contains(":") ?? false }
        guard network.enableIPv6, !hasPool else { return nil }
        return needs(
            APIVersion(1, 47), "27", for: "enable_ipv6 without an IPv6 subnet",
            help: "give a subnet under ipam.config, or upgrade the engine")
    }

    private func withoutIPv4(_ network: DesiredNetwork) -> Finding? {
        guard !network.enableIPv4 else { return nil }
        return needs(
            APIVersion(1, 48), "28", for: "enable_ipv4: false", help: "leave enable_ipv4 out, or upgrade the engine")
    }

    private func hostBits(_ pool: DesiredNetwork.Pool) -> Finding? {
        guard engine.product == .docker, engine.api >= APIVersion(1, 44), let subnet = pool.subnet else { return nil }
        let masked = CanonicalText.subnet(subnet)
        guard masked != CanonicalText.subnet(subnet, keepingHostBits: true) else { return nil }
        return refusal(
            "the subnet \(subnet) has host bits; \(engine.title) refuses that (API 1.44 and later)",
            help: "write \(masked)")
    }
}

extension EngineFacts {
    /// `Docker 28.5.2`.
    var title: String {
        switch product {
        case .docker: "Docker \(version)"
        case .podman: "Podman \(version)"
        }
    }
}
