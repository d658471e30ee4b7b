import ArgumentParser

@main
struct RecastBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recast-bench", abstract: "Measures parts of Recast, and what it is compared with.",
        subcommands: [PlannerBench.self, ReadsBench.self])
}
