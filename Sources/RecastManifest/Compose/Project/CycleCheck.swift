import RecastModel
import RecastYAML

/// Services that wait for each other in a circle, so that none could start.
struct CycleCheck {
    private(set) var report = Report()
    private let project: ProjectIndex

    /// A service on the way from the first, and how far its dependencies have been followed.
    private struct Visit {
        let service: YAMLNode.Entry
        let dependencies: [YAMLNode.Entry]
        var next = 0

        init(_ service: YAMLNode.Entry) {
            self.service = service
            dependencies = service.value["depends_on"]?.entries ?? []
        }

        /// The dependency that was followed last.
        var edge: YAMLNode.Entry { dependencies[next - 1] }
    }

    init(_ project: ProjectIndex) { self.project = project }

    /// Depth first, without recursion, as a chain may be as long as the file.
    ///
    /// Each cycle is told once, from its service that stands first in the file.
    mutating func run() {
        var done: Set<String> = []
        for service in project.services where !done.contains(service.key) {
            follow(service, &done)
        }
    }

    private mutating func follow(_ first: YAMLNode.Entry, _ done: inout Set<String>) {
        var path = [Visit(first)]
        var depths = [first.key: 0]
        while let last = path.indices.last {
            guard path[last].next < path[last].dependencies.count else {
                let visit = path.removeLast()
                depths[visit.service.key] = nil
                done.insert(visit.service.key)
                continue
            }
            path[last].next += 1
            let name = path[last].edge.key
            if let depth = depths[name] {
                reportCycle(path[depth...])
            } else if !done.contains(name), let next = project.service(name) {
                depths[name] = path.count
                path.append(Visit(next))
            }
        }
    }

    private mutating func reportCycle(_ cycle: ArraySlice<Visit>) {
        guard let first = cycle.first else { return }
        if cycle.count == 1 {
            report.error(
                .dependencyCycle, "service '\(first.service.key)' depends on itself", at: first.edge.keyPlace,
                help: "remove this dependency")
            return
        }
        let chain = cycle.map { "'\($0.service.key)'" } + ["'\(first.service.key)'"]
        report.error(
            .dependencyCycle, "services wait for each other: \(chain.joined(separator: " → "))",
            at: first.edge.keyPlace, help: "remove one of these dependencies",
            notes: cycle.dropFirst().map {
                .init("'\($0.service.key)' depends on '\($0.edge.key)' here", at: $0.edge.keyPosition)
            })
    }
}
