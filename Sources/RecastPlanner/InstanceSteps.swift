import RecastModel

/// The steps of one instance on one host.
///
/// Each step carries what undoes it, so that an instance that fails on the way is put back as it was: last step
/// first.
struct InstanceSteps {
    let instance: PinnedInstance
    let api: APIVersion
    /// The containers of the instances with which it shares something.
    let owners: [InstanceAddress: ContainerHandle]

    private var place: InstancePlace { InstancePlace(instance.host, instance.address) }
    private var new: ContainerHandle { .name(instance.containerName) }

    /// Frees the name for a successor of the same definition.
    func moveAside(_ predecessors: [ObservedContainer], in draft: inout StepDraft, after: Wait) -> Wait {
        var last = after
        for container in predecessors where container.name == instance.containerName {
            let aside = InstanceName.setAside(container.name, id: container.id)
            last = [
                draft.add(
                    .rename(container: container.handle, to: aside), of: place, after: last,
                    undo: .rename(container: container.handle, to: container.name))
            ]
        }
        return last
    }

    /// Makes the container, joins its networks and puts its files in place.
    ///
    /// Nothing is published and no volume is written before the start.
    ///
    /// `replaces`: the container that gives way to it.
    ///
    /// `carried`: the unnamed volumes that it takes over.
    func create(
        in draft: inout StepDraft, after: Wait, replaces: ObservedContainer? = nil, carried: [String: String] = [:],
        purpose: ContainerPurpose = .instance
    ) -> Wait {
        let endpoints = instance.spec.networking.endpoints
        let atCreate = api >= APIVersion(1, 44) ? endpoints.count : min(endpoints.count, 1)
        var creation = ContainerCreation(
            name: instance.containerName, spec: instance.spec, identity: identity, endpointsAtCreate: atCreate,
            owners: owners)
        creation.replaces = replaces?.id
        creation.carried = carried
        creation.purpose = purpose
        let undo = purpose == .rehearsal ? Action.removeRehearsal(container: new) : .remove(container: new)
        var last: Wait = [draft.add(.createContainer(creation), of: place, after: after, undo: undo)]
        for endpoint in endpoints.dropFirst(atCreate) {
            last = [draft.add(.connect(container: new, endpoint), of: place, after: last)]
        }
        return deliver(into: new, in: &draft, after: last)
    }

    /// Copies the files into a container that never started: an earlier apply may have ended before it did.
    ///
    /// One that started once has them.
    func deliver(into container: ObservedContainer, in draft: inout StepDraft, after: Wait) -> Wait {
        container.startedAt.isEmpty ? deliver(into: container.handle, in: &draft, after: after) : after
    }

    private func deliver(into container: ContainerHandle, in draft: inout StepDraft, after: Wait) -> Wait {
        let files = instance.spec.copiedFiles
        guard !files.isEmpty else { return after }
        return [draft.add(.deliverFiles(container: container, files), of: place, after: after)]
    }

    private var identity: InstanceLabels {
        let image = instance.spec.image
        return InstanceLabels(
            environment: instance.environment, application: instance.application,
            address: instance.address, specHash: instance.specHash, image: image.short,
            imageDigest: image.digest ?? "", schema: instance.instance.schema)
    }

    /// Starts the container, runs its hooks and waits until it is ready.
    ///
    /// `watch`: how long it is watched after that.
    ///
    /// `isUndone`: whether it is stopped when it does not get ready.
    func start(
        _ handle: ContainerHandle, in draft: inout StepDraft, after: Wait, watch: Duration? = nil,
        isUndone: Bool = true
    ) -> Wait {
        let stop = Action.stop(container: handle, grace: instance.spec.stopTimeout ?? 10)
        var last = draft.add(.start(container: handle), of: place, after: after, undo: isUndone ? stop : nil)
        for hook in instance.instance.hooks.postStart {
            last = draft.add(.run(hook, container: handle), of: place, after: [last])
        }
        last = draft.add(.await(container: handle, gate), of: place, after: [last])
        if let watch {
            last = draft.add(.await(container: handle, .steady(watch)), of: place, after: [last])
        }
        return [last]
    }

    private var gate: Gate {
        instance.instance.task.map { .completed(within: $0.timeout) } ?? .ready(instance.instance.gate)
    }

    /// Gives the predecessor that stays its name: from then on the instance counts as replaced.
    func retain(_ decision: Decision, in draft: inout StepDraft, after: Wait) {
        guard let keeper = decision.keeper else { return }
        let isAside = decision.isMovedAside(keeper)
        let present = isAside ? InstanceName.setAside(keeper.name, id: keeper.id) : keeper.name
        let name = InstanceName.retained(InstanceName.name(for: keeper.identity), id: keeper.id)
        draft.add(
            .retain(container: keeper.handle, name: name), of: place, after: after,
            undo: .rename(container: keeper.handle, to: present), isRetirement: true)
    }
}

extension Decision {
    /// Whether the container's name is needed for its successor.
    fileprivate func isMovedAside(_ container: ObservedContainer) -> Bool {
        if case .replace = work { container.name == instance?.containerName } else { false }
    }
}
