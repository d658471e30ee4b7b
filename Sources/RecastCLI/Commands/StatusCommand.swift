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
              recast status prod --volumes
              recast status prod --json | jq '.instances[] | select(.health == "unhealthy")'
            """)

    @OptionGroup var options: EnvironmentOptions
    @OptionGroup var scope: ScopeOptions

    @Flag(help: "Shows the volumes as well, those that nothing claims among them.")
    var volumes = false

    func run() async throws {
        let console = Console()
        let desired = try await options.desired(console: console)
        let operations = Operations(
            desired, toolVersion: Version.current, surroundings: console.surroundings,
            scope: try scope.scope(of: desired))
        let snapshot = try await reporting(to: console) { try await operations.status() }
        let status = Status(snapshot.plan, snapshot.observed)
        let list = VolumeList(desired, snapshot.observed)
        if options.json {
            var document = StatusDocument(status)
            if volumes { document.volumes = VolumeDocument(list).volumes }
            console.write([try JSONText.document(document)])
        } else {
            let text = VolumeText(list, style: console.style(for: .output))
            console.write(status.lines + (volumes ? [""] + text.lines : text.unclaimed))
        }
        if !snapshot.plan.unreachable.isEmpty { throw Exit.failed }
    }
}
