import ArgumentParser
import RecastModel
import RecastOperations
import RecastViews

struct VolumeAdoptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Makes a volume that is there this application's, such as one of a compose project.",
        discussion: """
            Nothing is done to the volume: an empty one beside it records that it was adopted. The manifest must ask for it;
            'name:' under 'volumes:' gives a volume the name that it has on the host. What runs with it and is not this
            application's has to be stopped first.

            Example:
              docker compose stop
              recast volume adopt prod myproject_data
              recast apply prod
            """)

    @OptionGroup var options: EnvironmentOptions

    @Argument(help: "The name of the volume on the host.")
    var name: String

    @Option(help: "The host, where several have a volume of that name.")
    var host: String?

    func run() async throws {
        let console = Console()
        let desired = try await options.desired(console: console)
        let operations = Operations(
            desired, toolVersion: Version.current, surroundings: console.surroundings,
            scope: try ScopeOptions.scope(services: [], hosts: host.map { [$0] } ?? [], of: desired))
        let host = try await reporting(to: console) { try await operations.adoptVolume(named: name) }
        if options.json {
            console.write([try JSONText.document(Adoption(volume: name, host: host.text))])
        } else {
            console.write(["Adopted \(name.printable) on \(host)."], to: .error)
        }
    }

    private struct Adoption: Encodable {
        let format = 1
        let volume: String
        let host: String
    }
}
