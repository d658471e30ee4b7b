import RecastModel

/// Chooses the hosts that a service may run on, and says why there is none.
struct HostMatcher {
    let hosts: [HostDefinition]
    private(set) var report = Report()

    init(_ hosts: [HostDefinition]) { self.hosts = hosts }

    /// All constraints must hold; without any, every host does.
    mutating func matching(_ service: Service) -> [HostDefinition] {
        let named = Set(service.hosts.map(\.value))
        for host in service.hosts where !hosts.contains(where: { $0.name.text == host.value }) {
            report.error(
                .noMatchingHost, "there is no host '\(host.value)'", at: host.place,
                help: nearest(to: host.value, in: hosts.map(\.name.text)).map { "did you mean '\($0)'?" })
        }
        let matching = hosts.filter { host in
            (named.isEmpty || named.contains(host.name.text))
                && service.constraints.allSatisfy { Self.meets(host, $0.value) }
        }
        if matching.isEmpty, service.mode != .replicated(0) { reportNone(service) }
        return matching
    }

    private mutating func reportNone(_ service: Service) {
        let failing = service.constraints.first { constraint in !hosts.contains { Self.meets($0, constraint.value) } }
        let wanted = service.constraints.map { "\($0.value)" }.joined(separator: " and ")
        report.error(
            .noMatchingHost, "no host suits '\(service.name)': \(wanted.isEmpty ? "there is none" : wanted)",
            at: (failing ?? service.constraints.first)?.place ?? service.place,
            help: service.constraints.contains { $0.value.key == .role }
                ? "a host's role is its label `role`: give one the label"
                : "give a host the label, or change the constraint",
            notes: hosts.map { .init("\($0.name): \(Self.description(of: $0.labels))", at: $0.position) })
    }

    /// A host's role is its label `role`: an environment has no other word for it.
    private static func meets(_ host: HostDefinition, _ constraint: Constraint) -> Bool {
        var facts = Constraint.Facts(hostname: host.name.text, labels: host.labels)
        facts.role = host.labels["role"] ?? ""
        return constraint.matches(facts)
    }

    private static func description(of labels: [String: String]) -> String {
        if labels.isEmpty { return "no labels" }
        return labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
    }
}
