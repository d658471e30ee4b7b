import RecastModel

extension EngineState {
    private static let ephemeral = 32_768...60_999

    /// - Throws: when another container holds a port that this one wants.
    mutating func allocatePorts(for container: SimulatedContainer) throws(Refusal) -> [HeldPort] {
        guard container.hostConfig["NetworkMode"] != "host" else { return [] }
        var held: [HeldPort] = []
        let taken = containers.values.filter { $0.isRunning && $0.id != container.id }.flatMap(\.ports)
        let exposed = Set(container.config["ExposedPorts"].object.keys.flatMap(CanonicalText.exposedPorts))
        for (key, bindings) in container.hostConfig["PortBindings"].object.sorted(by: { $0.key < $1.key }) {
            // Without an entry in ExposedPorts an engine publishes nothing, and says nothing.
            for port in CanonicalText.exposedPorts(key) where exposed.contains(port) {
                for binding in bindings.array { held.append(try hold(port, binding, taken + held, container)) }
            }
        }
        return held
    }

    private mutating func hold(
        _ port: String, _ binding: JSON, _ taken: [HeldPort], _ container: SimulatedContainer
    ) throws(Refusal) -> HeldPort {
        let address = binding["HostIp"].string ?? ""
        let proto = String(port.split(separator: "/").last ?? "tcp")
        let candidates = Self.candidates(binding["HostPort"].string ?? "")
        for number in candidates {
            let wanted = HeldPort(address: address, number: number, proto: proto, containerPort: port)
            if !taken.contains(where: wanted.clashes) { return wanted }
        }
        portClashes += 1
        let endpoint = hexDigits(of: "endpoint " + container.id)
        throw Refusal(
            500,
            "driver failed programming external connectivity on endpoint \(container.name) (\(endpoint)): Bind for "
                + "\(address.isEmpty ? "0.0.0.0" : address):\(candidates.lowerBound) failed: port is already allocated")
    }

    /// A number, a range, or any.
    private static func candidates(_ text: String) -> ClosedRange<Int> {
        let bounds = text.split(separator: "-", maxSplits: 1).compactMap { Int($0) }
        guard let first = bounds.first, let last = bounds.last, first > 0, first <= last else { return ephemeral }
        return first...last
    }
}
