import ArgumentParser
import RecastManifest
import RecastModel
import RecastOperations

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// How a command that changes hosts sees to it that nobody else does so at the same time.
struct LeaseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Waits that long for somebody else to be done, such as 10m.", valueName: "duration"),
        transform: LeaseOptions.duration)
    var wait: Duration?

    @Flag(help: "Takes no lease, for a host whose disk is full; say why with --reason.")
    var noLease = false

    @Option(help: "Why this is done, for the history; needed with --no-lease.")
    var reason: String?

    func validate() throws {
        if noLease, (reason ?? "").isEmpty { throw ValidationError("--no-lease wants a --reason") }
    }

    var leasing: Leasing {
        noLease ? .without(reason: reason ?? "") : .lease(holder: Self.holder, patience: wait ?? .zero)
    }

    /// What is recorded of a release that this makes.
    func origin(_ console: Console) async -> ReleaseOrigin {
        ReleaseOrigin(
            actor: Self.holder, toolVersion: Version.current, commit: await Commit.current(console.surroundings),
            reason: reason)
    }

    /// `USER@MACHINE`, as the machine says.
    static var holder: String {
        let variables = ProcessInfo.processInfo.environment
        let user = ["GITHUB_ACTOR", "GITLAB_USER_LOGIN"].compactMap { variables[$0] }.first { !$0.isEmpty }
        return "\(user ?? ProcessInfo.processInfo.userName)@\(ProcessInfo.processInfo.hostName)"
    }

    private static func duration(_ text: String) throws -> Duration {
        do {
            return .nanoseconds(try GoDuration(text).nanoseconds)
        } catch {
            throw ValidationError("--wait takes a duration such as 90s or 10m, not '\(text)'")
        }
    }
}
