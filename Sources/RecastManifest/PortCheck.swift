import RecastModel

/// Which services want the same port of the same host.
struct PortCheck {
    private(set) var report = Report()
    private var taken: [HostName: [Claim]] = [:]

    private struct Claim {
        let service: ServiceName
        let port: Service.Port
        let number: Int
    }

    /// Host ports that leave no choice. A range can be chosen from, and an empty one is the engine's choice.
    static func fixed(_ ports: [Service.Port]) -> [Service.Port] {
        ports.filter { Int($0.value.hostPort).map { $0 > 0 } ?? false }
    }

    /// Called for each instance that a host shall run.
    mutating func claim(_ service: Service, on host: HostName) {
        for port in Self.fixed(service.ports) {
            guard let number = Int(port.value.hostPort) else { continue }
            let claim = Claim(service: service.name, port: port, number: number)
            let others = taken[host, default: []]
            if let other = others.first(where: { collide($0, claim) }) {
                reportCollision(claim, other, on: host)
            } else {
                taken[host] = others + [claim]
            }
        }
    }

    private func collide(_ first: Claim, _ second: Claim) -> Bool {
        first.number == second.number && first.port.value.port.proto == second.port.value.port.proto
            && Self.addressesOverlap(first.port.value.hostAddress, second.port.value.hostAddress)
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
