import ArgumentParser
import RecastManifest
import RecastModel
import RecastOperations
import RecastPlanner
import RecastViews
import SystemPackage

/// What every command that reads an environment takes.
struct EnvironmentOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("A file under environments/, such as prod, or a path to one.", valueName: "env"))
    var environment: String

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Sets a variable for interpolation; may be given again.", valueName: "name=value"))
    var variables: [String] = []

    @Flag(help: "Prints the result as JSON.")
    var json = false

    func validate() throws {
        if let wrong = variables.first(where: { ($0.firstIndex(of: "=") ?? $0.startIndex) == $0.startIndex }) {
            throw ValidationError("--set takes NAME=VALUE, not '\(wrong)'")
        }
    }

    /// Reads the environment and everything it names, with whatever mistakes there are.
    func load(console: Console) -> LoadedEnvironment {
        let folder = FilePath(".")
        return ProjectFiles.load(
            environment: ProjectFiles.environmentFile(environment, in: folder), in: folder,
            processVariable: console.environment, setVariables: setVariables)
    }

    /// Loads, tells every mistake, and stops when there is an error.
    func desired(console: Console) throws -> Desired {
        let loaded = load(console: console)
        let view = DiagnosticText(sources: loaded.sources, style: console.style(for: .error))
        if let desired = loaded.desired {
            // `validate` tells everything; elsewhere only what may be wrong.
            console.write(view.lines(loaded.diagnostics.filter { $0.severity == .warning }), to: .error)
            return desired
        }
        if json {
            console.write([try JSONText.document(DiagnosticsDocument(loaded.diagnostics))])
        }
        console.write(view.lines(loaded.diagnostics) + [Self.count(loaded.diagnostics)], to: .error)
        suggestEnvironments(console)
        throw Exit.refused
    }

    /// When there is no such environment: those that there are.
    func suggestEnvironments(_ console: Console) {
        let folder = FilePath(".")
        let known = ProjectFiles.environments(in: folder)
        let file = ProjectFiles.environmentFile(environment, in: folder)
        guard !known.isEmpty, !ProjectFiles.exists(folder.pushing(file)) else { return }
        console.write(["There is \(known.joined(separator: ", "))."], to: .error)
    }

    static func count(_ diagnostics: [Diagnostic]) -> String {
        let errors = diagnostics.count { $0.severity == .error }
        return "\(counted(errors, "error"))."
    }

    private var setVariables: [String: String] {
        variables.reduce(into: [:]) { all, text in
            guard let mark = text.firstIndex(of: "=") else { return }
            all[String(text[..<mark])] = String(text[text.index(after: mark)...])
        }
    }
}

/// What narrows a command to a part of an environment.
struct ScopeOptions: ParsableArguments {
    @Option(name: .customLong("service"), help: "Only this service; may be given again.")
    var services: [String] = []

    @Option(name: .customLong("host"), help: "Only this host; may be given again.")
    var hosts: [String] = []

    func scope(of desired: Desired) throws -> Planner.Scope {
        let knownHosts = Set(desired.hosts.map(\.name))
        let knownServices = Set(desired.instances.map(\.address.service))
        for host in hosts where !knownHosts.contains(HostName(host)) {
            throw ValidationError("there is no host '\(host)'; there is \(Self.list(knownHosts))")
        }
        for service in services where !knownServices.contains(ServiceName(service)) {
            throw ValidationError("there is no service '\(service)'; there is \(Self.list(knownServices))")
        }
        return Planner.Scope(services: Set(services.map { ServiceName($0) }), hosts: Set(hosts.map { HostName($0) }))
    }

    private static func list<Kind>(_ names: Set<Name<Kind>>) -> String {
        names.sorted().map(\.text).joined(separator: ", ")
    }
}
