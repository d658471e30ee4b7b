import RecastModel

/// What the steps of one instance are made from.
struct InstanceWork {
    let decision: Decision
    let instance: PinnedInstance
    let steps: InstanceSteps
    /// After which those are ready on which it hangs.
    let shared: Wait
    /// After which everything is ready on which it depends.
    let dependencies: Wait
    var makes: Wait = []
    var entry: Wait = []
    /// How long it is watched once it is ready.
    var watch: Duration?
}

extension StepBuilder {
    /// - Returns: the step after which the instance is ready.
    mutating func add(_ work: InstanceWork) -> Wait {
        switch work.decision.work {
        case .keep, .remove: []
        case .create: create(work)
        case .replace(let predecessors): replace(predecessors, work)
        case .finish(let current, let predecessors): finish(current, predecessors, work)
        case .start(let current): start(current, work)
        case .rename(let current): rename(current, work)
        case .retire(_, let leftovers): retire(leftovers, work, after: [])
        }
    }

    private mutating func create(_ work: InstanceWork) -> Wait {
        let moves = moves(for: work.instance)
        let created = work.steps.create(in: &draft, after: work.shared + receive(moves, work))
        let free = makeWay(for: work.instance, after: created)
        let ready = created + free + work.dependencies
        return work.steps.start(
            .name(work.instance.containerName), in: &draft, after: ready + carry(moves, work, after: ready),
            watch: work.watch)
    }

    private mutating func start(_ current: ObservedContainer, _ work: InstanceWork) -> Wait {
        let ready = work.steps.deliver(into: current, in: &draft, after: work.dependencies)
        let free = makeWay(for: work.instance, after: ready)
        return work.steps.start(current.handle, in: &draft, after: ready + free, isUndone: false)
    }

    private mutating func rename(_ current: ObservedContainer, _ work: InstanceWork) -> Wait {
        let rename = Action.rename(container: current.handle, to: work.instance.containerName)
        return [draft.add(rename, of: work.decision.place, after: [])]
    }

    private mutating func replace(_ predecessors: [ObservedContainer], _ work: InstanceWork) -> Wait {
        let past = work.decision.isTaskAfter ? predecessors.filter { !$0.isUp } : []
        let free =
            forget(past, work)
            + work.steps.moveAside(
                predecessors.filter { !past.contains($0) }, in: &draft, after: work.makes)
        let created = work.steps.create(
            in: &draft, after: free + work.shared + work.makes, replaces: predecessors.last,
            carried: work.decision.carriedVolumes)
        return swap(
            predecessors, for: .name(work.instance.containerName), work,
            after: created + work.dependencies + work.entry)
    }

    /// A task that runs after everything else and fails leaves nothing to do but itself; without its earlier run, the
    /// next plan knows that.
    private mutating func forget(_ past: [ObservedContainer], _ work: InstanceWork) -> Wait {
        forgotten.formUnion(past.map(\.id))
        return Wait(
            past.map { draft.add(.remove(container: $0.handle), of: work.decision.place, after: work.makes) })
    }

    private mutating func finish(
        _ current: ObservedContainer, _ predecessors: [ObservedContainer], _ work: InstanceWork
    ) -> Wait {
        let ready = work.steps.deliver(into: current, in: &draft, after: work.dependencies + work.entry)
        return swap(predecessors, for: current.handle, work, after: ready)
    }

    /// Puts a container that is there in the place of its predecessors.
    private mutating func swap(
        _ predecessors: [ObservedContainer], for new: ContainerHandle, _ work: InstanceWork, after ready: Wait
    ) -> Wait {
        let startsFirst = work.decision.replacement?.order == .startFirst
        let free = makeWay(for: work.instance, after: ready)
        let released = startsFirst ? [] : release(predecessors, on: work.decision.host, after: ready)
        let stopped = startsFirst ? [] : stop(predecessors, work, after: ready + released)
        let isFree = ready + released + stopped + free
        let saved = startsFirst ? [] : save(work, after: isFree)
        let gate = work.steps.start(new, in: &draft, after: isFree + saved, watch: work.watch)
        let retired = startsFirst ? retire(predecessors, work, after: gate) : gate
        work.steps.retain(work.decision, in: &draft, after: retired)
        return gate
    }

    /// Backs up what the predecessors wrote, one volume after the other.
    private mutating func save(_ work: InstanceWork, after: Wait) -> Wait {
        work.decision.savedVolumes.reduce(after) { last, save in
            [draft.add(.backUp(save), of: work.decision.place, after: last)]
        }
    }

    /// Stops what gives way, one after the other.
    private mutating func stop(
        _ predecessors: [ObservedContainer], _ work: InstanceWork, after: Wait, isRetirement: Bool = false
    ) -> Wait {
        var farewell = Farewell(work.decision)
        farewell.isRetirement = isRetirement
        var last = after
        for container in predecessors {
            if container.isUp || work.isSetAside(container) {
                farewell.restart = container.isUp ? nil : work.instance.spec.restart
                last = [draft.stop(container, of: work.decision.place, after: last, farewell)]
            } else if container.id == work.decision.keeper?.id, container.spec.restart != .never {
                last = [keepDown(container, work, after: last, isRetirement: isRetirement)]
            }
        }
        return last
    }

    /// Its engine would start it when the host reboots.
    private mutating func keepDown(
        _ container: ObservedContainer, _ work: InstanceWork, after: Wait, isRetirement: Bool
    ) -> Int {
        draft.add(
            .setRestartPolicy(container: container.handle, .never), of: work.decision.place, after: after,
            undo: .setRestartPolicy(container: container.handle, container.spec.restart), isRetirement: isRetirement)
    }

    private mutating func retire(_ predecessors: [ObservedContainer], _ work: InstanceWork, after: Wait) -> Wait {
        let released = release(predecessors, on: work.decision.host, after: after)
        return stop(predecessors, work, after: after + released, isRetirement: true)
    }

    /// Stops what goes and hangs on containers that are about to stop.
    func hanging(on containers: [ObservedContainer], _ host: HostName) -> [(Decision, [ObservedContainer])] {
        (review(of: host)?.sharing ?? []).map { other in
            (other, other.giving.filter { leftover in leftover.isUp && containers.contains { leftover.hangs(on: $0) } })
        }
    }

    mutating func release(_ containers: [ObservedContainer], on host: HostName, after: Wait) -> Wait {
        var released: Wait = []
        for (other, hanging) in hanging(on: containers, host) {
            for container in hanging {
                let first = release([container], on: host, after: after)
                released += [draft.stop(container, of: other.place, after: after + first, Farewell(other))]
            }
        }
        return released
    }

    /// Stops what goes anyway and holds a host port or volume that this instance needs.
    ///
    /// From then on it must not come back, so an instance that has begun already gets ready first: it may still have
    /// to be put back.
    private mutating func makeWay(for instance: PinnedInstance, after: Wait) -> Wait {
        let needed = instance.holdings
        guard !needed.isEmpty, let review = review(of: instance.host) else { return [] }
        var free: Wait = []
        let holding = Set(needed.flatMap { review.holders[$0] ?? [] }).sorted()
        for other in holding.map({ review.decisions[$0] }) where other.address != instance.address {
            let holders = other.giving.filter { $0.isUp && !$0.spec.holdings.isDisjoint(with: needed) }
            if holders.isEmpty { continue }
            var farewell = Farewell(other)
            farewell.isUndone = false
            for holder in holders {
                let first = release([holder], on: instance.host, after: after)
                free += [draft.stop(holder, of: other.place, after: after + first, farewell)]
            }
            free += readiness[other.place] ?? []
        }
        return free
    }
}

extension InstanceWork {
    /// An earlier apply stopped it and took its restart policy away, and then ended: if its successor fails, it is to
    /// run again.
    fileprivate func isSetAside(_ container: ObservedContainer) -> Bool {
        guard container.id == decision.keeper?.id, container.spec.restart == .never else { return false }
        return decision.involved.contains { $0.replaces == container.id }
    }
}
