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

    @OptionGroup var options: EnvironmentOptions

    @Argument(help: "The name of the volume on the host, as `recast volume ls` shows it.")
    var name: String

    @Option(help: "The host, where several have a volume of that name.")
    var host: String?

    @Option(name: .customLong("confirm"), help: "The name of the volume again, instead of typing it.")
    var confirmation: String?

    func validate() throws {
        if let confirmation, confirmation != name {
            throw ValidationError("--confirm says '\(confirmation)', and the volume is '\(name)'")
        }
    }

    func run() async throws {
        let console = Console()
        let desired = try await options.desired(console: console)
        let operations = Operations(
            desired, toolVersion: Version.current, surroundings: console.surroundings,
            scope: try ScopeOptions.scope(services: [], hosts: host.map { [$0] } ?? [], of: desired))
        let isRemoved = try await reporting(to: console) {
            try await operations.removeVolume(named: name) { try confirm($0, console) }
        }
        if options.json {
            console.write([try JSONText.document(Removal(volume: name, removed: isRemoved))])
        } else if isRemoved {
            console.write(["Removed \(name)."], to: .error)
        }
    }

    private func confirm(_ volume: VolumeList.Item, _ console: Console) throws -> Bool {
        console.write(VolumeText.lines(volume), to: .error)
        if confirmation != nil { return true }
        return try console.mustType(name, to: "remove it with all its data")
    }

    private struct Removal: Encodable {
        let format = 1
        let volume: String
        let removed: Bool
    }
}
