import ArgumentParser
import RecastModel
import RecastOperations
import RecastViews

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Shows what apply would change, and why. Changes nothing.",
        discussion: """
            Every host is read once, in parallel. A tag is looked up in its registry, through the first host that needs
            it, and pinned to what it names now; where there is a lock file, that says it.

            Example:
              recast plan prod
              recast plan prod --service web --host web-1
              recast plan prod --accept new-volume:data  a danger that a plan named
              recast plan prod --locked                  in CI: refused without a lock file
              recast plan prod --out plan.json           to be reviewed, and carried out: recast apply plan.json
              recast plan prod --detailed-exitcode      0 no change, 2 changes, 3 cannot be applied, 1 failed
              recast plan prod --json | jq '.changes[] | {host, address, action, cause}'
            """)

    @OptionGroup var options: EnvironmentOptions
    @OptionGroup var scope: ScopeOptions
    @OptionGroup var rollout: RolloutOptions

    @Flag(help: "Ends with 2 when there are changes.")
    var detailedExitcode = false

    @Flag(help: "Asks no registry; tags mean what the hosts have.")
    var offlineRegistry = false

    @Option(help: ArgumentHelp("Writes the plan to a file that apply takes.", valueName: "file"))
    var out: String?

    func validate() throws {
        guard let out, !out.hasSuffix(".json") else { return }
        throw ValidationError("--out takes the name of a file that ends with .json")
    }

    func run() async throws {
        let console = Console()
        let desired = try await rollout.desired(options, console)
        let operations = Operations(
            desired, toolVersion: Version.current, surroundings: console.surroundings,
            scope: try scope.scope(of: desired), asksRegistry: !offlineRegistry,
            accepted: Set(rollout.accepted))
        let snapshot = try await reporting(to: console) { try await operations.plan() }
        if options.json {
            console.write([try JSONText.document(PlanDocument(snapshot.plan))])
        } else {
            let view = PlanText(snapshot.plan, snapshot: TimeText.now(), style: console.style(for: .output))
            console.write(view.lines)
        }
        if let out, snapshot.plan.isApplicable {
            try SealedPlanFile.checkPins(of: snapshot.desired, try scope.scope(of: desired), console)
            try SealedPlanFile.write(sealed(snapshot), to: out, console)
        }
        try Self.leave(snapshot.plan, detailed: detailedExitcode)
    }

    private func sealed(_ snapshot: Snapshot) -> SealedPlan {
        SealedPlan(
            snapshot.plan, of: snapshot.desired, environmentFile: options.source.file, made: TimeText.moment(),
            by: LeaseOptions.holder, toolVersion: Version.current, services: scope.services, hosts: scope.hosts,
            overrides: rollout.overrides)
    }

    private static func leave(_ plan: Plan, detailed: Bool) throws {
        if !plan.unreachable.isEmpty { throw Exit.failed }
        if !plan.hazards.isEmpty { throw Exit.refused }
        if detailed, !plan.isEmpty { throw Exit.changesPending }
    }
}
