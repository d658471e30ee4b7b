package import ArgumentParser
import RecastModel
import Synchronization

/// The program.
///
/// Each command is a file of its own under `Commands/`.
package struct Recast: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "recast",
        abstract: "Deploys containers to Docker hosts the immutable way: compare, plan, replace whole.",
        discussion: """
            Example:
              recast init                 write a first manifest and environment
              recast validate prod        is everything well-formed?
              recast lock prod            pin every image to what its tag names now
              recast plan prod            what would change, and why
              recast apply prod           do exactly that
              recast status prod          what runs where
              recast prune prod           remove what no way back needs
              recast volume ls prod       where the data is
              recast backup prod db data db.tar.zst --stop
              recast restore prod db data db.tar.zst
              recast move prod db --to db-2
              recast lease prod           who is at it
              recast history prod         who put what in place, and when
              recast promote staging prod pin prod to what staging proved
              recast rollback prod        back to the release before

            ENV is a file under environments/ (prod is environments/prod.yaml), or a path.
            Exit codes: 0 done or nothing to do, 1 failed, 2 changes are pending (plan --detailed-exitcode),
            3 refused, 4 partly applied, 64 usage, 130 interrupted.
            """,
        version: Version.current,
        subcommands: [
            InitCommand.self, ValidateCommand.self, ConfigCommand.self, PlanCommand.self, ApplyCommand.self,
            StatusCommand.self, PruneCommand.self, VolumeCommand.self, BackupCommand.self,
            RestoreCommand.self, MoveCommand.self, LeaseCommand.self, LockCommand.self, HistoryCommand.self,
            ApproveCommand.self, PromoteCommand.self, RollbackCommand.self,
        ])

    package init() {}

    /// Does what the arguments say and ends the process with the command's exit code.
    ///
    /// A result that could not be written whole is a failure, whatever the command made of it.
    package static func start() async {
        DescriptorLimit.raise()
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            if Console.hasLostOutput.load(ordering: .relaxed) { throw Exit.failed }
        } catch {
            exit(withError: error)
        }
    }
}

package enum Version {
    package static let current = "0.1.0"
}

/// What the exit codes mean.
enum Exit {
    /// Ends with what an outcome means; without one, nothing was to be done.
    static func leave(_ outcome: Outcome?) throws {
        switch outcome {
        case .done, nil: return
        case .failed: throw failed
        case .partlyDone: throw partlyApplied
        case .interrupted: throw interrupted
        }
    }

    static let failed = ExitCode(1)
    static let changesPending = ExitCode(2)
    static let refused = ExitCode(3)
    static let partlyApplied = ExitCode(4)
    static let usage = ExitCode(64)
    static let interrupted = ExitCode(130)
}
