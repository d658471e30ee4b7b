import RecastModel

/// References from service to service, which can only be judged with all of them side by side.
struct DependencyCheck {
    private(set) var report = Report()
    private let services: [String: Service]
    private let enabled: Set<String>

    private struct Edge {
        let from: Service
        let need: Service.Need
    }

    /// `enabled`: what the environment's profiles start.
    init(_ services: [Service], enabled: Set<String>) {
        self.services = Dictionary(services.map { ($0.name.text, $0) }) { first, _ in first }
        self.enabled = enabled
    }

    mutating func run() {
        let ordered = services.values.sorted { $0.place.position < $1.place.position }
        var done: Set<String> = []
        for service in ordered {
            for need in service.needs { check(Edge(from: service, need: need)) }
            var path: [Edge] = []
            follow(service, &path, &done)
        }
    }

    private mutating func check(_ edge: Edge) {
        let name = edge.need.service.value
        guard let other = services[name] else {
            report.error(
                .undefinedService, "'\(edge.from.name)' depends on '\(name)', which is not declared",
                at: edge.need.service.place, help: help(for: name))
            return
        }
        if enabled.contains(edge.from.name.text), !enabled.contains(name), edge.need.required {
            report.error(
                .disabledService,
                "'\(edge.from.name)' depends on '\(name)', which no profile of this environment starts",
                at: edge.need.service.place,
                help: "list one of its profiles under `profiles:` of the environment, or add `required: false`",
                notes: [.init("'\(name)' is declared here", at: other.place.position)])
        }
        if edge.need.condition == .healthy { checkHealth(of: other, edge) }
    }

    /// Without a check here, the image may have one; a check that is turned off never succeeds.
    private mutating func checkHealth(of other: Service, _ edge: Edge) {
        let note = Diagnostic.Note("'\(other.name)' is declared here", at: other.place.position)
        if other.spec.healthcheck?.test == ["NONE"] {
            report.error(
                .missingHealthcheck, "'\(other.name)' never becomes healthy: its check is turned off",
                at: edge.need.service.place, help: "wait for service_started", notes: [note])
        } else if other.spec.healthcheck?.test == nil {
            report.note(
                .missingHealthcheck, "'\(other.name)' has no health check here, so its image must have one",
                at: edge.need.service.place,
                help: "add `healthcheck:` to '\(other.name)', or wait for service_started", notes: [note])
        }
    }

    private func help(for name: String) -> String {
        guard let near = nearest(to: name, in: services.keys), let service = services[near] else {
            return "declare it under `services:`"
        }
        return "did you mean '\(near)' (\(service.place.position))?"
    }

    /// Depth first; each cycle is told once, from its service that stands first in the file.
    private mutating func follow(_ service: Service, _ path: inout [Edge], _ done: inout Set<String>) {
        guard !done.contains(service.name.text) else { return }
        for need in service.needs {
            path.append(Edge(from: service, need: need))
            if let start = path.firstIndex(where: { $0.from.name.text == need.service.value }) {
                reportCycle(path[start...])
            } else if let next = services[need.service.value] {
                follow(next, &path, &done)
            }
            path.removeLast()
        }
        done.insert(service.name.text)
    }

    private mutating func reportCycle(_ cycle: ArraySlice<Edge>) {
        guard let first = cycle.first else { return }
        if cycle.count == 1 {
            report.error(.dependencyCycle, "'\(first.from.name)' depends on itself", at: first.need.service.place)
            return
        }
        let chain = cycle.map { "'\($0.from.name)'" } + ["'\(first.from.name)'"]
        report.error(
            .dependencyCycle, "services wait for each other: \(chain.joined(separator: " → "))",
            at: first.need.service.place, help: "remove one of these dependencies",
            notes: cycle.dropFirst().map {
                .init(
                    "'\($0.from.name)' depends on '\($0.need.service.value)' here", at: $0.need.service.place.position)
            })
    }
}
