import ArgumentParser
import RecastModel
import RecastOperations
import RecastViews

struct VolumeRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Removes one volume with all its data, once its name has been typed in full.",
        discussion: """
            Refused for a volume that the manifest asks for, that a container has, kept predecessors included, or that
            Recast did not make.

            Example:
              recast volume remove prod prod-shop_old
              recast volume remove prod prod-shop_old --confirm prod-shop_old     where nobody can type
              recast volume remove prod prod-shop_old --host db-1                 of two that have the name
            """)

    @OptionGroup var volume: NamedVolume
    @OptionGroup var lease: LeaseOptions

    @Option(name: .customLong("confirm"), help: "The name of the volume again, instead of typing it.")
    var confirmation: String?

    func validate() throws {
        if let confirmation, confirmation != volume.name {
            throw ValidationError("--confirm says '\(confirmation)', and the volume is '\(volume.name)'")
        }
    }

    func run() async throws {
        let console = Console()
        let operations = try await volume.operations(console, lease, looksEverywhere: true)
        let isRemoved = try await reporting(to: console) {
            try await operations.removeVolume(named: volume.name, on: volume.host.map { HostName($0) }) {
                try confirm($0, console)
            }
        }
        if volume.options.json {
            console.write([try JSONText.document(Removal(volume: volume.name, removed: isRemoved))])
        } else if isRemoved {
            console.write(["Removed \(volume.name)."], to: .error)
        }
    }

    private func confirm(_ volume: VolumeList.Item, _ console: Console) throws -> Bool {
        console.write(VolumeText.lines(volume), to: .error)
        if confirmation != nil { return true }
        return try console.mustType(volume.name, to: "remove it with all its data")
    }

    private struct Removal: Encodable {
        let format = 1
        let volume: String
        let removed: Bool
    }
}
