import ArgumentParser

/// Engines that are none, for work on Recast itself.
@main
struct RecastSim: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recast-sim",
        abstract: "Simulates Docker hosts, or answers as a real one did.",
        subcommands: [HostsCommand.self, RecordCommand.self, ReplayCommand.self], defaultSubcommand: HostsCommand.self)
}
