import RecastModel

// MARK: - Rehearsals

extension StepBuilder {
    /// Tries the successors of what will be away while it is replaced.
    mutating func addRehearsals() {
        draft.phase = .rehearse
        for decision in reviews.flatMap(\.decisions) where decision.isRehearsed {
            guard let instance = decision.instance, let review = review(of: decision.host) else { continue }
            let rehearsal = Rehearsal.instance(instance)
            let steps = InstanceSteps(instance: rehearsal, api: review.state.engine.api, owners: [:])
            let handle = ContainerHandle.name(rehearsal.containerName)
            let created = steps.create(in: &draft, after: [], purpose: .rehearsal)
            let ready = steps.start(handle, in: &draft, after: created)
            draft.add(.removeRehearsal(container: handle), of: decision.place, after: ready)
        }
    }
}

extension Decision {
    fileprivate var isRehearsed: Bool {
        guard let instance, policy.rehearse, replacement?.order == .stopFirst, !instance.instance.isJob else {
            return false
        }
        // In the namespaces of another container it would meet the one that serves.
        guard !isGrouped, instance.spec.sharing.owners.isEmpty else { return false }
        if case .replace = work { return true }
        return false
    }
}

// MARK: - Removal

extension StepBuilder {
    /// How many images without a tag stay of each repository, beside those that containers use.
    private static let imagesKept = 5

    mutating func addCleanUp() {
        for review in reviews {
            let leftovers = review.leftovers.filter { !forgotten.contains($0.id) }
            let removed = remove(leftovers, on: review.host, phase: .cleanUp)
            for network in review.resources.networksToRemove {
                draft.add(
                    .removeNetwork(id: network.id, name: network.name), on: review.host, phase: .cleanUp,
                    after: Wait(removed))
            }
            let pruned = remove(review.excess, on: review.host, phase: .prune)
            for name in (review.fileVolumes.toRemove + review.fileVolumes.leftovers).sorted() {
                draft.add(.removeFileVolume(name: name), on: review.host, phase: .prune, after: Wait(pruned))
            }
            let replaced = review.decisions.filter(\.isReplacement).compactMap(\.instance?.spec.image)
            for repository in Set(replaced.filter { $0.digest != nil }.map(\.repository)).sorted() {
                draft.add(
                    .pruneImages(repository: repository, keep: Self.imagesKept), on: review.host, phase: .prune,
                    after: Wait(pruned))
            }
        }
    }

    /// Removes containers; those that hang on others come first in the list.
    private mutating func remove(
        _ containers: [ObservedContainer], on host: HostName, phase: Step.Phase
    ) -> [Int] {
        var removals: [Int] = []
        var sharers: [(container: ObservedContainer, removal: Int)] = []
        draft.phase = phase
        for container in containers {
            let place = InstancePlace(host, container.identity.address)
            var last = Wait(sharers.filter { $0.container.hangs(on: container) }.map(\.removal))
            if container.isUp, !draft.isStopped(container, on: host) {
                let stop = Action.stop(container: container.handle, grace: container.graceSeconds)
                last = [draft.add(stop, of: place, after: last, isRetirement: true)]
            }
            let removal = draft.add(.remove(container: container.handle), of: place, after: last, isRetirement: true)
            removals.append(removal)
            if container.shares { sharers.append((container, removal)) }
        }
        return removals
    }
}
