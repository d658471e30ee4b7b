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
            let needed = review.decisions.compactMap { decision -> ImageReference? in
                switch decision.work {
                case .create, .replace: decision.instance.flatMap { pull(for: $0, on: review.state) }
                default: nil
                }
            }
            for image in Set(needed).sorted() { draft.add(.pull(image), on: review.host, phase: .pull) }
        }
    }

    private func pull(for instance: PinnedInstance, on state: HostState) -> ImageReference? {
        let image = instance.spec.image
        let isHere = state.images[image.exact] != nil
        guard image.digest != nil, instance.instance.pull != .never, !isHere else { return nil }
        return image
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
            let dependencies = instance.instance.dependencies.flatMap { waits(for: $0) }
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
        case .completed: gate = .completed
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
        guard let state = review(of: decision.host)?.state else { return [] }
        var steps = InstanceSteps(instance: instance, api: state.engine.api)
        let new = ContainerHandle.name(instance.containerName)
        switch decision.work {
        case .keep, .remove: return []
        case .create:
            let created = steps.create(in: &draft, after: [])
            let free = makeWay(for: instance, after: created)
            return steps.start(new, in: &draft, after: created + free + dependencies)
        case .replace(let predecessors):
            steps.moveAside(predecessors, in: &draft)
            let created = steps.create(in: &draft, after: steps.last)
            let ready = created + dependencies + previous
            let stopped = steps.stop(predecessors, in: &draft, after: ready)
            return steps.start(new, in: &draft, after: ready + stopped + makeWay(for: instance, after: ready))
        case .finish(let current, let predecessors):
            let ready = dependencies + previous + steps.deliver(into: current, in: &draft)
            let stopped = steps.stop(predecessors, in: &draft, after: ready) + makeWay(for: instance, after: ready)
            return steps.start(current.handle, in: &draft, after: ready + stopped, undo: true)
        case .start(let current):
            let ready = dependencies + steps.deliver(into: current, in: &draft)
            let free = makeWay(for: instance, after: ready)
            return steps.start(current.handle, in: &draft, after: ready + free)
        case .rename(let current):
            let rename = Action.rename(container: current.handle, to: instance.containerName)
            return [draft.add(rename, on: decision.host, phase: .containers, instance: decision.address)]
        case .retire(_, let leftovers):
            return steps.stop(leftovers, in: &draft, after: [])
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
                draft.stop($0, on: instance.host, after: after, instance: other.address, isUndone: false)
            }
            return stops + (readiness[instance.host]?[other.address] ?? [])
        }
    }

    // MARK: Removal

    private mutating func addCleanUp() {
        for review in reviews {
            var removed: [Int] = []
            for decision in review.decisions {
                for container in decision.leftovers { removed.append(remove(container, of: decision)) }
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

    private mutating func remove(_ container: ObservedContainer, of decision: Decision) -> Int {
        var after: [Int] = []
        if container.isUp, !draft.isStopped(container, on: decision.host) {
            after = [
                draft.add(
                    .stop(container: container.handle, grace: container.graceSeconds), on: decision.host,
                    phase: .cleanUp)
            ]
        }
        return draft.add(.remove(container: container.handle), on: decision.host, phase: .cleanUp, after: after)
    }
}

extension Decision {
    /// The container that will serve the instance.
    fileprivate var container: ContainerHandle? {
        switch work {
        case .keep(let current), .start(let current), .rename(let current), .finish(let current, _),
            .retire(let current, _):
            current.handle
        case .create, .replace: instance.map { .name($0.containerName) }
        case .remove: nil
        }
    }
}
