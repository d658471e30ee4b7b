import RecastModel
import RecastYAML

extension ServiceReader {
    mutating func readNetworking() {
        readNetworkMode()
        readMACAddress()
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
        case _ where mode.hasPrefix("service:") || mode.hasPrefix("container:"): break
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
        let own = [report.optionalWord(root["container_name"])].compactMap(\.self)
        let aliases = Set(report.strings(field["aliases"]) + own).subtracting([root.key]).sorted()
        var endpoint = Endpoint(
            network: network, aliases: [root.key] + aliases, ipv4Address: report.address(field["ipv4_address"]),
            ipv6Address: report.address(field["ipv6_address"]))
        endpoint.linkLocalAddresses = report.strings(field["link_local_ips"])
        endpoint.macAddress = report.optionalWord(field["mac_address"])
        endpoint.driverOptions = report.texts(field["driver_opts"])
        endpoint.gatewayPriority = Int(report.integer(field["gw_priority"], in: -1_000_000...1_000_000) ?? 0)
        endpoint.interfaceName = report.optionalWord(field["interface_name"])
        return endpoint
    }

    /// The older key: the address on the first network.
    private mutating func readMACAddress() {
        guard let address = report.optionalWord(root["mac_address"]) else { return }
        if spec.networking.endpoints.isEmpty {
            spec.networking.macAddress = address
        } else if spec.networking.endpoints[0].macAddress == nil {
            spec.networking.endpoints[0].macAddress = address
        }
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
