import ArgumentParser
import RecastModel
import RecastOperations
import RecastPlanner

/// The one volume that a command is about.
struct NamedVolume: ParsableArguments {
    @OptionGroup var options: EnvironmentOptions

    @Argument(help: "The name of the volume on the host, as `recast volume ls` shows it.")
    var name: String

    @Option(help: "The host, where several have a volume of that name.")
    var host: String?

    /// `lease`: for a command that changes something.
    ///
    /// `looksEverywhere`: at the other hosts as well, where one is named.
    func operations(
        _ console: Console, _ lease: LeaseOptions? = nil, looksEverywhere: Bool = false
    ) async throws -> Operations {
        let desired = try await options.desired(console: console)
        let scope = try ScopeOptions.scope(services: [], hosts: host.map { [$0] } ?? [], of: desired)
        return Operations(
            desired, toolVersion: Version.current, surroundings: console.surroundings,
            scope: looksEverywhere ? Planner.Scope() : scope,
            leasing: lease?.leasing)
    }
}
