import DockerAPI
package import RecastExecutor
import RecastHosts
package import RecastModel
package import RecastPlanner
import SSHAccess

/// The use cases: each takes what the files mean and does one thing with the hosts.
package struct Operations: Sendable {
    let desired: Desired
    let toolVersion: String
    let surroundings: Surroundings
    let registries: RegistryAccess
    package var scope: Planner.Scope
    /// Whether tags are looked up in their registry; else what the hosts have decides.
    package var asksRegistry: Bool

    /// Dangers to data that a person goes on with.
    private let accepted: Set<Acceptance>

    /// `nil`: whoever calls sees to it that nobody else changes anything.
    let leasing: Leasing?
    /// Who makes releases; `nil`: none is recorded.
    let origin: ReleaseOrigin?

    /// No call to an engine may take longer; `nil`: each call has its own limit.
    package var longestCall: Duration?

    package init(
        _ desired: Desired, toolVersion: String, surroundings: Surroundings = Surroundings(variables: [:]),
        scope: Planner.Scope = Planner.Scope(), asksRegistry: Bool = true, accepted: Set<Acceptance> = [],
        leasing: Leasing? = nil, origin: ReleaseOrigin? = nil
    ) {
        self.desired = desired
        self.toolVersion = toolVersion
        self.surroundings = surroundings
        registries = RegistryAccess(desired.registries, surroundings)
        self.scope = scope
        self.asksRegistry = asksRegistry
        self.accepted = accepted
        self.leasing = leasing
        self.origin = origin
    }

    /// Why a plan that was shown is not carried out.
    package enum Refusal: Error, Hashable, Sendable {
        case notApplicable(Plan)
        /// The facts that moved between the plan and the apply, by host.
        case basisMoved([HostName: [String]])
    }

    /// What becomes of a plan that was shown.
    package enum Approval: Sendable {
        case refused
        /// Somebody read it, and the hosts may have moved meanwhile.
        case given
        /// It was approved before it was made, so nobody is waited for.
        case standing
    }

    /// Observes every host and plans.
    ///
    /// Changes nothing.
    package func plan() async throws -> Snapshot {
        try await withFleet { try await observation.snapshot($0) }
    }

    /// Observes every host for a look at what runs.
    ///
    /// Unlike a plan it asks no registry.
    package func status() async throws -> Snapshot {
        var quiet = self
        quiet.asksRegistry = false
        return try await quiet.plan()
    }

    /// Plans, asks, and carries out the plan that was shown.
    ///
    /// `approve`: sees the plan; when it is refused, nothing is done and the answer is `nil`.
    ///
    /// `hooks`: the programs that run before anything is done, and at the end.
    ///
    /// The hosts are observed again when a person or a program took time between the plan and its steps.
    ///
    /// `emit`: gets every event, in order.
    ///
    /// It throws `Refusal` when the plan cannot be applied, or the hosts moved while it was being read, and
    /// `OperatorHookFailure` when a hook stopped it.
    package func apply(
        limits: Schedule.Limits, hooks: HookPrograms? = nil, approve: (Plan) async throws -> Approval,
        emit: (Event) async -> Void
    ) async throws -> Outcome? {
        try await withFleet { fleet in
            let shown = try await observation.snapshot(fleet)
            let approval = try await approve(shown.plan)
            guard approval != .refused else { return nil }
            guard shown.plan.isApplicable else { throw Refusal.notApplicable(shown.plan) }
            guard !shown.plan.steps.isEmpty else { return .done }
            return try await withLease(for: operation, on: Set(shown.plan.steps.map(\.host)), of: fleet) { held in
                try await carryOut(shown, approval, on: fleet, held, limits, hooks, emit: emit)
            }
        }
    }

    /// The hosts are looked at again when somebody read the plan meanwhile, or held a lease.
    private func carryOut(
        _ shown: Snapshot, _ approval: Approval, on fleet: Fleet, _ held: HeldLease?, _ limits: Schedule.Limits,
        _ hooks: HookPrograms?, emit: (Event) async -> Void
    ) async throws -> Outcome {
        guard let hooks else {
            if approval == .given || !(held?.followsAtOnce(shown.observed) ?? true) {
                try await lookAgain(at: fleet, shown)
            }
            return try await run(shown, on: fleet, held, limits, emit: emit)
        }
        var fates: [InstancePlace: Fate] = [:]
        do {
            try await hooks.runBefore(shown.plan)
            try await lookAgain(at: fleet, shown)
            let outcome = try await run(shown, on: fleet, held, limits) { event in
                if case .settled(let all) = event { fates = all }
                await emit(event)
            }
            await hooks.runAfter(shown.plan, ApplyResult(outcome, fates: fates))
            return outcome
        } catch {
            await hooks.runAfter(shown.plan, ApplyResult(Task.isCancelled ? .interrupted : .failed))
            throw error
        }
    }

    private func run(
        _ shown: Snapshot, on fleet: Fleet, _ held: HeldLease?, _ limits: Schedule.Limits,
        emit: (Event) async -> Void
    ) async throws -> Outcome {
        let release = ReleaseName.next()
        let executor = try await executor(for: fleet, limits, shown.plan, held, release)
        let ledger = await Ledger.begin(release, of: shown, on: fleet, origin?.doing(operation), surroundings)
        var fates: [InstancePlace: Fate] = [:]
        let outcome = await executor.run(shown.plan) { event in
            if case .settled(let all) = event { fates = all }
            await emit(event)
        }
        await ledger.end(outcome, fates)
        return outcome
    }

    /// What is done, in a word.
    private var operation: String {
        if origin?.restores != nil { return "rollback" }
        return scope.moves.isEmpty ? "apply" : "move"
    }

    private func lookAgain(at fleet: Fleet, _ shown: Snapshot) async throws {
        try Self.check(try await observation.snapshot(fleet, of: shown.desired).plan, against: shown.plan)
    }

    private static func check(_ now: Plan, against shown: Plan) throws {
        guard now != shown else { return }
        let moved = shown.basis.keys.sorted().reduce(into: [HostName: [String]]()) { moved, host in
            let before = shown.basis[host] ?? []
            let after = now.basis[host] ?? []
            let gone = before.subtracting(after).sorted().map { "was: \($0)" }
            let new = after.subtracting(before).sorted().map { "now: \($0)" }
            if !(gone + new).isEmpty { moved[host] = gone + new }
        }
        if !moved.isEmpty { throw Refusal.basisMoved(moved) }
        // The basis holds, yet the plan is another: a host fell silent, or an image went.
        // The health of a container may be another meanwhile,
        // which changes no more than who goes first.
        guard now.changes == shown.changes, now.pulls == shown.pulls, now.isApplicable else {
            throw Refusal.notApplicable(now)
        }
    }

    var observation: Observation {
        Observation(
            desired: desired, scope: scope, asksRegistry: asksRegistry, registries: registries, accepted: accepted)
    }

    func executor(
        for fleet: Fleet, _ limits: Schedule.Limits, _ plan: Plan, _ held: HeldLease?,
        _ release: String = ReleaseName.next()
    ) async throws -> Executor {
        let pulled = plan.steps.compactMap { step in
            if case .pull(let image, _) = step.action { image.repository } else { nil }
        }
        let logins = try await registries.logins(for: Set(pulled))
        return Executor(hosts: engineHosts(of: fleet, logins, held, release), limits: limits)
    }

    /// For one apply, or something like it.
    func engineHosts(
        of fleet: Fleet, _ logins: [String: RegistryLogin] = [:], _ held: HeldLease? = nil,
        _ release: String = ReleaseName.next()
    ) -> [HostName: EngineHost] {
        let clients = fleet.readers.mapValues { EngineClient($0) }
        let neighbours = Neighbours(clients)
        let shared = desired.instances.reduce(into: Set<String>()) { $0.formUnion($1.sharedVolumes) }
        var hosts: [HostName: EngineHost] = [:]
        for (name, client) in clients {
            var host = EngineHost(
                client, environment: desired.environment, application: desired.application,
                toolVersion: toolVersion, release: release, logins: logins)
            host.neighbours = neighbours
            host.sharedVolumes = shared
            if let held { host.fence = { try await held.check(name) } }
            hosts[name] = host
        }
        return hosts
    }

    func withFleet<Result: Sendable>(_ body: (Fleet) async throws -> Result) async throws -> Result {
        // Of many hosts, each is asked now and then.
        let idle = desired.hosts.count > 100 ? Duration.seconds(1) : .seconds(60)
        return try await EngineNetwork.withNetwork(longestCall: longestCall, idle: idle) { network in
            let hosts = EngineLocator(surroundings: surroundings)
                .locations(of: desired.hosts.filter { scope.contains($0.name) })
            guard hosts.values.contains(where: \.isSSH) else {
                return try await body(Fleet.connect(hosts, over: network, ssh: nil))
            }
            return try await SSHAccess.withAccess(surroundings.ssh) { access in
                try await body(Fleet.connect(hosts, over: network, ssh: access))
            }
        }
    }
}

extension Plan {
    /// The images that hosts are to get.
    fileprivate var pulls: [HostName: Set<Action>] {
        Dictionary(grouping: steps.filter { $0.phase == .pull }, by: \.host).mapValues { Set($0.map(\.action)) }
    }
}
