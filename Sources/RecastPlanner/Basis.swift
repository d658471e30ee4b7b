import RecastModel

/// The facts of a host that a plan relies on, one line each, so that a refusal can say which of them moved.
enum Basis {
    /// Networks and volumes that are neither this application's nor named by it are nobody's business here.
    static func facts(
        of state: HostState, on host: HostName, for desired: PinnedDesired, _ known: KnownFields
    ) -> Set<String> {
        var facts: Set<String> = ["engine \(state.engine.version), API \(state.engine.api)"]
        for container in state.containers {
            let fields = known.live(container, in: state, of: host)
            facts.insert(
                "container \(container.name) (\(container.id.prefix(12))) \(container.state.rawValue),"
                    + " definition \(fingerprint(fields))")
        }
        let owner = InstanceLabels.ofResource(environment: desired.environment, application: desired.application)
        let isOurs = { (labels: [String: String]) in owner.isContained(in: labels) }
        let networks = Set(desired.networks(on: host).map(\.name))
        let volumes = Set(desired.volumes(on: host).map(\.name))
        for network in state.networks where isOurs(network.labels) || networks.contains(network.name) {
            facts.insert("network \(network.name) (\(network.id.prefix(12)))")
        }
        for volume in state.volumes where isOurs(volume.labels) || volumes.contains(volume.name) {
            facts.insert("volume \(volume.name)\(volume[.identity].map { " (\($0.prefix(12)))" } ?? "")")
        }
        return facts
    }

    /// Tells two definitions apart, whatever the order of their fields; it is no protection against forgery.
    private static func fingerprint(_ fields: Fields) -> String {
        let sum = fields.values.reduce(0 as UInt64) { sum, field in
            sum &+ hash(field.value, after: hash("=", after: hash(field.key)))
        }
        return String(sum, radix: 16)
    }

    /// FNV-1a, 64 bits.
    private static func hash(_ text: String, after start: UInt64 = 0xcbf2_9ce4_8422_2325) -> UInt64 {
        text.utf8.reduce(start) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
