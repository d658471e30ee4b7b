import ArgumentParser
import RecastExecutor
import RecastManifest
import RecastModel
import RecastOperations
import RecastPlanner
import RecastViews
import SystemPackage

struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Goes back to an earlier release: its images, and its configuration as committed.",
        discussion: """
            Makes a new release out of a recorded one, with a plan to read first and the same gates as an apply. The
            manifests are read at that release's commit, secrets as they are now. Images are those of the release, by
            digest; a host that has them needs no registry. Volumes never go back: services with a volume of their own
            stay as they are, and tasks such as migrations do not run, unless --service names them. A build that does
            not work with what a migration made of its database (x-recast: schema) is refused.

            Without --to: the newest release that ended well and differs from what runs, was not rejected, and was not
            rolled back before. Where there is a lock file, it then pins what runs, holds it, and rejects what was left:
            commit it.

            Example:
              recast rollback prod --list                 where could it go, and how fast?
              recast rollback prod
              recast rollback prod --to 41 --service web
              recast rollback prod --to sha256:6b1f --image-only    only the images, in today's configuration
              recast rollback prod --check                in CI: 3 when there is no way back
            """)

    @OptionGroup var options: EnvironmentOptions
    @OptionGroup var rollout: RolloutOptions
    @OptionGroup var lease: LeaseOptions

    @Option(
        help: ArgumentHelp("A release, or the beginning of a digest that ran.", valueName: "number|sha256:…"),
        transform: RollbackCommand.choice)
    var to: RollbackChoice?

    @Option(name: .customLong("service"), help: "Only this service; may be given again.")
    var services: [String] = []

    @Flag(help: "Keeps today's configuration.")
    var imageOnly = false

    @Flag(help: "Shows the releases to go back to, and changes nothing.")
    var list = false

    @Flag(help: "Tells whether it could go back, and changes nothing.")
    var check = false

    @Flag(name: .shortAndLong, help: "Does not ask.")
    var yes = false

    func validate() throws {
        if list, check || to != nil { throw ValidationError("--list stands alone") }
    }

    func run() async throws {
        let console = Console()
        let today = try await rollout.desired(options, console)
        let reading = Operations(today, toolVersion: Version.current, surroundings: console.surroundings)
        let history = try await reporting(to: console) { try await reading.history() }
        let named = try named(today, history)
        if list || check {
            console.write(history.unreachable.sorted { $0.key < $1.key }.map { "\($0.key) did not answer" }, to: .error)
        } else {
            try mustSeeAll(history, console)
        }
        let meant = try meant(named, today, history, console)
        let rejected = today.lock?.rejected ?? []
        if list {
            try await show(history.rollbackTargets(of: meant, rejected, ignoring: forgotten), reading, console)
            return
        }
        let target = try refusing(console) {
            try history.rollbackTarget(to ?? .newest, of: meant, rejected, ignoring: forgotten)
        }
        if check, let misfit = history.misfit(of: target, ignoring: forgotten) {
            console.complain(RollbackText.words(.schema(target.release.number, misfit)))
            throw Exit.refused
        }
        if check { return try await check(target, reading, console) }
        try mustNotWantApproval(today, console)
        let desired = try await desired(for: target, today, console)
        let idle = today.tasks.union(desired.tasks).subtracting(named)
        try await goBack(
            Way(
                target: target, desired: desired.leavingOut(idle), today: today, left: history.current, tasks: idle,
                failed: history.releases.first.flatMap { $0.result == .failed ? $0 : nil }),
            console)
    }

    /// What goes back to what.
    private struct Way {
        let target: RollbackTarget
        let desired: Desired
        let today: Desired
        let left: [ServiceName: Set<ReleasedImage>]
        /// Services that do not run again, such as migrations.
        let tasks: Set<ServiceName>
        /// The newest release, when it failed and changed nothing.
        let failed: Release?

        /// Services with data, which only go back when they are named.
        var stateful: Set<ServiceName> { today.stateful.union(desired.stateful) }
    }

    /// Schemas whose databases are at another version than recorded.
    private var forgotten: Set<String> { Set(rollout.accepted.filter { $0.kind == .schema }.map(\.name)) }

    /// Never nobody, which would mean all.
    private func meant(
        _ named: Set<ServiceName>, _ today: Desired, _ history: History, _ console: Console
    ) throws -> Set<ServiceName> {
        let meant = named.isEmpty ? Set(history.current.keys).subtracting(today.stateful.union(today.tasks)) : named
        guard meant.isEmpty else { return meant }
        console.complain(
            history.releases.isEmpty
                ? "no release of \(today.environment) is recorded"
                : "every service has data or is a task, and goes back only when it is named: --service NAME")
        throw Exit.refused
    }

    /// Also services that are gone meanwhile.
    private func named(_ today: Desired, _ history: History) throws -> Set<ServiceName> {
        let known = history.releases.reduce(into: today.services) { $0.formUnion($1.images.keys) }
        for service in services where !known.contains(ServiceName(service)) {
            let names = known.sorted().map(\.text).joined(separator: ", ")
            throw ValidationError("there is and was no service '\(service)'; there is \(names)")
        }
        return Set(services.map { ServiceName($0) })
    }

    /// What a host that does not answer remembers may be what is asked for.
    private func mustSeeAll(_ history: History, _ console: Console) throws {
        guard let (host, reason) = history.unreachable.min(by: { $0.key < $1.key }) else { return }
        console.complain("\(host) does not say what it ran: \(reason.printable)")
        throw Exit.refused
    }

    private func mustNotWantApproval(_ today: Desired, _ console: Console) throws {
        guard today.approval != nil else { return }
        console.complain(
            "\(today.environment) is changed by approved plans only: revert the manifests and the lock file, then"
                + " plan, approve and apply that")
        throw Exit.refused
    }

    // MARK: What it goes back to

    private func desired(for target: RollbackTarget, _ today: Desired, _ console: Console) async throws -> Desired {
        if imageOnly {
            return try refusing(console) { try today.working(as: target.services).restoring(target, today: today) }
        }
        guard let commit = target.commit else {
            console.complain(RollbackText.noCommit(target))
            throw Exit.refused
        }
        let then = try await reporting(to: console) {
            do {
                return try await CommittedFiles.with(commit: commit, console.surroundings) { folder in
                    var source = options.source
                    source.past = folder
                    return try await source.desiredWithSecrets(console: console)
                }
            } catch let problem as CommittedFiles.Problem {
                console.complain("\(problem); or go back to the images alone: --image-only")
                throw Exit.refused
            }
        }
        return try refusing(console) { try then.overriding(rollout.overrides).restoring(target, today: today) }
    }

    private func goBack(_ way: Way, _ console: Console) async throws {
        var origin = await lease.origin(console)
        origin.restores = way.target.release.number
        if !imageOnly { origin.commit = way.target.release.origin.commit }
        let operations = Operations(
            way.desired, toolVersion: Version.current, surroundings: console.surroundings, scope: scope(of: way),
            asksRegistry: false, accepted: Set(rollout.accepted), leasing: lease.leasing, origin: origin)
        let display = ProgressDisplay(console: console, json: options.json)
        let outcome = try await reporting(to: console) {
            async let _ = display.keepFresh()
            return try await operations.apply(
                limits: Schedule.Limits(), hooks: console.hookPrograms(way.desired.hooks),
                approve: { try approve($0, way, display) }, emit: { await display.receive($0) })
        }
        if outcome == .done { try keep(way, console) }
        if outcome == .interrupted || outcome == .partlyDone {
            console.write(["The same rollback again finishes it; an apply goes the other way."], to: .error)
        }
        try Exit.leave(outcome)
    }

    private func scope(of way: Way) -> Planner.Scope {
        if !services.isEmpty { return Planner.Scope(services: Set(services.map { ServiceName($0) })) }
        let staying = way.stateful.union(way.tasks)
        guard !staying.isEmpty else { return Planner.Scope() }
        return Planner.Scope(services: way.today.services.union(way.desired.services).subtracting(staying))
    }

    private func approve(_ plan: Plan, _ way: Way, _ display: ProgressDisplay) throws -> Operations.Approval {
        var notes = RollbackText.Notes(target: way.target, failed: way.failed)
        if services.isEmpty { (notes.staying, notes.tasks) = (way.stateful, way.tasks) }
        if !imageOnly { notes.plan = plan }
        display.console.write(notes.lines, to: .error)
        var plan = plan
        plan.rollback = nil
        try display.show(plan)
        guard plan.isApplicable, !plan.steps.isEmpty, !yes else { return .standing }
        return try display.console.mustConfirm("Go back to release \(way.target.release.number)?") ? .given : .refused
    }

    // MARK: Afterwards

    private func keep(_ way: Way, _ console: Console) throws {
        let environment = options.environment
        guard let lock = way.today.lock else {
            console.write(
                ["There is no lock file, so the next apply goes forward again: recast lock \(environment)"], to: .error)
            return
        }
        let reason = lease.reason ?? "rolled back to release \(way.target.release.number)"
        let after = lock.rolledBack(
            to: way.target, today: imageOnly ? way.today : nil, from: way.left, reason: reason,
            stamp: (Operations.time, LeaseOptions.holder))
        if after != lock {
            try LockCommand.write(after, console)
            console.write(
                ["\(after.path) pins and holds what runs now, and rejects what was left. Commit it."], to: .error)
        }
        guard !imageOnly else { return }
        console.write(
            ["The manifests are still those of today: revert them, or the next apply goes forward or is refused."],
            to: .error
        )
    }

    // MARK: Only looking

    @discardableResult
    private func show(
        _ targets: [RollbackTarget], _ operations: Operations, _ console: Console
    ) async throws -> [RollbackOption] {
        let found = try await reporting(to: console) { try await operations.readiness(of: targets) }
        console.write(options.json ? [try JSONText.document(RollbackDocument(found))] : RollbackText.lines(found))
        return found
    }

    private func check(_ target: RollbackTarget, _ operations: Operations, _ console: Console) async throws {
        let found = try await show([target], operations, console)
        if !imageOnly, target.commit == nil {
            console.complain(RollbackText.noCommit(target))
            throw Exit.refused
        }
        if !imageOnly, let commit = target.commit, await !CommittedFiles.has(commit, console.surroundings) {
            console.complain("\(CommittedFiles.missing(commit)); --image-only goes back to its images")
            throw Exit.refused
        }
        if found.contains(where: { $0.readiness.values.contains(.gone) }) { throw Exit.refused }
    }

    private func refusing<Result>(
        _ console: Console, _ body: () throws -> Result
    ) throws -> Result {
        do { return try body() } catch let refusal as RollbackRefusal {
            console.complain(RollbackText.words(refusal))
            throw Exit.refused
        }
    }

    private static func choice(_ text: String) throws -> RollbackChoice {
        if let number = Int(text), number > 0 { return .number(number) }
        let digits = text.hasPrefix("sha256:") ? text.dropFirst(7) : ""
        guard digits.count >= 4, digits.allSatisfy({ "0123456789abcdef".contains($0) }) else {
            throw ValidationError("--to takes the number of a release, or a digest such as sha256:6b1f…, not '\(text)'")
        }
        return .digest(text)
    }
}
