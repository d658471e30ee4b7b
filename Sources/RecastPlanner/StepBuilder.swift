import RecastModel

/// Turns the decisions of all hosts into one graph of steps: pull everywhere, then networks and volumes, then
/// containers in the order of their dependencies, then clean up.
struct StepBuilder {
    private let desired: PinnedDesired
    private var reviews: [HostReview] = []
    private var reviewOfHost: [HostName: Int] = [:]
    /// In the order of the hosts, then of the slots.
    private var decisions: [ServiceName: [Decision]] = [:]
    private var hasChanges = false
    private var draft = StepDraft()
    /// The steps after which a service is ready, over all hosts.
    private var gates: [ServiceName: [Int]] = [:]
    private var conditions: [Dependency: [Int]] = [:]
    /// The steps after which one instance of one host is ready.
    private var readiness: [HostName: [InstanceAddress: [Int]]] = [:]

    init(_ desired: PinnedDesired) { self.desired = desired }

    mutating func add(_ review: HostReview) {
        reviewOfHost[review.host] = reviews.count
        reviews.append(review)
        for decision in review.decisions { decisions[decision.address.service, default: []].append(decision) }
        hasChanges = hasChanges || !review.hostPlan.changes.isEmpty
    }

    consuming func steps() -> [Step] {
        guard hasChanges else { return [] }
        for review in reviews { draft.units[review.host] = review.units }
        addPulls()
        addResources()
        for service in ServiceOrder.sorted(desired.instances) { addInstances(of: service) }
        addCleanUp()
        return draft.steps
    }

    private func review(of host: HostName) -> HostReview? { reviewOfHost[host].map { reviews[$0] } }

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

    private mutating func addInstances(of service: ServiceName) {
        var previous: [Int] = []
        var own: [Int] = []
        for decision in decisions[service] ?? [] {
            guard let instance = decision.instance, decision.change != nil else { continue }
            let shared = instance.spec.sharing.instances.flatMap { readiness[decision.host]?[$0] ?? [] }
            let dependencies = instance.instance.dependencies.flatMap { waits(for: $0) } + shared
            let gate = addSteps(of: decision, instance, after: dependencies, previous: previous)
            own += gate
            readiness[decision.host, default: [:]][decision.address] = gate
            // Instances of a service that give way do so one after the other.
            if decision.change?.action == .replace { previous = gate }
        }
        gates[service] = own
    }

    /// The steps after which a dependency's condition holds.
    private mutating func waits(for dependency: Dependency) -> [Int] {
        let ready = gates[dependency.service] ?? []
        let gate: Gate
        switch dependency.condition {
        case .started: return ready
        case .healthy: gate = .healthy
        case .completed: gate = .completed()
        }
        if let known = conditions[dependency] { return known }
        let added = (decisions[dependency.service] ?? []).compactMap { decision in
            decision.container.map {
                draft.add(
                    .await(container: $0, gate), on: decision.host, phase: .containers, after: ready,
                    instance: decision.address)
            }
        }
        conditions[dependency] = added
        return added
    }

    /// - Returns: the step after which the instance is ready.
    private mutating func addSteps(
        of decision: Decision, _ instance: PinnedInstance, after dependencies: [Int], previous: [Int]
    ) -> [Int] {
        guard let review = review(of: decision.host) else { return [] }
        let owners = review.handles(of: instance.spec.sharing.instances)
        let shared = owners.keys.sorted().flatMap { readiness[decision.host]?[$0] ?? [] }
        var steps = InstanceSteps(instance: instance, api: review.state.engine.api, owners: owners)
        let new = ContainerHandle.name(instance.containerName)
        switch decision.work {
        case .keep, .remove: return []
        case .create:
            let created = steps.create(in: &draft, after: shared)
            let free = makeWay(for: instance, after: created)
            return steps.start(new, in: &draft, after: created + free + dependencies)
        case .replace(let predecessors):
            steps.moveAside(predecessors, in: &draft)
            let created = steps.create(in: &draft, after: steps.last + shared)
            let ready = created + dependencies + previous
            let released = release(predecessors, on: decision.host, after: ready)
            let stopped = steps.stop(predecessors, in: &draft, after: ready + released)
            return steps.start(new, in: &draft, after: ready + stopped + makeWay(for: instance, after: ready))
        case .finish(let current, let predecessors):
            let ready = dependencies + previous + steps.deliver(into: current, in: &draft)
            let released = release(predecessors, on: decision.host, after: ready)
            let stopped =
                steps.stop(predecessors, in: &draft, after: ready + released) + makeWay(for: instance, after: ready)
            return steps.start(current.handle, in: &draft, after: ready + stopped, undo: true)
        case .start(let current):
            let ready = dependencies + steps.deliver(into: current, in: &draft)
            let free = makeWay(for: instance, after: ready)
            return steps.start(current.handle, in: &draft, after: ready + free)
        case .rename(let current):
            let rename = Action.rename(container: current.handle, to: instance.containerName)
            return [draft.add(rename, on: decision.host, phase: .containers, instance: decision.address)]
        case .retire(_, let leftovers):
            return steps.stop(leftovers, in: &draft, after: release(leftovers, on: decision.host, after: []))
        }
    }

    /// Stops what goes and hangs on containers that are about to stop.
    private mutating func release(_ containers: [ObservedContainer], on host: HostName, after: [Int]) -> [Int] {
        guard let review = review(of: host) else { return [] }
        return review.decisions.flatMap { other -> [Int] in
            let hanging = other.leftovers.filter { leftover in
                leftover.isUp && containers.contains { leftover.hangs(on: $0) }
            }
            return hanging.map { container in
                let first = release([container], on: host, after: after)
                return draft.stop(
                    container, on: host, after: after + first, instance: other.address, hooks: other.preStop)
            }
        }
    }

    /// Stops what goes anyway and holds a host port or volume that this instance needs.
    ///
    /// From then on it must not come back, so an instance that has begun already gets ready first: it may still have
    /// to be put back.
    private mutating func makeWay(for instance: PinnedInstance, after: [Int]) -> [Int] {
        let needed = instance.spec.holdings(on: instance.host)
        guard !needed.isEmpty, let review = review(of: instance.host) else { return [] }
        return review.decisions.filter { $0.address != instance.address }.flatMap { other -> [Int] in
            let holders = other.leftovers.filter {
                $0.isUp && !$0.spec.holdings(on: instance.host).isDisjoint(with: needed)
            }
            if holders.isEmpty { return [] }
            let stops = holders.map {
                draft.stop(
                    $0, on: instance.host, after: after + release([$0], on: instance.host, after: after),
                    instance: other.address, hooks: other.preStop, isUndone: false)
            }
            return stops + (readiness[instance.host]?[other.address] ?? [])
        }
    }

    // MARK: Removal

    private mutating func addCleanUp() {
        for review in reviews {
            var removed: [Int] = []
            var steps: [(container: ObservedContainer, removal: Int)] = []
            for (container, decision) in review.leftovers {
                let hanging = steps.filter { $0.container.hangs(on: container) }.map(\.removal)
                removed.append(remove(container, of: decision, after: hanging))
                steps.append((container, removed[removed.count - 1]))
            }
            for name in (review.fileVolumes.toRemove + review.fileVolumes.leftovers).sorted() {
                draft.add(.removeFileVolume(name: name), on: review.host, phase: .cleanUp, after: removed)
            }
            for network in review.resources.networksToRemove {
                draft.add(
                    .removeNetwork(id: network.id, name: network.name), on: review.host, phase: .cleanUp,
                    after: removed)
            }
        }
    }

    private mutating func remove(
        _ container: ObservedContainer, of decision: Decision, after hanging: [Int]
    ) -> Int {
        var after = hanging
        if container.isUp, !draft.isStopped(container, on: decision.host) {
            after = [
                draft.add(
                    .stop(container: container.handle, grace: container.graceSeconds), on: decision.host,
                    phase: .cleanUp, after: hanging)
            ]
        }
        return draft.add(.remove(container: container.handle), on: decision.host, phase: .cleanUp, after: after)
    }
}
