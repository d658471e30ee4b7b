import RecastModel

/// Turns the decisions of all hosts into one graph of steps: pull everywhere, then networks and volumes, then
/// containers in the order of their dependencies, then clean up.
struct StepBuilder {
    private let desired: PinnedDesired
    private var reviews: [HostReview] = []
    private var draft = StepDraft()
    /// The steps after which a service is ready, over all hosts.
    private var gates: [ServiceName: [Int]] = [:]
    private var conditions: [Dependency: [Int]] = [:]

    init(_ desired: PinnedDesired) { self.desired = desired }

    mutating func add(_ review: HostReview) { reviews.append(review) }

    consuming func steps() -> [Step] {
        addPulls()
        addResources()
        addConflictingRemovals()
        for service in ServiceOrder.sorted(desired.instances) { addInstances(of: service) }
        addCleanUp()
        return draft.steps
    }

    private var decisions: [Decision] { reviews.flatMap(\.decisions) }

    private func state(of host: HostName) -> HostState? { reviews.first { $0.host == host }?.state }

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
        }
    }

    // MARK: Containers

    private mutating func addInstances(of service: ServiceName) {
        var previous: [Int] = []
        var own: [Int] = []
        for decision in decisions where decision.address.service == service {
            guard let instance = decision.instance, decision.change != nil else { continue }
            let dependencies = instance.instance.dependencies.flatMap { waits(for: $0) }
            let gate = addSteps(of: decision, instance, after: dependencies, previous: previous)
            own += gate
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
        let added = decisions.filter { $0.address.service == dependency.service }.compactMap { decision in
            decision.container.map {
                draft.add(.await(container: $0, gate), on: decision.host, phase: .containers, after: ready)
            }
        }
        conditions[dependency] = added
        return added
    }

    /// - Returns: the step after which the instance is ready.
    private mutating func addSteps(
        of decision: Decision, _ instance: PinnedInstance, after dependencies: [Int], previous: [Int]
    ) -> [Int] {
        guard let state = state(of: decision.host) else { return [] }
        var steps = InstanceSteps(instance: instance, api: state.engine.api)
        switch decision.work {
        case .keep, .remove: return []
        case .create:
            let created = steps.create(in: &draft, after: [])
            return steps.start(.name(instance.containerName), in: &draft, after: created + dependencies)
        case .replace(let predecessors):
            steps.moveAside(predecessors, in: &draft)
            let created = steps.create(in: &draft, after: steps.last)
            let stopped = steps.stop(predecessors, in: &draft, after: created + dependencies + previous)
            return steps.start(.name(instance.containerName), in: &draft, after: created + stopped + dependencies)
        case .finish(let current, let predecessors):
            let stopped = steps.stop(predecessors, in: &draft, after: dependencies + previous)
            return steps.start(current.handle, in: &draft, after: stopped + dependencies, undo: true)
        case .start(let current): return steps.start(current.handle, in: &draft, after: dependencies)
        case .rename(let current):
            let rename = Action.rename(container: current.handle, to: instance.containerName)
            return [draft.add(rename, on: decision.host, phase: .containers, instance: decision.address)]
        case .retire(_, let leftovers):
            return steps.stop(leftovers.filter(\.isUp), in: &draft, after: [])
        }
    }

    // MARK: Removal

    /// What is no longer desired gives way first where something new needs its port or volume.
    private mutating func addConflictingRemovals() {
        for review in reviews {
            let needed = review.decisions.filter { $0.change != nil }
                .compactMap { $0.instance?.spec.holdings(on: review.host) }.reduce(Set()) { $0.union($1) }
            for decision in review.decisions {
                guard case .remove(let containers) = decision.work else { continue }
                for container in containers where container.isUp {
                    let held = container.spec.holdings(on: review.host)
                    guard !held.isDisjoint(with: needed) else { continue }
                    let stop = draft.add(
                        .stop(container: container.handle, grace: container.graceSeconds), on: review.host,
                        phase: .containers, instance: decision.address, undo: .start(container: container.handle))
                    draft.release(held, by: stop)
                }
            }
        }
    }

    private mutating func addCleanUp() {
        for review in reviews {
            var removed: [Int] = []
            for decision in review.decisions {
                for container in decision.leftovers { removed.append(remove(container, of: decision)) }
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
        let isStopped = draft.steps.contains { step in
            if case .stop(container.handle, _) = step.action { step.host == decision.host } else { false }
        }
        if container.isUp, !isStopped {
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

    /// The containers that go once everything else is done.
    fileprivate var leftovers: [ObservedContainer] {
        switch work {
        case .replace(let predecessors), .finish(_, let predecessors): predecessors
        case .retire(_, let leftovers): leftovers
        case .remove(let containers): containers
        case .keep, .create, .start, .rename: []
        }
    }
}
