import ArgumentParser
import RecastExecutor
import RecastModel
import RecastOperations
import RecastPlanner
import RecastViews

struct MoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move",
        abstract: "Carries a service and its volumes to another host.",
        discussion: """
            Place the service on its new host in the manifest first. Then it stops where it is, its volumes are copied and
            every file is compared, both hosts record whose the data is, and it starts. When that fails, it runs again where
            it was. The old volume stays, as moved, until it is removed by its name.

            The bytes go through this machine, and are kept nowhere. A move that was killed is finished by the same command,
            or undone by placing the service on its old host again: status and plan say whose the data is.

            Example:
              recast move prod db --to db-2
              recast volume remove prod prod-shop_data --host db-1        once nobody wants to go back
            """)

    @OptionGroup var options: EnvironmentOptions
    @OptionGroup var lease: LeaseOptions

    @Argument(help: "The service.")
    var service: String

    @Option(name: .customLong("to"), help: "Its new host.")
    var target: String

    @Flag(name: .shortAndLong, help: "Does not ask.")
    var yes = false

    func run() async throws {
        let console = Console()
        let desired = try await options.desired(console: console)
        _ = try ScopeOptions.scope(services: [service], hosts: [target], of: desired)
        let scope = try Self.scope(ServiceName(service), HostName(target), desired, console)
        let operations = Operations(
            desired, toolVersion: Version.current, surroundings: console.surroundings, scope: scope,
            leasing: lease.leasing, origin: await lease.origin(console))
        try await showSizes(operations, console)
        let display = ProgressDisplay(console: console, json: options.json)
        let outcome = try await reporting(to: console) {
            async let _ = display.keepFresh()
            return try await operations.apply(
                limits: Schedule.Limits(), hooks: console.hookPrograms(desired.hooks),
                approve: { try approve($0, display) }, emit: { await display.receive($0) })
        }
        try Exit.leave(outcome)
    }

    /// How much there is to copy tells how long the service will be away.
    private func showSizes(_ operations: Operations, _ console: Console) async throws {
        let list = try await reporting(to: console) { try await operations.volumes(measures: true) }
        let meant = list.items.filter {
            $0.standing == .current && $0.services.contains(service) && $0.host.text != target
        }
        let lines = meant.map {
            "\($0.name.printable) on \($0.host): \($0.size.map(VolumeText.size) ?? "of unknown size")"
        }
        console.write(lines, to: .error)
    }

    private static func scope(
        _ service: ServiceName, _ target: HostName, _ desired: Desired, _ console: Console
    ) throws -> Planner.Scope {
        do {
            return try Operations.moveScope(of: service, to: target, in: desired)
        } catch {
            switch error {
            case .placedElsewhere(_, let hosts):
                console.complain(
                    "the manifest places '\(service)' on \(hosts.map(\.text).joined(separator: " and ")); place it on"
                        + " \(target) first, such as with the constraint 'node.hostname == \(target)'")
            case .severalInstances:
                console.complain("'\(service)' has several instances; only one with its data is moved")
            case .stateless: console.complain("'\(service)' has no volume; 'recast apply' places it anew")
            }
            throw Exit.refused
        }
    }

    private func approve(_ plan: Plan, _ display: ProgressDisplay) throws -> Operations.Approval {
        try display.show(plan)
        guard plan.isApplicable, !plan.steps.isEmpty, !yes else { return .standing }
        return try display.console.mustConfirm("Move \(service) to \(target)?") ? .given : .refused
    }
}
