import ArgumentParser
import RecastModel
import RecastOperations
import RecastViews

struct VolumeShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows one volume: whose it is, who uses it, how large it is, when it was last backed up.",
        discussion: """
            Example:
              recast volume show prod prod-shop_data
              recast volume show prod prod-shop_data --host db-1         of two that have the name
            """)

    @OptionGroup var options: EnvironmentOptions

    @Argument(help: "The name of the volume on the host, as `recast volume ls` shows it.")
    var name: String

    @Option(help: "The host, where several have a volume of that name.")
    var host: String?

    func run() async throws {
        let console = Console()
        let desired = try await options.desired(console: console)
        let operations = Operations(
            desired, toolVersion: Version.current, surroundings: console.surroundings,
            scope: try ScopeOptions.scope(services: [], hosts: host.map { [$0] } ?? [], of: desired))
        let item = try await reporting(to: console) { try await operations.volume(named: name) }
        console.write(options.json ? [try JSONText.document(VolumeDocument(item))] : VolumeText.lines(item))
    }
}
