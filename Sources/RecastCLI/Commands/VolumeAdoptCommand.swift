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

    @OptionGroup var volume: NamedVolume
    @OptionGroup var lease: LeaseOptions

    func run() async throws {
        let console = Console()
        let operations = try await volume.operations(console, lease)
        let host = try await reporting(to: console) { try await operations.adoptVolume(named: volume.name) }
        if volume.options.json {
            console.write([try JSONText.document(Adoption(volume: volume.name, host: host.text))])
        } else {
            console.write(["Adopted \(volume.name.printable) on \(host)."], to: .error)
        }
    }

    private struct Adoption: Encodable {
        let format = 1
        let volume: String
        let host: String
    }
}
