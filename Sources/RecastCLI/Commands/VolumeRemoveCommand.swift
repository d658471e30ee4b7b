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
            do {
                return try await operations.removeVolume(named: name) { try confirm($0, console) }
            } catch let refusal as Operations.VolumeRefusal {
                console.write(Self.words(refusal), to: .error)
                throw Exit.refused
            }
        }
        if isRemoved { console.write(["Removed \(name)."], to: .error) }
    }

    private func confirm(_ volume: VolumeList.Item, _ console: Console) throws -> Bool {
        console.write(VolumeText.lines(volume), to: .error)
        if confirmation != nil { return true }
        return try console.mustType(name, to: "remove it with all its data")
    }

    private static func words(_ refusal: Operations.VolumeRefusal) -> [String] {
        switch refusal {
        case .unknown(let name, let known):
            [
                "error: there is no volume '\(name)' of this application; there is "
                    + (known.isEmpty ? "none" : known.joined(separator: ", "))
            ]
        case .onSeveralHosts(let name, let hosts):
            [
                "error: '\(name)' is on \(hosts.map(\.text).joined(separator: " and ")); say which with --host "
                    + (hosts.first?.text ?? "")
            ]
        case .unreachable(let hosts):
            hosts.sorted { $0.key < $1.key }.map { "error: host \($0) did not answer: \($1)" }
        case .notOwned(let name, let host):
            ["error: '\(name)' on \(host) was not made by Recast for this application, and stays"]
        case .claimed(let name, let host):
            [
                "error: the manifest asks for '\(name)' on \(host); take it out of the manifest and apply that first"
            ]
        case .inUse(let name, let host, let users):
            [
                "error: '\(name)' on \(host) is in use by "
                    + (users.isEmpty ? "a container" : users.joined(separator: ", ")),
                "       remove the service that uses it; 'recast prune' removes predecessors that are too many",
            ]
        }
    }
}
