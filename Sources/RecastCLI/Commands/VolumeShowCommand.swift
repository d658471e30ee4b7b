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

    @OptionGroup var volume: NamedVolume

    func run() async throws {
        let console = Console()
        let operations = try await volume.operations(console)
        let item = try await reporting(to: console) { try await operations.volume(named: volume.name) }
        console.write(volume.options.json ? [try JSONText.document(VolumeDocument(item))] : VolumeText.lines(item))
    }
}
