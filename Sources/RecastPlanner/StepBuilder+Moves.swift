import RecastModel

// MARK: - Data that comes from another host

extension StepBuilder {
    /// The volumes of an instance whose data is still elsewhere.
    func moves(for instance: PinnedInstance) -> [VolumeMove] {
        (review(of: instance.host)?.moves ?? []).filter { instance.spec.uses($0.volume.name) }
    }

    /// What is undone together on a host: what shares namespaces, and what comes with a volume that it shares.
    ///
    /// One of them alone on the old host would write to what the others left.
    func together(_ review: HostReview) -> [InstanceAddress: InstanceAddress] {
        var units = review.decisions.units
        for move in review.moves {
            let users = review.decisions.filter { $0.instance?.spec.uses(move.volume.name) ?? false }.map(\.address)
            let roots = Set(users.map { units[$0] ?? $0 })
            guard roots.count > 1, let first = roots.min() else { continue }
            for (address, root) in units where roots.contains(root) { units[address] = first }
            for address in users { units[address] = first }
        }
        return units
    }

    /// Makes the volumes before the containers that mount them.
    mutating func receive(_ moves: [VolumeMove], _ work: InstanceWork) -> Wait {
        moves.reduce([]) { wait, move in
            if let known = received[move] { return wait + known }
            let step = draft.add(
                .receiveVolume(move), of: work.decision.place, after: work.entry, undo: .discardVolume(move))
            received[move] = [step]
            return wait + [step]
        }
    }

    /// Stops what has the volumes on their old hosts, copies them, and then says on both hosts whose they are.
    ///
    /// All of it is undone together, last step first: until the new container is ready, the old host can have its data
    /// back, and what the new one wrote goes with its copy.
    mutating func carry(_ all: [VolumeMove], _ work: InstanceWork, after ready: Wait) -> Wait {
        let known = all.reduce([] as Wait) { $0 + (carried[$1] ?? []) }
        let moves = all.filter { carried[$0] == nil }
        guard !moves.isEmpty else { return ready + known }
        let last = carryAnew(moves, work, after: ready + known)
        for move in moves { carried[move] = last }
        return last
    }

    private mutating func carryAnew(_ moves: [VolumeMove], _ work: InstanceWork, after ready: Wait) -> Wait {
        let place = work.decision.place
        var last = moves.reduce(ready) { $0 + stop($1, work, after: ready) }
        for move in moves { last = [draft.add(.copyVolume(move), of: place, after: last)] }
        for move in moves {
            last = [
                draft.add(
                    .recordMove(move, .departure), on: move.source, with: place, after: last,
                    undo: .withdrawMove(move, .departure))
            ]
            last = [
                draft.add(
                    .recordMove(move, .arrival), of: place, after: last, undo: .withdrawMove(move, .arrival))
            ]
        }
        return last
    }

    private mutating func stop(_ move: VolumeMove, _ work: InstanceWork, after ready: Wait) -> Wait {
        var stopped: Wait = []
        for decision in review(of: move.source)?.decisions ?? [] {
            for container in decision.giving where container.spec.uses(move.volume.name) {
                draft.homes[decision.place] = work.decision.place
                let released = container.isUp ? release([container], on: move.source, after: ready) : []
                var farewell = Farewell(decision)
                if decision.isSetAside(container, work.instance.spec) { farewell.restart = work.instance.spec.restart }
                if container.isUp || farewell.restart != nil {
                    stopped += [draft.stop(container, of: decision.place, after: ready + released, farewell)]
                } else if container.spec.restart != .never {
                    stopped += [
                        draft.add(
                            .setRestartPolicy(container: container.handle, .never), of: decision.place, after: ready,
                            undo: .setRestartPolicy(container: container.handle, container.spec.restart))
                    ]
                }
            }
        }
        return stopped
    }
}

extension Decision {
    /// An earlier move stopped it and took its restart policy away, and then ended: if this one fails, it is to run
    /// again.
    ///
    /// `spec`: that of the instance on its new host.
    fileprivate func isSetAside(_ container: ObservedContainer, _ spec: ContainerSpec) -> Bool {
        let current = giving.filter { !$0.isRetained && !$0.startedAt.isEmpty }
        guard !container.isUp, container.spec.restart == .never, spec.restart != .never,
            !current.contains(where: \.isUp)
        else { return false }
        return container.id == current.max { ($0.startedAt, $0.id) < ($1.startedAt, $1.id) }?.id
    }
}
