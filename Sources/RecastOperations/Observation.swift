import DockerAPI
import RecastHosts
import RecastManifest
package import RecastModel
import RecastPlanner

/// What was desired and observed at one moment, and the plan between the two.
package struct Snapshot: Sendable {
    package let desired: PinnedDesired
    package let observed: Observed
    package let plan: Plan
    package let fleet: Fleet
    /// What the plan was narrowed to.
    let scope: Planner.Scope
}

/// Takes snapshots.
///
/// It reads, and has nothing to change anything with.
struct Observation: Sendable {
    let desired: Desired
    let scope: Planner.Scope
    let asksRegistry: Bool
    let registries: RegistryAccess
    let accepted: Set<Acceptance>
    /// Images that the lock file does not pin, or rejects.
    private let refused: [UnresolvedImage]

    init(
        desired: Desired, scope: Planner.Scope, asksRegistry: Bool, registries: RegistryAccess,
        accepted: Set<Acceptance> = []
    ) {
        (self.desired, refused) = desired.locked()
        self.scope = scope.closed(over: desired.instances)
        self.asksRegistry = asksRegistry
        self.registries = registries
        self.accepted = accepted
    }

    /// The same again with images that are pinned already: only the hosts are asked.
    func snapshot(_ fleet: Fleet, of pinned: PinnedDesired) async throws -> Snapshot {
        let readers = fleet.readers.filter { scope.contains($0.key) }
        return try await snapshot(fleet, of: pinned, states: observe(readers), readers)
    }

    func snapshot(_ fleet: Fleet) async throws -> Snapshot {
        let readers = fleet.readers.filter { scope.contains($0.key) }
        async let resolving = resolve(readers)
        let states = try await observe(readers)
        let pinned = pin(try await resolving, running: states)
        return try await snapshot(fleet, of: pinned, states: states, readers)
    }

    /// The hosts without what they know of images.
    func states(_ fleet: Fleet) async throws -> Observed {
        var observed = Observed(hosts: try await observe(fleet.readers.filter { scope.contains($0.key) }))
        for (host, reason) in fleet.unreachable { observed.hosts[host] = .unreachable(reason) }
        return observed
    }

    private func snapshot(
        _ fleet: Fleet, of pinned: PinnedDesired, states: [HostName: HostObservation],
        _ readers: [HostName: EngineReader]
    ) async throws -> Snapshot {
        let observed = try await addDetails(to: states, for: pinned, readers, fleet.unreachable)
        var plan = Planner().plan(pinned, over: observed, scope: scope, accepted: accepted)
        plan.outdatedPins = desired.changedSinceLock.filter(scope.contains)
        if !plan.isEmpty {
            plan.rollback = RolledBack(observed.hosts.values.compactMap { $0.state?.latestRelease })
        }
        return Snapshot(desired: pinned, observed: observed, plan: plan, fleet: fleet, scope: scope)
    }

    private func observe(_ readers: [HostName: EngineReader]) async throws -> [HostName: HostObservation] {
        let pool = SpecPool()
        let answers = try await concurrently(readers.sorted { $0.key < $1.key }, atOnce: Fleet.hostsReadAtOnce) {
            host, reader in
            let observation = try await reached {
                try await HostObserver(reader, pool: pool, among: readers.count).state(
                    environment: desired.environment, application: desired.application)
            }
            return (host, observation)
        }
        return Dictionary(uniqueKeysWithValues: answers)
    }

    /// A host that fails to answer is an observation too.
    private func reached(_ read: () async throws -> HostState) async throws -> HostObservation {
        do {
            return .reached(try await read())
        } catch let error as EngineError {
            return .unreachable(error.message)
        }
    }

    /// What each image is that hosts are to have.
    func resolve(
        _ readers: [HostName: EngineReader]
    ) async throws -> [ImageReference: ImageResolver.Resolution] {
        let instances = desired.instances.filter {
            scope.contains($0.host) && scope.contains($0.address.service) && readers[$0.host] != nil
        }
        var needed: [ImageReference: Set<HostName>] = [:]
        for instance in instances {
            for image in instance.spec.images { needed[image, default: []].insert(instance.host) }
        }
        let refused = refused.filter { needed.removeValue(forKey: $0.reference) != nil }
        let tagged = asksRegistry ? Set(needed.keys.filter { $0.digest == nil }.map(\.repository)) : []
        let logins = try await registries.logins(for: tagged)
        let found = try await ImageResolver(readers: readers, logins: logins, asksRegistry: asksRegistry)
            .resolve(needed)
        return refused.reduce(into: found) { found, image in
            found[image.reference] = .unusable(.init(text: image.reason, help: image.help))
        }
    }

    /// What no registry names is what the newest of our containers runs under that name.
    private func pin(
        _ resolutions: [ImageReference: ImageResolver.Resolution], running states: [HostName: HostObservation]
    ) -> PinnedDesired {
        let containers = states.values.compactMap(\.state).flatMap(\.containers)
            .sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        let running = Dictionary(containers.map { ($0.identity.image, $0.identity.imageDigest) }) { $1 }
        var digests: [ImageReference: String] = [:]
        var unresolved: [UnresolvedImage] = []
        for (image, resolution) in resolutions.sorted(by: { $0.key < $1.key }) {
            let known = running[image.short].flatMap { $0.isEmpty ? nil : $0 }
            switch resolution {
            case .digest(let digest): digests[image] = digest
            case .local: digests[image] = known
            case .unresolved where known != nil: digests[image] = known
            case .unresolved(let reason), .unusable(let reason):
                unresolved.append(UnresolvedImage(image, reason: reason.text, help: reason.help))
            }
        }
        let keys = states.mapValues { fingerprintKey(for: $0.state?.networks ?? []) }
        return Pinning.pin(desired, digests: digests, unresolved: unresolved, keys: keys)
    }

    /// An engine makes the networks `host` and `none` once, with IDs at random, and keeps them through restarts and
    /// upgrades.
    ///
    /// They are in no label, and whoever may ask the engine for them may read the files as well.
    private func fingerprintKey(for networks: [ObservedNetwork]) -> FingerprintKey {
        let own = ["host", "none"].map { name in networks.first { $0.name == name }?.id ?? "" }
        let parts = ["files", desired.environment.text, desired.application.text] + own
        return FingerprintKey(Array(CanonicalText.list(parts).utf8))
    }

    /// Looks up what the comparison needs: the images that are desired and those that run, and the processors.
    private func addDetails(
        to states: [HostName: HostObservation], for pinned: PinnedDesired, _ readers: [HostName: EngineReader],
        _ unreachable: [HostName: String]
    ) async throws -> Observed {
        var observed = Observed(hosts: states)
        for (host, reason) in unreachable { observed.hosts[host] = .unreachable(reason) }
        let instances = Dictionary(grouping: pinned.instances, by: \.host)
        let known = states.sorted { $0.key < $1.key }.compactMap { host, observation in
            observation.state.flatMap { state in readers[host].map { (host: host, state: state, reader: $0) } }
        }
        let answers = try await concurrently(known, atOnce: Fleet.hostsAtOnce) { host, state, reader in
            let desired = instances[host] ?? []
            let references = Set(desired.flatMap(\.spec.images).map(\.exact)).union(state.containers.map(\.imageID))
            let observation = try await reached {
                var state = state
                if desired.contains(where: \.spec.resources.dependsOnMachine) {
                    try await HostObserver(reader).addMachine(to: &state.engine)
                }
                state.images = try await HostObserver(reader).images(references)
                return state
            }
            return (host, observation)
        }
        for (host, observation) in answers { observed.hosts[host] = observation }
        return observed
    }
}
