import ArgumentParser
import RecastModel
import RecastOperations
import RecastViews

struct VolumeListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "Shows the volumes of an application: where they are, who uses them, when they were made.",
        discussion: """
            Claimed is what the manifest asks for on that host. A volume that is not Recast's is shown where a service
            uses it.

            Example:
              recast volume ls prod
              recast volume ls prod --sizes
              recast volume ls prod --json | jq '.volumes[] | select(.state == "unclaimed").name'
            """)

    @OptionGroup var options: EnvironmentOptions

    @Flag(help: "Asks for their sizes as well; the engine reads every file for that.")
    var sizes = false

    func run() async throws {
        let console = Console()
        let desired = try await options.desired(console: console)
        let operations = Operations(desired, toolVersion: Version.current, surroundings: console.surroundings)
        let list = try await reporting(to: console) { try await operations.volumes(measures: sizes) }
        if options.json {
            console.write([try JSONText.document(VolumeDocument(list))])
        } else {
            console.write(VolumeText(list, style: console.style(for: .output)).lines)
        }
        if !list.unreachable.isEmpty { throw Exit.failed }
    }
}
