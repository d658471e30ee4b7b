import RecastModel
import RecastYAML

extension Networking {
    /// The first network is the one with the highest priority, else the first by name.
    var networks: YAMLNode {
        let isByName = endpoints.map(\.network).sorted() == endpoints.map(\.network)
        let numbered = endpoints.enumerated().map { index, endpoint in
            (endpoint.network, endpoint.compose(priority: isByName ? 0 : endpoints.count - 1 - index))
        }
        return .mapping(Dictionary(numbered) { $1 }) { $0 }
    }
}

extension Endpoint {
    fileprivate func compose(priority: Int) -> YAMLNode {
        var mapping = ComposeMapping()
        mapping["aliases"] = .texts(aliases)
        mapping["ipv4_address"] = ipv4Address.map(YAMLNode.text)
        mapping["ipv6_address"] = ipv6Address.map(YAMLNode.text)
        mapping["link_local_ips"] = .texts(linkLocalAddresses)
        mapping["mac_address"] = macAddress.map(YAMLNode.text)
        mapping["driver_opts"] = .mapping(driverOptions, YAMLNode.text)
        mapping["interface_name"] = interfaceName.map(YAMLNode.text)
        if gatewayPriority != 0 { mapping["gw_priority"] = .number(Int64(gatewayPriority)) }
        if priority != 0 { mapping["priority"] = .number(Int64(priority)) }
        return mapping.node
    }
}

extension ContainerSpec {
    func writeSharing(into mapping: inout ComposeMapping) {
        for (key, owner) in [("network_mode", sharing.network), ("pid", sharing.pid), ("ipc", sharing.ipc)] {
            mapping[key] = owner.map { .text($0.compose) }
        }
        mapping["volumes_from"] = .texts(
            sharing.volumes.map { shared in
                // In this key a service's name stands alone.
                let name = shared.owner.instance.map(\.service.text) ?? shared.owner.compose
                return name + (shared.readOnly ? ":ro" : "")
            })
    }
}

extension Sharing.Owner {
    fileprivate var compose: String {
        switch self {
        case .instance(let address): "service:\(address.service)"
        case .container: description
        }
    }
}
