import RecastModel

extension EngineState {
    mutating func networkRoute(_ call: EngineCall) throws(Refusal) -> HTTPReply {
        switch call.route {
        case "GET /networks": return .json(200, .array(networks.map(\.json)))
        case "GET /networks/*": return .json(200, try network(call.name).json)
        case "POST /networks/create": return try createNetwork(call)
        case "POST /networks/*/connect": return try connect(call)
        case "POST /networks/*/disconnect": return try disconnect(call)
        case "DELETE /networks/*": return try removeNetwork(try network(call.name))
        default: throw .noRoute
        }
    }

    private mutating func createNetwork(_ call: EngineCall) throws(Refusal) -> HTTPReply {
        let body = try call.json()
        let name = body["Name"].string ?? ""
        let twin = networks.first { $0.name == name }
        if let twin, body["CheckDuplicate"] == true || configuration.isAtLeast(25) || twin.isPredefined {
            throw Refusal(409, "network with name \(name) already exists")
        }
        try checkPools(body)
        var network = SimulatedNetwork(id: newID(), name: name)
        network.driver = body["Driver"].nonZero?.string ?? "bridge"
        network.options = .map(body["Options"].stringMap)
        network.labels = .map(body["Labels"].stringMap)
        network.created = now
        for flag in SimulatedNetwork.flagNames { network.flags[flag] = body[flag].bool }
        if api(of: call) < APIVersion(1, 48) { network.flags["EnableIPv4"] = nil }
        network.addressDriver = body["IPAM"]["Driver"].nonZero?.string ?? "default"
        network.addressOptions = body["IPAM"]["Options"]
        let pools = body["IPAM"]["Config"].array
        let second = 17 + networks.count
        network.pools =
            pools.isEmpty
            ? [["Subnet": "172.\(second).0.0/16", "Gateway": "172.\(second).0.1"]]
            : pools.map { .object($0.object.filter { !$0.value.isZero }) }
        networks.append(network)
        let warning = twin.map { "Network with name \(name) (id : \($0.id)) already exists" } ?? ""
        return .json(201, ["Id": .string(network.id), "Warning": .string(warning)])
    }

    private func checkPools(_ body: JSON) throws(Refusal) {
        let subnets = body["IPAM"]["Config"].array.compactMap { $0["Subnet"].string }
        for subnet in subnets where configuration.isAtLeast(25) {
            let masked = CanonicalText.subnet(subnet)
            guard masked != CanonicalText.subnet(subnet, keepingHostBits: true) else { continue }
            throw Refusal(400, "invalid network config:\ninvalid subnet \(subnet): it should be \(masked)")
        }
        if body["EnableIPv6"] == true, !subnets.contains(where: { $0.contains(":") }), !configuration.isAtLeast(27) {
            throw Refusal(404, "could not find an available, non-overlapping IPv6 address pool among the defaults")
        }
    }

    private mutating func connect(_ call: EngineCall) throws(Refusal) -> HTTPReply {
        let body = try call.json()
        let container = try container(body["Container"].string ?? "")
        var endpoint = SimulatedEndpoint(body["EndpointConfig"], api(of: call))
        // For a container that does not run, a network that is not there shows at the start.
        let found = container.isRunning ? try network(call.name) : try? network(call.name)
        let name = found?.name ?? call.name
        if container.endpoints[name] != nil, container.isRunning {
            throw Refusal(403, "endpoint with name \(container.name) already exists in network \(name)")
        }
        endpoint.hasShortID = !(found?.isPredefined ?? false)
        if container.isRunning { endpoint.networkID = found?.id ?? "" }
        containers[container.id]?.endpoints[name] = endpoint
        return .empty(200)
    }

    private mutating func disconnect(_ call: EngineCall) throws(Refusal) -> HTTPReply {
        let network = try network(call.name)
        let container = try container(try call.json()["Container"].string ?? "")
        guard container.endpoints[network.name] != nil else {
            throw Refusal(500, "container \(container.id) is not connected to network \(network.name)")
        }
        containers[container.id]?.endpoints[network.name] = nil
        return .empty(200)
    }

    private mutating func removeNetwork(_ network: SimulatedNetwork) throws(Refusal) -> HTTPReply {
        if network.isPredefined {
            throw Refusal(403, "\(network.name) is a pre-defined network and cannot be removed")
        }
        let isInUse = containers.values.contains { container in
            container.isRunning && container.endpoints.values.contains { $0.networkID == network.id }
        }
        if isInUse {
            throw Refusal(
                403,
                "error while removing network: network \(network.name) id \(network.id) has active endpoints")
        }
        networks.removeAll { $0.id == network.id }
        return .empty(204)
    }
}
