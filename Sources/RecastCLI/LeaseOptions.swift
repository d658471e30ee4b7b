import ArgumentParser
import RecastManifest
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

    @Option(help: "Why no lease is taken.")
    var reason: String?

    func validate() throws {
        if noLease, (reason ?? "").isEmpty { throw ValidationError("--no-lease wants a --reason") }
        if !noLease, reason != nil { throw ValidationError("--reason is for --no-lease") }
    }

    /// `nil`: none is taken.
    var leasing: Leasing? { noLease ? nil : Leasing(holder: Self.holder, patience: wait ?? .zero) }

    private static var holder: String {
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
