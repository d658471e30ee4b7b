import ArgumentParser
import RecastModel
import RecastOperations
import RecastViews
import SystemPackage
import VolumeBackup

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Makes a volume of a service from a backup, and compares every file with its checksum.",
        discussion: """
            The volume must not be there yet, or be empty; nothing may have it, so it comes before the first apply, or after
            the service was taken out. The backup is checked as a whole before anything is done. Until all of it is there
            and was compared, no plan uses the volume.

            What --exec saved is for the program that wrote it: copy it into the container and let it read it.

            Example:
              recast restore prod db data db-20260131.tar.zst
              recast restore staging db data prod-db.tar.zst --yes      another environment's
            """)

    @OptionGroup var options: EnvironmentOptions
    @OptionGroup var lease: LeaseOptions

    @Argument(help: "The service that is to use it.")
    var service: String

    @Argument(help: "The volume, as the manifest calls it.")
    var volume: String

    @Argument(help: "The backup.", completion: .file())
    var file: String

    @Option(help: "The host, where several are to have it.")
    var host: String?

    @Flag(name: .shortAndLong, help: "Does not ask.")
    var yes = false

    func run() async throws {
        let console = Console()
        let operations = try await Operations(options, service: service, host: host, lease, console)
        let progress = VolumeProgress(console)
        let plan = try await reporting(to: console) {
            progress.hasBegun
                ? "the volume is incomplete: no plan uses it, and restoring again begins anew" : "nothing was changed"
        } _: {
            try await operations.restore(volume, of: ServiceName(service), from: FilePath(file)) { plan in
                console.write(Self.lines(plan), to: .error)
                return try yes || console.mustConfirm("Restore it?")
            } emit: {
                progress.receive($0)
            }
        }
        guard let plan else { return }
        if options.json {
            console.write([try JSONText.document(Document(plan))])
        } else {
            let size = VolumeText.size(Int64(plan.backup.contentSize))
            console.write(["Restored \(plan.volume) on \(plan.host): \(size), every file as it was."])
        }
    }

    private static func lines(_ plan: Operations.RestorePlan) -> [String] {
        let origin = plan.backup.origin
        let from =
            "\(origin.environment) · \(origin.application) · \(origin.service), volume \(origin.volume) of \(origin.host)"
        let use = origin.wasInUse ? "; it was written to meanwhile" : ""
        return [
            "backup    \(from.printable)", "taken     \(origin.taken.printable)\(use)",
            "holds     \(plan.backup.entries.count) files and folders, \(VolumeText.size(Int64(plan.backup.contentSize)))",
            "into      \(plan.volume) on \(plan.host)\(words(plan.replaces))",
        ]
    }

    private static func words(_ replaced: Operations.RestorePlan.Replaced?) -> String {
        switch replaced {
        case nil: ", new"
        case .whole: ", which is there and must be empty"
        case .incomplete: ", in place of one that is incomplete"
        }
    }

    private struct Document: Encodable {
        let format = 1
        let volume: String
        let host: String
        let members: Int
        let content: Int64

        init(_ plan: Operations.RestorePlan) {
            (volume, host) = (plan.volume, plan.host.text)
            (members, content) = (plan.backup.entries.count, Int64(plan.backup.contentSize))
        }
    }
}
