import RecastModel

/// Networks and volumes of one host.
///
/// They are made when missing, never changed in place, and volumes never removed.
struct ResourceReview {
    let host: HostName
    private let engine: EngineFacts
    private(set) var networksToCreate: [DesiredNetwork] = []
    private(set) var networksToRemove: [ObservedNetwork] = []
    private(set) var volumesToCreate: [DesiredVolume] = []
    /// Those that are there and this application's.
    private(set) var volumesToKeep: [DesiredVolume] = []
    private let moves: [VolumeMove]
    private(set) var hazards: [Hazard] = []

    /// `isWholeApplication`: false when the plan was narrowed to services; then nothing is removed.
    init(
        host: HostName, state: HostState, desired: PinnedDesired, moves: [VolumeMove] = [], isWholeApplication: Bool
    ) {
        self.host = host
        self.moves = moves
        engine = state.engine
        let networks = desired.networks(on: host).sorted { $0.name < $1.name }
        let owner = InstanceLabels.ofResource(environment: desired.environment, application: desired.application)
        for network in networks { review(network, among: state.networks, owner: owner) }
        let arriving = Set(moves.map(\.volume.name))
        let volumes = desired.volumes(on: host).filter { !arriving.contains($0.name) }
        for volume in volumes.sorted(by: { $0.name < $1.name }) {
            review(volume, on: state, owner: owner)
        }
        if isWholeApplication {
            let wanted = Set(networks.map(\.name))
            networksToRemove = state.networks.filter { owner.isContained(in: $0.labels) && !wanted.contains($0.name) }
                .sorted { $0.name < $1.name }
        }
    }

    var changes: [Change] {
        networksToCreate.map { Change(host: host, subject: .network($0.name), action: .create, cause: .missing) }
            + volumesToCreate.map { Change(host: host, subject: .volume($0.name), action: .create, cause: .missing) }
            + moves.map {
                Change(
                    host: host, subject: .volume($0.volume.name), action: .create, cause: .moved(from: $0.source))
            }
            + networksToRemove.map {
                Change(host: host, subject: .network($0.name), action: .remove, cause: .notDesired)
            }
    }

    private mutating func refuse(_ kind: Hazard.Kind, _ subject: String, _ detail: String, help: String) {
        hazards.append(Hazard(host: host, kind: kind, subject: subject, detail: detail, help: help))
    }
}

// MARK: - Networks

extension ResourceReview {
    private mutating func review(
        _ network: DesiredNetwork, among observed: [ObservedNetwork], owner: [String: String]
    ) {
        let subject = "network \(network.name)"
        guard let live = observed.first(where: { $0.name == network.name }) else {
            if network.external {
                refuse(
                    .networkMissing, subject, "it is external and not there",
                    help: "create it on the host, or drop 'external'")
            } else {
                networksToCreate.append(network)
                hazards += EngineReview(host: host, engine: engine).hazards(of: network)
            }
            return
        }
        if network.external { return }
        guard owner.isContained(in: live.labels) else {
            refuse(
                .networkDiffers, subject, "a network of that name is there and is not this application's",
                help: "declare it 'external: true', or give it another 'name'")
            return
        }
        let fields = differingFields(network, live)
        if !fields.isEmpty {
            refuse(
                .networkDiffers, subject, "\(fields.joined(separator: ", ")) differ, and networks are never changed",
                help: "declare the new network under another key, apply, and the old one is removed")
        }
    }

    private func differingFields(_ wanted: DesiredNetwork, _ live: ObservedNetwork) -> [String] {
        var fields: [String] = []
        if (wanted.driver ?? "bridge") != live.driver { fields.append("driver") }
        if wanted.internal != live.internal { fields.append("internal") }
        if wanted.attachable != live.attachable { fields.append("attachable") }
        if wanted.enableIPv6 != live.enableIPv6 { fields.append("enable_ipv6") }
        if wanted.enableIPv4 != live.enableIPv4 { fields.append("enable_ipv4") }
        if !wanted.options.isContained(in: live.options) { fields.append("driver_opts") }
        if !wanted.labels.isContained(in: live.labels) { fields.append("labels") }
        if !hasAddressing(of: wanted, live) { fields.append("ipam") }
        return fields
    }

    private func hasAddressing(of wanted: DesiredNetwork, _ live: ObservedNetwork) -> Bool {
        (wanted.addressDriver ?? "default") == live.addressDriver
            && wanted.addressOptions.isContained(in: live.addressOptions)
            && wanted.pools.allSatisfy { pool in live.pools.contains { matches(pool, $0) } }
    }

    /// Only what was asked for is compared: an engine fills in subnet and gateway by itself.
    private func matches(_ wanted: DesiredNetwork.Pool, _ live: DesiredNetwork.Pool) -> Bool {
        let subnets = (wanted.subnet.map { CanonicalText.subnet($0) }, live.subnet.map { CanonicalText.subnet($0) })
        let gateways = (wanted.gateway.map(CanonicalText.address), live.gateway.map(CanonicalText.address))
        let ranges = (wanted.range.map { CanonicalText.subnet($0) }, live.range.map { CanonicalText.subnet($0) })
        let kept = wanted.auxiliary.mapValues(CanonicalText.address)
        return [subnets, gateways, ranges].allSatisfy { $0 == nil || $0 == $1 }
            && kept.isContained(in: live.auxiliary.mapValues(CanonicalText.address))
    }
}

// MARK: - Volumes

extension ResourceReview {
    private mutating func review(
        _ volume: DesiredVolume, on state: HostState, owner: [String: String]
    ) {
        let subject = "volume \(volume.name)"
        guard let live = state.volumes.first(where: { $0.name == volume.name }) else {
            if volume.external {
                refuse(
                    .volumeMissing, subject, "it is external and not there",
                    help: "create it on the host, or drop 'external'")
            } else {
                volumesToCreate.append(volume)
            }
            return
        }
        if volume.external { return }
        guard owner.isContained(in: live.labels) else {
            refuse(
                .volumeForeign, subject, "a volume of that name is there and is not this application's",
                help:
                    "make it this application's with 'recast volume adopt', declare it 'external: true' to use it as it"
                    + " is, or give it another 'name'")
            return
        }
        volumesToKeep.append(volume)
        if (volume.driver ?? "local") != live.driver || volume.options != live.options {
            refuse(
                .volumeDiffers, subject, "driver or driver_opts differ; volumes are never replaced",
                help: "declare the new volume under another key and carry the data over")
        }
    }
}
