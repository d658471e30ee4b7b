import ArgumentParser
import RecastManifest
import RecastModel
import RecastViews
import RecastYAML

struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Checks an environment and its manifests without touching any host.",
        discussion: """
            Every mistake is reported at once, with its place and what to do. Ends with 3 when there is an error.

            Example:
              recast validate prod
              recast validate prod --json | jq '.diagnostics[] | select(.severity == "error")'
            """)

    @OptionGroup var options: EnvironmentOptions

    func run() async throws {
        let console = Console()
        let loaded = options.source.load(console: console)
        if options.json {
            console.write([try EnvironmentSource.document(loaded)])
        } else {
            let view = DiagnosticText(sources: loaded.sources, style: console.style(for: .error))
            console.write(view.lines(loaded.diagnostics), to: .error)
            if let desired = loaded.desired { console.write([Self.summary(desired)]) }
        }
        guard loaded.desired != nil else {
            console.write([EnvironmentSource.count(loaded.diagnostics)], to: .error)
            options.source.suggestEnvironments(console)
            throw Exit.refused
        }
    }

    private static func summary(_ desired: Desired) -> String {
        let services = Set(desired.instances.map(\.address.service)).count
        return "\(desired.environment) · \(desired.application) is valid:"
            + " \(counted(services, "service")), \(counted(desired.instances.count, "instance"))"
            + " on \(counted(desired.hosts.count, "host"))."
    }
}
