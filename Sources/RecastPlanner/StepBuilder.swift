import RecastModel

/// Turns the decisions of all hosts into one graph of steps: pull everywhere, then networks and volumes, then
/// containers in the order of their dependencies and in batches, then clean up.
struct StepBuilder {
    private let desired: PinnedDesired
    private(set) var reviews: [HostReview] = []
    private var reviewOfHost: [HostName: Int] = [:]
    /// In the order of the hosts, then of the slots.
    private(set) var decisions: [ServiceName: [Decision]] = [:]
    private var hasChanges = false
    var draft = StepDraft()
    private(set) var rollouts: [Rollout] = []
    /// The steps after which a volume that comes from another host is there, and has its data.
    var received: [VolumeMove: Wait] = [:]
    var carried: [VolumeMove: Wait] = [:]
    /// The IDs of containers that go before the end.
    var forgotten: Set<String> = []
    /// The steps after which a service is ready, over all hosts.
    private var gates: [ServiceName: Wait] = [:]
    private var conditions: [Condition: Wait] = [:]

    /// What many instances wait for, at one time of the making.
    private struct Condition: Hashable {
        let dependency: Dependency
        let phase: Step.Phase
        /// How many steps were known after which the service is ready.
        let known: Int
    }

    /// The steps after which one instance of one host is ready.
    private(set) var readiness: [InstancePlace: Wait] = [:]

    init(_ desired: PinnedDesired) { self.desired = desired }

    mutating func add(_ review: HostReview) {
        reviewOfHost[review.host] = reviews.count
        reviews.append(review)
        for decision in review.decisions { decisions[decision.address.service, default: []].append(decision) }
        hasChanges = hasChanges || !review.hostPlan.changes.isEmpty
    }

    consuming func build(into plan: inout Plan) {
        guard hasChanges else { return }
        for review in reviews { draft.units[review.host] = together(review) }
        addPulls()
        addResources()
        let order = ServiceOrder(desired.instances, together: reviews.flatMap(\.decisions.groups))
        for stage in Stages(desired.instances, units: reviews.flatMap(\.decisions.sharingUnits)).all {
            draft.phase = stage.phase
            for group in order.groups { addInstances(of: group, at: stage) }
            if stage.phase == .before { addRehearsals() }
        }
        addCleanUp()
        plan.steps = draft.steps
        plan.joins = draft.joins
        plan.rollouts = rollouts
    }

    func review(of host: HostName) -> HostReview? { reviewOfHost[host].map { reviews[$0] } }

    // MARK: Before containers

    private mutating func addPulls() {
        for review in reviews {
            let needed = review.decisions.flatMap { decision -> [NeededImage] in
                switch decision.work {
                case .create, .replace: decision.instance.map { pulls(for: $0, on: review.state) } ?? []
                default: []
                }
            }
            for image in Set(needed).sorted() {
                draft.add(.pull(image.reference, platform: image.platform), on: review.host, phase: .pull)
            }
        }
    }

    private func pulls(for instance: PinnedInstance, on state: HostState) -> [NeededImage] {
        if instance.instance.pull == .never { return [] }
        let own = NeededImage(reference: instance.spec.image, platform: instance.spec.platform)
        let mounted = instance.spec.mounts.compactMap(\.image).map { NeededImage(reference: $0, platform: nil) }
        return ([own] + mounted).filter { $0.reference.digest != nil && !$0.isHere(on: state) }
    }

    private mutating func addResources() {
        for review in reviews {
            for container in review.rehearsals {
                draft.add(.removeRehearsal(container: container.handle), on: review.host, phase: .resources)
            }
            for network in review.resources.networksToCreate {
                draft.add(.createNetwork(network), on: review.host, phase: .resources)
            }
            for volume in review.resources.volumesToCreate {
                draft.add(.createVolume(volume), on: review.host, phase: .resources)
            }
            for volume in review.fileVolumes.toFill {
                draft.add(.fillVolume(volume), on: review.host, phase: .resources)
            }
        }
    }

    // MARK: Containers

    private mutating func addInstances(of services: [ServiceName], at stage: Stages.Stage) {
        let units = units(of: services, at: stage)
        if units.isEmpty { return }
        for unit in units where !unit.isReplacement {
            for decision in unit.members { addInstance(decision, Turn()) }
        }
        let planned = Batches(decisions.filter { services.contains($0.key) })
        let batches = planned.batches(of: units.filter(\.isReplacement))
        var turn = Turn()
        for (index, batch) in batches.enumerated() {
            turn.isCanary = index == 0 && batch.flatMap(\.members).contains { $0.policy.canary > 0 }
            var settled: Wait = []
            for decision in batch.flatMap(\.members) {
                let ready = addInstance(decision, turn)
                settled += Wait(settled: ready.done)
            }
            settled = draft.joined(settled)
            turn.makes = turn.entry
            turn.entry = index + 1 < batches.count ? pause(after: settled, before: batches[index + 1]) : []
        }
        let changed = services.filter { service in
            units.contains { $0.members.contains { $0.address.service == service } }
        }
        for rollout in planned.rollouts(changed, batches) { add(rollout) }
    }

    /// A service whose instances change at several stages has one rollout.
    private mutating func add(_ rollout: Rollout) {
        if let known = rollouts.firstIndex(where: { $0.service == rollout.service }) {
            rollouts[known].batches += rollout.batches
        } else {
            rollouts.append(rollout)
        }
    }

    /// When an instance may be touched.
    private struct Turn {
        /// From when on its successor may be made: one batch ahead.
        var makes: Wait = []
        /// From when on it may give way.
        var entry: Wait = []
        var isCanary = false
    }

    private mutating func pause(after settled: Wait, before batch: [Batches.Unit]) -> Wait {
        let delay = batch.flatMap(\.members).map(\.policy.delay).max() ?? .zero
        guard delay > .zero, let host = batch.first?.host else { return settled }
        return [draft.add(.pause(delay), on: host, phase: draft.phase, after: settled)]
    }

    /// The instances that change at this stage, those together that hang on one another.
    private func units(of services: [ServiceName], at stage: Stages.Stage) -> [Batches.Unit] {
        var units: [Batches.Unit] = []
        var unitOf: [InstancePlace: Int] = [:]
        for decision in services.flatMap({ decisions[$0] ?? [] }) {
            guard decision.isChange, stage.takes(decision) else { continue }
            let root = draft.units[decision.host]?[decision.address] ?? decision.address
            let place = InstancePlace(decision.host, root)
            if let known = unitOf[place] {
                units[known].members.append(decision)
            } else {
                unitOf[place] = units.count
                units.append(Batches.Unit(host: decision.host, members: [decision]))
            }
        }
        return units.sorted { (reviewOfHost[$0.host] ?? 0) < (reviewOfHost[$1.host] ?? 0) }
    }

    /// The answer: the step after which the instance is ready.
    @discardableResult
    private mutating func addInstance(_ decision: Decision, _ turn: Turn) -> Wait {
        guard let instance = decision.instance, let review = review(of: decision.host) else { return [] }
        let owners = instance.spec.sharing.instances
        let shared = owners.reduce(into: [] as Wait) { $0 += readiness[InstancePlace(decision.host, $1)] ?? [] }
        let inside = Set(owners.map(\.service))
        let dependencies = instance.instance.dependencies.filter { !inside.contains($0.service) }
            .reduce(into: shared) { $0 += waits(for: $1) }
        var work = InstanceWork(
            decision: decision, instance: instance,
            steps: InstanceSteps(
                instance: instance, api: review.state.engine.api, owners: review.handles(of: owners)),
            shared: shared, dependencies: dependencies)
        (work.makes, work.entry) = (turn.makes, turn.entry)
        if instance.instance.task == nil {
            work.watch = decision.policy.monitor ?? (turn.isCanary ? Self.canaryWatch : nil)
        }
        let ready = add(work)
        readiness[decision.place] = ready
        gates[decision.address.service, default: []] += decision.isReplacement ? Wait(settled: ready.done) : ready
        return ready
    }

    /// Where no `monitor` says it: what swarm takes.
    private static let canaryWatch = Duration.seconds(5)

    /// The steps after which a dependency's condition holds.
    private mutating func waits(for dependency: Dependency) -> Wait {
        let ready = gates[dependency.service] ?? []
        let condition = Condition(
            dependency: dependency, phase: draft.phase, known: ready.done.count + ready.settled.count)
        if let known = conditions[condition] { return known }
        let first = draft.joined(ready)
        let added = draft.joined(first + awaits(dependency, after: first))
        conditions[condition] = added
        return added
    }

    /// Waits for what the plan leaves as it is, beyond that it runs.
    private mutating func awaits(_ dependency: Dependency, after ready: Wait) -> Wait {
        let gate: Gate
        switch dependency.condition {
        case .started: return []
        case .healthy: gate = .healthy
        case .completed: gate = .completed()
        }
        // What was just replaced has passed its own gate; when it was put back, it is as it was before.
        return (decisions[dependency.service] ?? []).filter { !$0.isReplacement && !$0.isRunTask }
            .reduce(into: []) { added, decision in
                guard let container = decision.container else { return }
                added += [draft.add(.await(container: container, gate), of: decision.place, after: ready)]
            }
    }
}
