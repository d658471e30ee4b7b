import ArgumentParser
import DockerAPI
import RecastHosts
import RecastModel
import RecastPlanner
import SystemPackage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// How long the planner takes beside what it takes to read what engines report, without any engine.
struct PlannerBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "planner",
        abstract: "Measures the planner beside the decoding of what it plans over.",
        discussion: """
            Makes an environment up, with every container as it is desired, and plans: nothing to do, another image for
            one service, another image for all. Prints one line of JSON with seconds.

            Example:
              recast-bench planner --hosts 1000 --per-host 100 --inspect container.json
            """)

    @Option(help: "How many hosts.")
    var hosts = 1000

    @Option(help: "How many containers each has, of as many services.")
    var perHost = 20

    @Option(help: "What an engine reports of a container: decoded once for each of them.")
    var inspect: String?

    @Option(help: "Does only this: empty, one, all, or none, which only makes the world up.")
    var only: String?

    func run() throws {
        let world = BenchWorld(hosts: hosts, perHost: perHost)
        let desired = world.desired { _ in 1 }
        let observed = world.observed(desired)
        var results: [String: Double] = [:]
        if let inspect { results["decode"] = try decode(inspect) }
        for (name, changed) in [("empty", 0), ("one", 1), ("all", perHost)] where only ?? name == name {
            let meant = world.desired { $0 < changed ? 2 : 1 }
            var plan: Plan?
            results[name] = Self.seconds { plan = Planner().plan(meant, over: observed) }
            guard plan?.changes.count == changed * hosts else { throw Wrong(name: name, found: plan?.changes.count) }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try FileDescriptor.standardOutput.writeAll(try encoder.encode(results) + [UInt8(ascii: "\n")])
    }

    struct Wrong: Error {
        let name: String
        let found: Int?
    }

    private func decode(_ path: String) throws -> Double {
        let data = try Data(contentsOf: URL(filePath: path))
        let decoder = JSONDecoder()
        var seen = 0
        let seconds = Self.seconds {
            for _ in 0..<hosts * perHost {
                let inspect = try? decoder.decode(ContainerInspect.self, from: data)
                if inspect.flatMap({ ObservedContainer($0) }) != nil { seen += 1 }
            }
        }
        guard seen == hosts * perHost else { throw Wrong(name: "decode", found: seen) }
        return seconds
    }

    private static func seconds(_ work: () -> Void) -> Double { ContinuousClock().measure(work) / .seconds(1) }
}
