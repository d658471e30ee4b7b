import RecastModel

/// Whether a service that others wait for until it is healthy can ever become so.
struct HealthDependencyCheck {
    private(set) var report = Report()
    private let services: [Service]

    /// `services`: those that the environment's profiles start.
    init(_ services: [Service]) { self.services = services }

    mutating func run() {
        let byName = Dictionary(services.map { ($0.name.text, $0) }) { first, _ in first }
        for service in services {
            for need in service.needs where need.condition == .healthy {
                guard let other = byName[need.service.value] else { continue }
                check(other, at: need.service.place)
            }
        }
    }

    /// Without a check here, the image may have one; a check that is turned off never succeeds.
    private mutating func check(_ other: Service, at place: Place) {
        let note = Diagnostic.Note("'\(other.name)' is declared here", at: other.place.position)
        if other.spec.healthcheck?.test == ["NONE"] {
            report.error(
                .missingHealthcheck, "'\(other.name)' never becomes healthy: its check is turned off", at: place,
                help: "wait for service_started", notes: [note])
        } else if other.spec.healthcheck?.test == nil {
            report.note(
                .missingHealthcheck, "'\(other.name)' has no health check here, so its image must have one",
                at: place, help: "add `healthcheck:` to '\(other.name)', or wait for service_started", notes: [note])
        }
    }
}
