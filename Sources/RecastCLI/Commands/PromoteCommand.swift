import ArgumentParser
import RecastManifest
import RecastModel
import RecastOperations
import RecastPlanner
import RecastViews
import SystemPackage

struct PromoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Pins an environment to what runs in another one, once that has proven itself.",
        discussion: """
            Asks both environments' hosts, prints every gate with what was seen, and writes the target's lock file and a
            file with the evidence; commit both. Digests are copied and nothing else: variables, secrets, hosts, ports and
            limits stay the target's own. Services with a volume of their own that the target pins already stay, unless
            --service names them.

            Gates: the source's last release ended well, its hosts run what its files say, healthy, without a restart, for
            as long as 'gates: {soak: 24h}' of the target asks; programs under 'gates: {verify: …}' end with 0, and the
            source's containers answer what 'gates: {probe: …}' asks; nothing was rejected; the target has every variable
            and mount; its registry has the images for its machines; nothing there was changed by hand, is held, goes
            backwards or is frozen.

            Example:
              recast promote staging prod --dry-run
              recast promote staging prod && git add environments && git commit -m 'prod: release 57'
              recast promote staging prod --service web --apply
              recast promote staging prod --json | jq '.gates[] | select(.passed | not)'

            Exit status: 0 when it was promoted or could be, 3 when a gate does not pass.
            """)

    @Argument(help: ArgumentHelp("Where it was tried.", valueName: "from"))
    var from: String

    @Argument(help: ArgumentHelp("Where it is to run.", valueName: "to"))
    var to: String

    @OptionGroup var reading: ReadingOptions

    @Option(name: .customLong("service"), help: "Only this service; may be given again.")
    var services: [String] = []

    @Flag(help: "Writes nothing.")
    var dryRun = false

    @Flag(help: "Goes on with 'recast apply' of the target.")
    var apply = false

    @Flag(name: .shortAndLong, help: "With --apply: does not ask.")
    var yes = false

    func validate() throws {
        if from == to { throw ValidationError("an environment is promoted into another one") }
        if apply, dryRun { throw ValidationError("--dry-run and --apply exclude each other") }
        if yes, !apply { throw ValidationError("--yes is for --apply") }
    }

    func run() async throws {
        let console = Console()
        let source = try await desired(from, console)
        let target = try await desired(to, console)
        guard source.application == target.application else {
            console.complain("\(from) is of '\(source.application)', and \(to) of '\(target.application)'")
            throw Exit.refused
        }
        let named = try ScopeOptions.scope(services: services, hosts: [], of: source).services
        let promotion = try await reporting(to: console) {
            try await operations(source, console).promotion(into: operations(target, console), services: named) {
                try await Verification.run($0, $1, from: source, to: target, console)
            }
        }
        let evidence = try JSONText.document(
            EvidenceDocument(promotion, at: Operations.time, by: LeaseOptions.holder, tool: "recast \(Version.current)")
        )
        console.write(
            reading.json ? [evidence] : PromotionText(promotion, style: console.style(for: .output)).lines)
        guard promotion.passed else {
            console.complain(PromotionText.refusal(promotion))
            throw Exit.refused
        }
        if !dryRun { try await write(promotion, target, evidence, console) }
    }

    private func desired(_ environment: String, _ console: Console) async throws -> Desired {
        try await EnvironmentSource(name: environment, setVariables: reading.setVariables, json: reading.json)
            .desiredWithSecrets(console: console)
    }

    private func operations(_ desired: Desired, _ console: Console) -> Operations {
        Operations(desired, toolVersion: Version.current, surroundings: console.surroundings)
    }

    private func write(
        _ promotion: Promotion, _ target: Desired, _ evidence: String, _ console: Console
    ) async throws {
        let source = EnvironmentSource(name: to, setVariables: reading.setVariables, json: reading.json)
        let path = LockFile.path(besides: source.file)
        let before =
            target.lock ?? LockFile(path: path, application: target.application, environment: target.environment)
        let text = evidence + "\n"
        let digest = sha256(of: Array(text.utf8))
        let after = before.promoted(
            promotion, bases: target.bases, evidence: digest, stamp: (Operations.time, LeaseOptions.holder))
        if after == before {
            console.write(["\(to) has all of it already."], to: .error)
        } else {
            let file = FilePath(path).removingLastComponent().appending("evidence")
                .appending("\(digest.dropFirst("sha256:".count).prefix(16)).json")
            do { try ProjectWriter.create(file, text: text) } catch {
                console.complain("\(file) cannot be written: \(error)")
                throw Exit.failed
            }
            try LockCommand.write(after, console)
            console.write(LockText(LockUpdate(before: before, after: after)).lines, to: .error)
            console.write(["Written, with the evidence in \(file); commit both."], to: .error)
        }
        guard apply else { return }
        var words = [to] + reading.variables.flatMap { ["--set", $0] }
        if yes { words.append("--yes") }
        if reading.json { words.append("--json") }
        let command = try ApplyCommand.parse(words)
        try await command.run()
    }
}
