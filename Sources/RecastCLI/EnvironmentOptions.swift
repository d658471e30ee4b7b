import ArgumentParser
import RecastManifest
import RecastModel
import RecastOperations
import RecastPlanner
import RecastViews
import SystemPackage

/// What goes into the files that are read, and how the result comes out.
struct ReadingOptions: ParsableArguments {
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Sets a variable for interpolation; may be given again.", valueName: "name=value"))
    var variables: [String] = []

    @Flag(help: "Prints the result as JSON.")
    var json = false

    func validate() throws { try EnvironmentSource.check(variables) }

    var setVariables: [String: String] { EnvironmentSource.pairs(variables) }
}

/// What every command that reads an environment takes.
struct EnvironmentOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("A file under environments/, such as prod, or a path to one.", valueName: "env"))
    var environment: String

    @OptionGroup var reading: ReadingOptions

    var json: Bool { reading.json }

    var source: EnvironmentSource {
        EnvironmentSource(name: environment, setVariables: reading.setVariables, json: json)
    }

    /// Loads, with the secrets that programs give; tells every mistake, and stops when there is an error.
    func desired(console: Console) async throws -> Desired { try await source.desiredWithSecrets(console: console) }
}

/// What narrows a command to a part of an environment.
struct ScopeOptions: ParsableArguments {
    @Option(name: .customLong("service"), help: "Only this service; may be given again.")
    var services: [String] = []

    @Option(name: .customLong("host"), help: "Only this host; may be given again.")
    var hosts: [String] = []

    func scope(of desired: Desired) throws -> Planner.Scope {
        try Self.scope(services: services, hosts: hosts, of: desired)
    }

    static func scope(services: [String], hosts: [String], of desired: Desired) throws -> Planner.Scope {
        let knownHosts = Set(desired.hosts.map(\.name))
        let knownServices = Set(desired.instances.map(\.address.service))
        for host in hosts where !knownHosts.contains(HostName(host)) {
            throw ValidationError("there is no host '\(host)'; there is \(list(knownHosts))")
        }
        for service in services where !knownServices.contains(ServiceName(service)) {
            throw ValidationError("there is no service '\(service)'; there is \(list(knownServices))")
        }
        return Planner.Scope(services: Set(services.map { ServiceName($0) }), hosts: Set(hosts.map { HostName($0) }))
    }

    private static func list<Kind>(_ names: Set<Name<Kind>>) -> String {
        names.sorted().map(\.text).joined(separator: ", ")
    }
}
