import RecastModel

/// Which services want the same port of the same host.
struct PortCheck {
    private(set) var report = Report()
    private var taken: [Spot: [Claim]] = [:]

    /// One port of one host, at whatever address.
    private struct Spot: Hashable {
        let host: HostName
        let number: Int
        let proto: TransportProtocol
    }

    private struct Claim {
        let service: ServiceName
        let port: Service.Port
    }

    /// Host ports that leave no choice, as a range or nothing would.
    static func fixed(_ ports: [Service.Port]) -> [Service.Port] {
        ports.filter { Int($0.value.hostPort).map { $0 > 0 } ?? false }
    }

    /// Called for each instance that a host shall run.
    mutating func claim(_ service: Service, on host: HostName) {
        for port in Self.fixed(service.ports) {
            guard let number = Int(port.value.hostPort) else { continue }
            let spot = Spot(host: host, number: number, proto: port.value.port.proto)
            let claim = Claim(service: service.name, port: port)
            let other = taken[spot, default: []].first {
                Self.addressesOverlap($0.port.value.hostAddress, port.value.hostAddress)
            }
            if let other {
                reportCollision(claim, other, on: host)
            } else {
                taken[spot, default: []].append(claim)
            }
        }
    }

    /// `""` is every address; `0.0.0.0` every IPv4 one and `::` every IPv6 one.
    static func addressesOverlap(_ first: String, _ second: String) -> Bool {
        guard let first = IPAddress(first), let second = IPAddress(second) else { return true }
        return first == second
            || (first.isIPv4 == second.isIPv4 && (first.isUnspecified || second.isUnspecified))
    }

    private mutating func reportCollision(_ claim: Claim, _ other: Claim, on host: HostName) {
        let port = "\(claim.port.value.hostPort)/\(claim.port.value.port.proto.rawValue)"
        report.error(
            .portConflict,
            claim.service == other.service
                ? "'\(claim.service)' publishes port \(port) twice on host '\(host)'"
                : "'\(claim.service)' and '\(other.service)' both publish port \(port) on host '\(host)'",
            at: claim.port.place,
            help: "use another host port or address, or keep them on different hosts with placement constraints",
            notes: [.init("'\(other.service)' publishes it here", at: other.port.place.position)])
    }
}
