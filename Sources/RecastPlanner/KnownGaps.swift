import RecastModel

/// How long the instances of each service were away when they were last replaced, as their predecessors tell.
struct KnownGaps {
    private var gaps: [ServiceName: Duration] = [:]

    init(_ observed: Observed) {
        for container in observed.hosts.values.compactMap(\.state).flatMap(\.containers) {
            guard container.isRetained, let gap = InstanceName.gap(ofRetained: container.name) else { continue }
            let service = container.identity.address.service
            gaps[service] = max(gaps[service] ?? .zero, gap)
        }
    }

    subscript(_ service: ServiceName) -> Duration? { gaps[service] }
}
