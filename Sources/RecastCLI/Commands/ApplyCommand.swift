import ArgumentParser
import RecastExecutor
import RecastModel
import RecastOperations
import RecastViews

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Plans, shows the plan, asks, and does exactly that.",
        discussion: """
            Images are pulled on every host before anything is touched. An instance that fails is put back as it was,
            and nothing new is started, unless the service or --on-failure says otherwise. An apply that was interrupted or killed is finished by the next one.

            Example:
              recast apply prod
              recast apply prod --yes                in CI
              recast apply prod --service web
              recast apply prod --on-failure rollback --rehearse
              recast apply prod --yes --json         one event a line
            """)

    @OptionGroup var options: EnvironmentOptions
    @OptionGroup var scope: ScopeOptions
    @OptionGroup var rollout: RolloutOptions
    @OptionGroup var lease: LeaseOptions

    @Flag(name: .shortAndLong, help: "Does not ask.")
    var yes = false

    @Option(help: ArgumentHelp("How many steps run at once on one host.", valueName: "n"))
    var parallel = 4

    @Flag(help: "Asks no registry; tags mean what the hosts have.")
    var offlineRegistry = false

    func validate() throws {
        guard (1...64).contains(parallel) else { throw ValidationError("--parallel takes 1 to 64") }
    }

    func run() async throws {
        let console = Console()
        let desired = try await options.desired(console: console).overriding(rollout.overrides)
        let operations = Operations(
            desired, toolVersion: Version.current, surroundings: console.surroundings,
            scope: try scope.scope(of: desired), asksRegistry: !offlineRegistry,
            accepted: Set(rollout.accepted), leasing: lease.leasing)
        let display = ProgressDisplay(console: console, json: options.json)
        let outcome = try await reporting(to: console) {
            async let _ = display.keepFresh()
            return try await operations.apply(
                limits: Schedule.Limits(perHost: parallel), hooks: console.hookPrograms(desired.hooks),
                approve: { try approve($0, display) }, emit: { await display.receive($0) })
        }
        try Exit.leave(outcome)
    }

    private func approve(_ plan: Plan, _ display: ProgressDisplay) throws -> Operations.Approval {
        try display.show(plan)
        guard plan.isApplicable, !plan.steps.isEmpty, !yes else { return .standing }
        let count = plan.changes.count == 1 ? "this change" : "these \(plan.changes.count) changes"
        return try display.console.mustConfirm("Apply \(count) to \(plan.environment)?") ? .given : .refused
    }
}
