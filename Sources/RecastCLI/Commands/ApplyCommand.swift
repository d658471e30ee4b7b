import ArgumentParser
import RecastExecutor
import RecastManifest
import RecastModel
import RecastOperations
import RecastPlanner
import RecastViews
import SystemPackage

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Plans, shows the plan, asks, and does exactly that.",
        discussion: """
            Images are pulled on every host before anything is touched. An instance that fails is put back as it was,
            and nothing new is started, unless the service or --on-failure says otherwise. An apply that was interrupted or killed is finished by the next one.

            Example:
              recast apply prod
              recast apply prod --yes --locked       in CI: refused without a lock file
              recast apply prod --service web
              recast apply plan.json --yes           what 'recast plan prod --out plan.json' wrote, or nothing
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
        guard let sealed = try SealedPlanFile.read(options.environment, console) else {
            let desired = try await rollout.desired(options, console)
            try mustNotWantApproval(desired, console)
            return try await apply(desired, try scope.scope(of: desired), Set(rollout.accepted), console)
        }
        try await apply(sealed, console)
    }

    /// What a file has, which says everything itself.
    private func apply(_ file: SealedPlanFile, _ console: Console) async throws {
        let isNarrowed = !scope.services.isEmpty || !scope.hosts.isEmpty
        guard !isNarrowed, rollout.accepted.isEmpty, rollout.overrides == RolloutOverrides() else {
            throw ValidationError("the plan says what is done; --service, --host, --accept and the like are for 'plan'")
        }
        let sealed = file.plan
        var options = options
        options.environment = sealed.environment_file
        var desired = try await rollout.desired(options, console).overriding(sealed.overrides)
        desired.lock = sealed.lock(of: desired, bases: desired.bases)
        try await checkApproval(of: file, desired, console)
        let scope = try ScopeOptions.scope(services: sealed.services, hosts: sealed.hosts, of: desired)
        try await apply(desired, scope, sealed.acceptances, console, file)
    }

    private func apply(
        _ desired: Desired, _ scope: Planner.Scope, _ accepted: Set<Acceptance>, _ console: Console,
        _ sealed: SealedPlanFile? = nil
    ) async throws {
        let operations = Operations(
            desired, toolVersion: Version.current, surroundings: console.surroundings, scope: scope,
            asksRegistry: !offlineRegistry, accepted: accepted, leasing: lease.leasing,
            origin: await lease.origin(console))
        let display = ProgressDisplay(console: console, json: options.json)
        let outcome = try await reporting(to: console) {
            async let _ = display.keepFresh()
            return try await operations.apply(
                limits: Schedule.Limits(perHost: parallel), hooks: console.hookPrograms(desired.hooks),
                approve: { try approve($0, display, sealed) }, emit: { await display.receive($0) })
        }
        try Exit.leave(outcome)
    }

    private func mustNotWantApproval(_ desired: Desired, _ console: Console) throws {
        guard desired.approval != nil else { return }
        let plan = "plan.json"
        console.complain(
            "\(desired.environment) is changed by approved plans only: recast plan"
                + " \(options.environment) --out \(plan), then recast approve \(plan), then recast apply \(plan)")
        throw Exit.refused
    }

    private func checkApproval(of file: SealedPlanFile, _ desired: Desired, _ console: Console) async throws {
        guard let gate = desired.approval else { return }
        let approvers = try await reporting(to: console) {
            do {
                return try await gate.check(file.bytes, at: file.path, console.surroundings)
            } catch let problem as PlanSignatures.Problem {
                console.complain(problem.description)
                throw Exit.refused
            }
        }
        console.write(["Approved by \(approvers.sorted().joined(separator: ", "))."], to: .error)
    }

    private func approve(
        _ plan: Plan, _ display: ProgressDisplay, _ sealed: SealedPlanFile?
    ) throws -> Operations.Approval {
        try sealed?.check(against: plan, display.console)
        try display.show(plan)
        guard plan.isApplicable, !plan.steps.isEmpty, !yes else { return .standing }
        let count = plan.changes.count == 1 ? "this change" : "these \(plan.changes.count) changes"
        return try display.console.mustConfirm("Apply \(count) to \(plan.environment)?") ? .given : .refused
    }
}
