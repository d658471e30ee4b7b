import RecastModel
import RecastYAML

extension ServiceReader {
    /// Every published port is exposed too: the engine publishes nothing else.
    mutating func readPorts() {
        var ports: [Service.Port] = []
        var seen: Set<PublishedPort> = []
        for item in root["ports"]?.items ?? [] {
            let field = Field(item, at: root.path.appending("ports"))
            guard let port = port(field), seen.insert(port).inserted else { continue }
            ports.append(Located(port, at: item.place))
        }
        refusePortsWithoutNetwork()
        service.ports = ports
        spec.networking.published = ports.map(\.value)
        spec.networking.exposed.formUnion(ports.map(\.value.port))
    }

    private mutating func refusePortsWithoutNetwork() {
        guard let mode = root["network_mode"], ["host", "none"].contains(spec.networking.mode),
            let ports = root["ports"]
        else { return }
        report.error(
            .portWithoutNetwork, "network_mode '\(spec.networking.mode)' publishes no ports", at: ports.keyPlace,
            help: spec.networking.mode == "host" ? "remove `ports`: every port is the host's own already" : nil,
            notes: [.init("the mode is set here", at: mode.place.position)])
    }

    private mutating func port(_ field: Field) -> PublishedPort? {
        guard let target = field["target"] else { return nil }
        _ = report.choice(field["mode"], ["ingress", "host"])
        let proto = report.choice(field["protocol"]?.lowercased, TransportProtocol.allCases.map(\.rawValue))
        guard let number = report.integer(target, in: 1...65535) else { return nil }
        return PublishedPort(
            ContainerPort(Int(number), proto.flatMap(TransportProtocol.init) ?? .tcp),
            hostAddress: field["host_ip"]?.node.string ?? "", hostPort: hostPort(field["published"]))
    }

    /// A number, or a range to choose from.
    private mutating func hostPort(_ field: Field?) -> String {
        guard let field, let text = field.node.string else { return "" }
        if text.isEmpty || text == "0" { return "" }
        let parsed = report.parsed(field.node, prefix: "\(field.path): ") { () throws(GrammarError) in
            try PortSyntax.parseExposed(text)
        }
        guard let first = parsed?.first, let last = parsed?.last else { return "" }
        return first == last ? String(first.number) : "\(first.number)-\(last.number)"
    }

    mutating func readExpose() {
        for item in root["expose"]?.items ?? [] {
            let field = Field(item, at: root.path.appending("expose"))
            guard let text = field.node.string else { continue }
            let ports = report.parsed(item, prefix: "an exposed port of \(root.path): ") { () throws(GrammarError) in
                try PortSyntax.parseExposed(text)
            }
            spec.networking.exposed.formUnion(ports ?? [])
        }
    }
}

extension Field {
    /// The protocol's name may be written in any case.
    fileprivate var lowercased: Field {
        guard case .string(let text) = node.content else { return self }
        return Field(node.replacing(.string(text.lowercased())), keyPlace: keyPlace, at: path)
    }
}
