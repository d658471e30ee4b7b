import ArgumentParser
import RecastExecutor
import RecastModel
import RecastOperations
import RecastViews

struct PruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Removes predecessors and images that no way back needs.",
        discussion: """
            Of each slot one stopped predecessor stays, of each repository of a service the newest 5 images without a
            tag, and every image that a container uses. What Recast did not make is never touched, and no volume is.

            Example:
              recast prune prod --dry-run
              recast prune prod --yes
              recast prune prod --dry-run --json | jq '.containers[].container'
            """)

    @OptionGroup var options: EnvironmentOptions
    @OptionGroup var lease: LeaseOptions
    @OptionGroup var scope: ScopeOptions

    @Flag(name: .shortAndLong, help: "Does not ask.")
    var yes = false

    @Flag(help: "Removes nothing.")
    var dryRun = false

    func run() async throws {
        let console = Console()
        let desired = try await options.desired(console: console)
        let operations = Operations(
            desired, toolVersion: Version.current, surroundings: console.surroundings,
            scope: try scope.scope(of: desired), leasing: lease.leasing)
        if dryRun {
            let plan = try await reporting(to: console) { try await operations.prunePlan() }
            try show(plan, console)
            if !plan.unreachable.isEmpty { throw Exit.failed }
            return
        }
        try await prune(operations, console)
    }

    private func prune(_ operations: Operations, _ console: Console) async throws {
        let (outcome, isWhole) = try await reporting(to: console) {
            var view: PruneText?
            var isWhole = true
            let outcome = try await operations.prune(
                limits: Schedule.Limits(),
                confirm: { plan in
                    view = PruneText(plan, style: console.style(for: .error))
                    isWhole = plan.unreachable.isEmpty
                    return try confirm(plan, console)
                },
                emit: { event in
                    if options.json {
                        if let line = try? JSONText.line(EventDocument(event)) { console.write([line]) }
                    } else {
                        console.write(view?.lines(for: event) ?? [], to: .error)
                    }
                })
            return (outcome, isWhole)
        }
        try Exit.leave(outcome)
        if !isWhole { throw Exit.failed }
    }

    private func show(_ plan: Plan, _ console: Console) throws {
        if options.json {
            console.write([try JSONText.document(PruneDocument(plan))])
        } else {
            console.write(PruneText(plan, style: console.style(for: .output)).lines)
        }
    }

    private func confirm(_ plan: Plan, _ console: Console) throws -> Bool {
        if options.json {
            console.write([try JSONText.line(PlanEvent(plan: PruneDocument(plan)))])
        } else {
            try show(plan, console)
        }
        if plan.steps.isEmpty || yes { return true }
        return try console.mustConfirm("Remove this from \(plan.environment)?")
    }

    private struct PlanEvent: Encodable {
        let format = 1
        let type = "prune-plan"
        let plan: PruneDocument
    }
}
