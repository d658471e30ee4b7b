import ArgumentParser
import RecastModel
import RecastOperations
import RecastViews

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows what runs where: image, state, health, age, and what a plan would do with it.",
        discussion: """
            No registry is asked: a tag means what the hosts have.

            Example:
              recast status prod
              recast status prod --host web-1
              recast status prod --json | jq '.instances[] | select(.health == "unhealthy")'
            """)

    @OptionGroup var options: EnvironmentOptions
    @OptionGroup var scope: ScopeOptions

    func run() async throws {
        let console = Console()
        let desired = try await options.desired(console: console)
        let operations = Operations(
            desired, toolVersion: Version.current, surroundings: console.surroundings,
            scope: try scope.scope(of: desired))
        let snapshot = try await reporting(to: console) { try await operations.status() }
        let status = Status(snapshot.plan, snapshot.observed)
        if options.json {
            console.write([try JSONText.document(StatusDocument(status))])
        } else {
            console.write(status.lines)
        }
        if !snapshot.plan.unreachable.isEmpty { throw Exit.failed }
    }
}
