import ArgumentParser
import RecastModel
import RecastOperations
import RecastViews
import SystemPackage

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
              recast history prod --diff 41 --diff 42
              recast history prod --json | jq '.releases[] | select(.result != "done")'
              recast history prod --export > prod.ndjson         to keep elsewhere
              recast history prod --import prod.ndjson           for a host that was replaced and remembers nothing

            Exit status: 0 when every host answered, 1 when one did not or could not be given its releases, 3 when there is no such release.
            """)

    @OptionGroup var options: EnvironmentOptions
    @OptionGroup var scope: ScopeOptions

    @Option(help: ArgumentHelp("Shows this one, host by host.", valueName: "number"))
    var release: Int?

    @Option(help: ArgumentHelp("How many are shown.", valueName: "n"))
    var limit = 20

    @Option(help: ArgumentHelp("Shows what differs between two releases; to be given twice.", valueName: "number"))
    var diff: [Int] = []

    @Flag(help: "Prints all of it, one line of JSON for each release and host.")
    var export = false

    @Option(
        name: .customLong("import"),
        help: ArgumentHelp("Gives hosts that remember nothing what was exported.", valueName: "file"))
    var file: String?

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit takes 1 or more") }
        if !diff.isEmpty, diff.count != 2 { throw ValidationError("--diff wants two: --diff 41 --diff 42") }
        let ways = [release != nil, !diff.isEmpty, export, file != nil].count { $0 }
        if ways > 1 { throw ValidationError("--release, --diff, --export and --import exclude each other") }
    }

    func run() async throws {
        let console = Console()
        let desired = try await options.desired(console: console)
        let hosts = try ScopeOptions.scope(services: [], hosts: scope.hosts, of: desired)
        let operations = Operations(
            desired, toolVersion: Version.current, surroundings: console.surroundings, scope: hosts)
        if let file { return try await give(file, desired, operations, console) }
        let services = Set(scope.services.map { ServiceName($0) })
        let history = try await reporting(to: console) { try await operations.history() }.of(services)
        if export {
            console.write(try HistoryLine.text(history, of: desired))
        } else if diff.isEmpty {
            try show(history, console)
        } else {
            let (before, after) = (try find(diff[0], history, console), try find(diff[1], history, console))
            let difference = HistoryDifference(history, from: before, to: after)
            console.write(options.json ? [try JSONText.document(difference.document)] : difference.lines)
        }
        if !history.unreachable.isEmpty { throw Exit.failed }
    }

    private func show(_ history: History, _ console: Console) throws {
        let view = HistoryText(history, style: console.style(for: .output))
        if let release { _ = try find(release, history, console) }
        let meant = history.releases.filter { $0.number == release ?? $0.number }
        if options.json {
            let shown = Array(meant.prefix(limit))
            console.write([try JSONText.document(HistoryDocument(shown, of: history))])
        } else {
            console.write(release == nil ? view.lines(limit: limit) : meant.flatMap(view.lines(of:)))
        }
    }

    private func find(_ number: Int, _ history: History, _ console: Console) throws -> Release {
        if let found = history.releases.first(where: { $0.number == number }) { return found }
        console.complain("no host that answers remembers release \(number)")
        throw Exit.refused
    }

    /// What was exported goes back to where it came from.
    private func give(_ file: String, _ desired: Desired, _ operations: Operations, _ console: Console) async throws {
        guard let bytes = ProjectFiles.contents(of: FilePath(file)) else {
            console.complain("\(file) cannot be read")
            throw Exit.refused
        }
        var records: [HostName: [ReleaseRecord]] = [:]
        for (index, line) in String(decoding: bytes, as: UTF8.self).split(separator: "\n").enumerated() {
            guard let line = HistoryLine(line: String(line)), let record = line.record,
                line.environment == desired.environment.text, line.application == desired.application.text
            else {
                console.complain(
                    "\(file):\(index + 1) is no release of \(desired.application) in \(desired.environment)")
                throw Exit.refused
            }
            records[HostName(line.host), default: []].append(record)
        }
        let given = records
        let results = try await reporting(to: console) { try await operations.importHistory(given) }
        for (host, result) in results.sorted(by: { $0.key < $1.key }) {
            console.write(["\(host): \(Self.words(result, given[host]?.count ?? 0))"])
        }
        if results.values.contains(where: \.isMissed) { throw Exit.failed }
    }

    private static func words(_ result: Operations.ImportResult, _ count: Int) -> String {
        switch result {
        case .written: "given \(count) releases"
        case .remembers: "remembers something already, and keeps it"
        case .unreachable(let reason): "does not answer: \(reason.printable)"
        case .unknown: "is not in the environment"
        }
    }
}
