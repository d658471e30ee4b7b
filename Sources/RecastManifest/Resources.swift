import RecastModel
import RecastYAML

/// The networks and volumes that a manifest declares, with their names on the engine.
struct Resources {
    struct Network {
        let key: Located<String>
        let name: String
        let external: Bool
        var driver: String?
        var options: [String: String] = [:]
        var labels: [String: String] = [:]
        var `internal` = false
        var attachable = false
        var enableIPv6 = false
        var enableIPv4 = true
        var addressDriver: String?
        var addressOptions: [String: String] = [:]
        var pools: [DesiredNetwork.Pool] = []
    }

    struct Volume {
        let key: Located<String>
        let name: String
        let external: Bool
        var driver: String?
        var options: [String: String] = [:]
        var labels: [String: String] = [:]
        /// Several containers may write to it at once.
        var isShared = false

        /// A driver of another name than the engine's own may keep it anywhere.
        var isOnOneHost: Bool { driver == nil || driver == "local" }
    }

    var networks: [String: Network] = [:]
    var volumes: [String: Volume] = [:]
}

/// Reads the top-level `networks:` and `volumes:`.
struct ResourceReader {
    /// What an engine name begins with: `ENV-APP`.
    let project: String
    private(set) var report = Report()
    private(set) var resources = Resources()

    init(project: String) { self.project = project }

    mutating func read(_ root: Field) {
        for field in root["networks"]?.entries ?? [] { readNetwork(field) }
        for field in root["volumes"]?.entries ?? [] { readVolume(field) }
        refuseTwins("networks", resources.networks.values.map { ($0.key, $0.name, $0.external) })
        refuseTwins("volumes", resources.volumes.values.map { ($0.key, $0.name, $0.external) })
    }

    /// Two keys for one thing of the engine would each have their way with it.
    private mutating func refuseTwins(_ kind: String, _ all: [(key: Located<String>, name: String, external: Bool)]) {
        for group in Dictionary(grouping: all, by: \.name).values where group.count > 1 {
            let twins = group.sorted { $0.key.place.position < $1.key.place.position }
            guard twins.contains(where: { !$0.external }) else { continue }
            report.error(
                .conflict,
                "the \(kind) '\(twins[0].key.value)' and '\(twins[1].key.value)' are both '\(twins[0].name)' on the host",
                at: twins[1].key.place,
                help: "give them different names, or use one key")
        }
    }

    private mutating func readNetwork(_ field: Field) {
        let (name, external) = identity(field)
        var network = Resources.Network(
            key: Located(field.key, at: field.keyPlace), name: name, external: external)
        network.driver = report.optionalWord(field["driver"])
        network.options = report.texts(field["driver_opts"])
        network.labels = report.labels(field["labels"])
        network.internal = report.bool(field["internal"]) ?? false
        network.attachable = report.bool(field["attachable"]) ?? false
        network.enableIPv6 = report.bool(field["enable_ipv6"]) ?? false
        network.enableIPv4 = report.bool(field["enable_ipv4"]) ?? true
        network.addressDriver = report.optionalWord(field.at("ipam", "driver"))
        network.addressOptions = report.texts(field.at("ipam", "options"))
        network.pools = pools(field["ipam"])
        resources.networks[field.key] = network
    }

    private mutating func readVolume(_ field: Field) {
        let (name, external) = identity(field)
        var volume = Resources.Volume(key: Located(field.key, at: field.keyPlace), name: name, external: external)
        volume.driver = report.optionalWord(field["driver"])
        volume.options = report.texts(field["driver_opts"])
        volume.labels = report.labels(field["labels"])
        volume.isShared = report.bool(field.at("x-recast", "shared")) ?? false
        if let device = volume.options["device"], volume.options["o"]?.contains("bind") ?? false,
            !FilePath.isAbsolute(device), let place = field.at("driver_opts", "device")?.place
        {
            report.error(
                .relativePath, "the device of volume '\(field.key)' is '\(device)', relative to nothing on a host",
                at: place, help: "give the absolute path on the host")
        }
        resources.volumes[field.key] = volume
    }

    /// Every resource has its name by now.
    private mutating func identity(_ field: Field) -> (name: String, external: Bool) {
        (report.word(field["name"]) ?? field.key, report.bool(field["external"]) ?? false)
    }

    private mutating func pools(_ ipam: Field?) -> [DesiredNetwork.Pool] {
        guard let ipam else { return [] }
        return (ipam["config"]?.items ?? []).map { item in
            let field = Field(item, at: ipam.path.appending("config"))
            return DesiredNetwork.Pool(
                subnet: prefix(field["subnet"]), gateway: report.address(field["gateway"]),
                range: prefix(field["ip_range"]), auxiliary: report.texts(field["aux_addresses"]))
        }
    }

    private mutating func prefix(_ field: Field?) -> String? {
        guard let field, let text = report.word(field) else { return nil }
        if IPPrefix(text) == nil { report.badValue(field, "is '\(text)', which is no address range like 10.1.0.0/24") }
        return text
    }
}

extension Report {
    mutating func address(_ field: Field?) -> String? {
        guard let field, let text = word(field) else { return nil }
        if IPAddress(text) == nil { badValue(field, "is '\(text)', which is no IP address") }
        return text
    }

    /// Labels of a person's own: what Recast keeps for itself is refused.
    mutating func labels(_ field: Field?) -> [String: String] {
        for entry in field?.entries ?? [] {
            if entry.key.hasPrefix("io.recast.") {
                error(
                    .reservedLabel, "the label '\(entry.key)' belongs to Recast", at: entry.keyPlace,
                    help: "labels under `io.recast.` are set by Recast alone")
            } else if entry.key.hasPrefix("com.docker.compose.") {
                warn(
                    .reservedLabel, "the label '\(entry.key)' belongs to Docker Compose, which may act on it",
                    at: entry.keyPlace)
            }
        }
        return texts(field)
    }
}
