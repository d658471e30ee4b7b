import ArgumentParser
import RecastModel
import RecastOperations
import RecastViews

struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Shows the releases of an environment: who put what in place, when, and how it ended.",
        discussion: """
            Every apply and every move that changes something is a release. The hosts that it changes remember it: up to
            150 each, 20 on Podman. Whoever may prune their volumes can make them forget, and nothing depends on them.

            Example:
              recast history prod
              recast history prod --release 42
              recast history prod --service web --limit 100
              recast history prod --json | jq '.releases[] | select(.result != "done")'

            Exit status: 0 when every host answered, 1 when one did not, 3 when there is no such release.
            """)

    @OptionGroup var options: EnvironmentOptions
    @OptionGroup var scope: ScopeOptions

    @Option(help: ArgumentHelp("Shows this one, host by host.", valueName: "number"))
    var release: Int?

    @Option(help: ArgumentHelp("How many are shown.", valueName: "n"))
    var limit = 20

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit takes 1 or more") }
    }

    func run() async throws {
        let console = Console()
        let desired = try await options.desired(console: console)
        let hosts = try ScopeOptions.scope(services: [], hosts: scope.hosts, of: desired)
        let operations = Operations(
            desired, toolVersion: Version.current, surroundings: console.surroundings, scope: hosts)
        let services = Set(scope.services.map { ServiceName($0) })
        let history = try await reporting(to: console) { try await operations.history() }.of(services)
        try show(history, console)
        if !history.unreachable.isEmpty { throw Exit.failed }
    }

    private func show(_ history: History, _ console: Console) throws {
        let view = HistoryText(history, style: console.style(for: .output))
        let meant = history.releases.filter { $0.number == release ?? $0.number }
        if let release, meant.isEmpty {
            console.complain("no host that answers remembers release \(release)")
            throw Exit.refused
        }
        if options.json {
            let shown = Array(meant.prefix(limit))
            console.write([try JSONText.document(HistoryDocument(shown, unreachable: history.unreachable))])
        } else {
            console.write(release == nil ? view.lines(limit: limit) : meant.flatMap(view.lines(of:)))
        }
    }
}
