import ArgumentParser
import RecastModel
import RecastOperations
import RecastViews
import SystemPackage
import VolumeBackup

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Writes a volume of a service into a file, with the checksum of every file in it.",
        discussion: """
            A volume that is written to is not copied just so: either what uses it stops meanwhile (--stop), or a program
            of its own writes what it holds (--exec).

            FILE ends with .tar.zst (compressed) or .tar, and must not be there yet. Engines give owners, modes, links and
            whole seconds; they leave out sockets, and extended attributes but capabilities.

            Example:
              recast backup prod db data db-20260131.tar.zst --stop
              recast backup prod db data db-20260131.sql.zst --exec 'pg_dumpall -U postgres'
            """)

    @OptionGroup var options: EnvironmentOptions
    @OptionGroup var lease: LeaseOptions

    @Argument(help: "The service that uses it.")
    var service: String

    @Argument(help: "The volume, as the manifest or the host calls it.")
    var volume: String

    @Argument(help: "The file to write.", completion: .file())
    var file: String

    @Option(help: "The host, where several have it.")
    var host: String?

    @Flag(help: "Stops what uses the volume meanwhile, with its grace period, and starts it again.")
    var stop = false

    @Flag(help: "Copies while files may change; the files are not of one moment.")
    var live = false

    @Option(
        name: .customLong("exec"),
        help: ArgumentHelp(
            "Runs this in the service's container and saves what it writes; .zst is compressed.", valueName: "command"))
    var program: String?

    func validate() throws {
        guard [stop, live, program != nil].count(where: { $0 }) <= 1 else {
            throw ValidationError("--stop, --live and --exec are three ways; choose one")
        }
        let isArchive = file.hasSuffix(".tar.zst") || file.hasSuffix(".tar")
        if program == nil, !isArchive {
            throw ValidationError("'\(file)' should end with .tar.zst (compressed) or .tar")
        }
    }

    private var way: BackupRequest.Way {
        if let program { return .program(program) }
        return stop ? .stop : live ? .live : .idle
    }

    func run() async throws {
        let console = Console()
        let operations = try await Operations(options, service: service, host: host, lease, console)
        let request = BackupRequest(service: ServiceName(service), volume: volume, way: way)
        let progress = VolumeProgress(console)
        let result = try await reporting(to: console) {
            progress.hasBegun && stop
                ? "no backup was written, and what was stopped runs again" : "no backup was written"
        } _: {
            try await operations.backUp(request, to: FilePath(file)) { progress.receive($0) }
        }
        if options.json {
            console.write([try JSONText.document(Document(file, result))])
        } else {
            console.write([Self.words(result, file)])
        }
    }

    private static func words(_ result: Operations.BackupResult, _ file: String) -> String {
        switch result {
        case .volume(let backup):
            let size = VolumeText.size(Int64(backup.contentSize))
            return "Saved \(backup.origin.volume) of \(backup.origin.host): \(backup.entries.count) files and folders, "
                + "\(size), in \(file) (\(VolumeText.size(backup.size)))."
        case .output(let count, let size):
            return "Saved \(VolumeText.size(count)) of output in \(file) (\(VolumeText.size(size)))."
        }
    }

    private struct Document: Encodable {
        let format = 1
        let file: String
        let size: Int64
        let content: Int64
        let volume: String?
        let host: String?
        let members: Int?

        init(_ file: String, _ result: Operations.BackupResult) {
            self.file = file
            switch result {
            case .volume(let backup):
                (size, content) = (backup.size, Int64(backup.contentSize))
                (volume, host, members) = (backup.origin.volume, backup.origin.host, backup.entries.count)
            case .output(let count, let written):
                (size, content) = (written, count)
                (volume, host, members) = (nil, nil, nil)
            }
        }
    }
}

extension Operations {
    /// For a command about one volume of a service.
    init(
        _ options: EnvironmentOptions, service: String, host: String?, _ lease: LeaseOptions, _ console: Console
    ) async throws {
        let desired = try await options.desired(console: console)
        let scope = try ScopeOptions.scope(services: [service], hosts: host.map { [$0] } ?? [], of: desired)
        self.init(
            desired, toolVersion: Version.current, surroundings: console.surroundings, scope: scope,
            leasing: lease.leasing)
    }
}
