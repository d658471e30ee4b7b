import RecastModel
import RecastYAML

extension ServiceReader {
    mutating func readNetworking() {
        readNetworkMode()
        readPorts()
        readExpose()
        spec.networking.dns = addresses(root["dns"])
        spec.networking.dnsSearch = report.strings(root["dns_search"]).unique
        spec.networking.dnsOptions = report.strings(root["dns_opt"]).unique
        spec.networking.extraHosts = extraHosts()
    }

    private mutating func readNetworkMode() {
        guard let field = root["network_mode"], let mode = report.optionalWord(field) else { return readNetworks() }
        switch mode {
        case "none", "host", "bridge": spec.networking.mode = mode
        case _ where mode.hasPrefix("service:") || mode.hasPrefix("container:"):
            report.error(
                .unsupportedValue, "sharing the network of another container is not supported yet", at: field.place,
                help: "give both services a common network")
        default: _ = report.choice(field, ["bridge", "host", "none"])
        }
    }

    private struct Attachment {
        let key: String
        let priority: Int64
        let endpoint: Endpoint
    }

    /// The one with the highest priority comes first, and is the engine's network mode; then by name.
    private mutating func readNetworks() {
        var attachments: [Attachment] = []
        for field in root["networks"]?.entries ?? [] {
            guard let network = context.resources.networks[field.key] else { continue }
            let priority = report.integer(field["priority"], in: Int64.min...Int64.max) ?? 0
            attachments.append(
                Attachment(key: field.key, priority: priority, endpoint: endpoint(field, on: network.name)))
        }
        attachments.sort { ($1.priority, $0.key) < ($0.priority, $1.key) }
        service.networks = attachments.map(\.key)
        spec.networking.endpoints = attachments.map(\.endpoint)
        spec.networking.mode = attachments.first?.endpoint.network ?? ""
    }

    private mutating func endpoint(_ field: Field, on network: String) -> Endpoint {
        let aliases = Set(report.strings(field["aliases"])).subtracting([root.key]).sorted()
        return Endpoint(
            network: network, aliases: [root.key] + aliases, ipv4Address: report.address(field["ipv4_address"]),
            ipv6Address: report.address(field["ipv6_address"]))
    }

    private mutating func addresses(_ field: Field?) -> [String] {
        report.located(field).map { item in
            if IPAddress(item.value) == nil {
                report.error(.badValue, "'\(item.value)' is no IP address", at: item.place)
            }
            return item.value
        }.unique
    }

    /// `host=address`; the engine takes `host:address`.
    private mutating func extraHosts() -> [String] {
        report.located(root["extra_hosts"]).compactMap { item -> String? in
            guard let mark = item.value.firstIndex(of: "=") else { return nil }
            let address = String(item.value[item.value.index(after: mark)...])
            if address != "host-gateway", IPAddress(address) == nil {
                report.error(
                    .badValue, "'\(address)' is no IP address", at: item.place,
                    help: "write an address, or host-gateway")
            }
            return "\(item.value[..<mark]):\(address)"
        }.unique
    }
}

extension Array where Element: Hashable {
    /// Without what came before, in the same order.
    var unique: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
