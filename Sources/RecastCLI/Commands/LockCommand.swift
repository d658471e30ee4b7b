import ArgumentParser
import RecastManifest
import RecastModel
import RecastOperations
import RecastPlanner
import RecastViews
import SystemPackage

struct LockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "Pins every image of an environment to what its tag names now, in a file to commit.",
        discussion: """
            environments/prod.lock.yaml stands beside environments/prod.yaml. Where it is, plan and apply take the
            digests from it and refuse an image that it does not pin. A tag that did not change keeps its digest,
            whatever the registry says of it now, unless --update asks for it. It also records which volumes have the
            data, so that one that is gone is missed. An environment with 'after:' gets its pins from 'recast promote';
            there this only looks at volumes.

            Example:
              recast lock prod                      pins what is new
              recast lock prod --update             asks for every tag again
              recast lock prod --update --service web
              recast lock prod --unhold web         after a rollback, once its pin may change again
              recast lock prod --check              in CI: 2 when the file is not up to date; writes nothing
              recast lock prod --json | jq '.pins[] | select(.before != .after)'
            """)

    @OptionGroup var options: EnvironmentOptions

    @Flag(help: "Also asks for tags that did not change.")
    var update = false

    @Option(name: .customLong("service"), help: "With --update: only this service; may be given again.")
    var services: [String] = []

    @Option(help: ArgumentHelp("Lets a service go that a rollback held; may be given again.", valueName: "service"))
    var unhold: [String] = []

    @Flag(help: "Also for an environment that comes after another one, whose pins are promoted.")
    var byTag = false

    @Flag(help: "Writes nothing, and ends with 2 when the file is not up to date.")
    var check = false

    func validate() throws {
        if !services.isEmpty, !update {
            throw ValidationError("--service is for --update; without it all are looked at")
        }
    }

    func run() async throws {
        let console = Console()
        var desired = try await options.desired(console: console)
        let before = desired.lock
        for service in try ScopeOptions.scope(services: unhold, hosts: [], of: desired).services {
            desired.lock?.services[service]?.hold = nil
        }
        let renewed = try ScopeOptions.scope(services: services, hosts: [], of: desired).services
        let operations = Operations(desired, toolVersion: Version.current, surroundings: console.surroundings)
        let file = LockFile.path(besides: options.source.file)
        let renewal = try renewal(of: desired, renewed, console)
        let found = try await reporting(to: console) {
            try await operations.lock(renewal, path: file, by: LeaseOptions.holder)
        }
        let result = LockUpdate(
            before: before, after: found.after, unresolved: found.unresolved, held: found.held)
        try show(result, console)
        guard result.changes else { return }
        if check {
            console.complain("\(file) is not up to date: recast lock \(options.environment)")
            throw Exit.changesPending
        }
        try Self.write(result.after, console)
        if !options.json { console.write(["Written; commit it."], to: .error) }
    }

    /// The digests of later stages are those that an earlier one ran.
    private func renewal(
        of desired: Desired, _ renewed: Set<ServiceName>, _ console: Console
    ) throws -> Operations.Renewal {
        guard let before = desired.promotion.after, !byTag else { return update ? .services(renewed) : .changed }
        let way = "recast promote \(before) \(options.environment)"
        if update {
            console.complain(
                "\(options.environment) comes after \(before): \(way); or ask its tags all the same: --by-tag")
            throw Exit.refused
        }
        let open = desired.locked().refused.count + (desired.lock == nil ? desired.tags.count : 0)
        if open > 0 {
            console.write(["Not everything is pinned: \(way)"], to: .error)
            if check { throw Exit.changesPending }
        }
        return .volumes
    }

    static func write(_ lock: LockFile, _ console: Console) throws {
        do {
            try ProjectWriter.replace(FilePath(lock.path), text: lock.text)
        } catch {
            console.complain("\(lock.path) cannot be written: \(error)")
            throw Exit.failed
        }
    }

    private func show(_ update: LockUpdate, _ console: Console) throws {
        if options.json {
            console.write([try JSONText.document(LockDocument(update))])
        } else if update.unresolved.isEmpty {
            console.write(LockText(update, style: console.style(for: .output)).lines)
        }
        for image in update.unresolved {
            console.complain("\(image.reference.short): \(image.reason.printable)")
            console.write(["       \(image.help.printable)"], to: .error)
        }
        if !update.unresolved.isEmpty { throw Exit.refused }
    }
}
