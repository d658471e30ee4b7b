import ArgumentParser
import RecastModel
import RecastOperations
import RecastViews

struct LeaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lease",
        abstract: "Shows who changes an environment right now, or takes the right away from a run that is gone.",
        discussion: """
            What changes hosts takes a lease on each of them first, renews it while it works and gives it back. One whose
            run was killed runs out after fifteen minutes, by the host's clock. A run whose lease was taken away stops
            before its next step.

            Example:
              recast lease prod
              recast lease prod --break 3f9a17c2b04d

            Exit status: 0 when every host answered, 1 when one did not, 3 when a lease was not taken away everywhere.
            """)

    @OptionGroup var options: EnvironmentOptions

    @Option(name: .customLong("break"), help: "Takes this lease away, on every host that has it.")
    var broken: String?

    func validate() throws {
        if let broken, broken.count < 8 { throw ValidationError("--break takes a lease as `recast lease` shows it") }
    }

    func run() async throws {
        let console = Console()
        let desired = try await options.desired(console: console)
        let operations = Operations(desired, toolVersion: Version.current, surroundings: console.surroundings)
        if let broken {
            try await takeAway(broken, with: operations, console)
        } else {
            let report = try await reporting(to: console) { try await operations.leases() }
            console.write(options.json ? [try JSONText.document(LeaseDocument(report))] : LeaseText.lines(report))
            if !report.unreachable.isEmpty { throw Exit.failed }
        }
    }

    private func takeAway(_ lease: String, with operations: Operations, _ console: Console) async throws {
        let (hosts, unreachable) = try await reporting(to: console) { try await operations.breakLease(lease) }
        if hosts.isEmpty {
            console.complain("no host that answers has the lease \(lease)")
        } else {
            console.write(["Taken away on \(hosts.map(\.text).joined(separator: ", "))."], to: .error)
        }
        for (host, reason) in unreachable.sorted(by: { $0.key < $1.key }) {
            console.complain("\(host) may still have it: \(reason.printable)")
        }
        if hosts.isEmpty || !unreachable.isEmpty { throw Exit.refused }
    }
}
