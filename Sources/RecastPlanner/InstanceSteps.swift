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
    /// The steps added last.
    private(set) var last: [Int] = []

    init(instance: PinnedInstance, api: APIVersion, owners: [InstanceAddress: ContainerHandle]) {
        self.instance = instance
        self.api = api
        self.owners = owners
    }

    private var host: HostName { instance.host }
    private var address: InstanceAddress { instance.address }

    /// Frees the name for a successor of the same definition.
    mutating func moveAside(_ predecessors: [ObservedContainer], in draft: inout StepDraft) {
        for container in predecessors where container.name == instance.containerName {
            let aside = InstanceName.setAside(container.name, id: container.id)
            last.append(
                draft.add(
                    .rename(container: container.handle, to: aside), on: host, phase: .containers, after: last,
                    instance: address, undo: .rename(container: container.handle, to: container.name)))
        }
    }

    /// Makes the container, joins its networks and puts its files in place.
    ///
    /// Nothing is published and no volume is written before the start.
    mutating func create(in draft: inout StepDraft, after: [Int]) -> [Int] {
        let endpoints = instance.spec.networking.endpoints
        let atCreate = api >= APIVersion(1, 44) ? endpoints.count : min(endpoints.count, 1)
        let handle = ContainerHandle.name(instance.containerName)
        let creation = ContainerCreation(
            name: instance.containerName, spec: instance.spec, identity: identity, endpointsAtCreate: atCreate,
            owners: owners)
        last = [
            draft.add(
                .createContainer(creation), on: host, phase: .containers, after: after, instance: address,
                undo: .remove(container: handle))
        ]
        for endpoint in endpoints.dropFirst(atCreate) {
            last = [
                draft.add(
                    .connect(container: handle, endpoint), on: host, phase: .containers, after: last,
                    instance: address)
            ]
        }
        last = deliver(into: handle, in: &draft, after: last)
        return last
    }

    /// Copies the files into a container that never started: an earlier apply may have ended before it did.
    ///
    /// One that started once has them.
    func deliver(into container: ObservedContainer, in draft: inout StepDraft) -> [Int] {
        container.startedAt.isEmpty ? deliver(into: container.handle, in: &draft, after: []) : []
    }

    private func deliver(into container: ContainerHandle, in draft: inout StepDraft, after: [Int]) -> [Int] {
        let files = instance.spec.copiedFiles
        guard !files.isEmpty else { return after }
        let action = Action.deliverFiles(container: container, files)
        return [draft.add(action, on: host, phase: .containers, after: after, instance: address)]
    }

    private var identity: InstanceLabels {
        let image = instance.spec.image
        return InstanceLabels(
            environment: instance.environment, application: instance.application,
            address: address, specHash: instance.specHash, image: image.short, imageDigest: image.digest ?? "")
    }

    /// Stops what gives way, one after the other.
    func stop(_ predecessors: [ObservedContainer], in draft: inout StepDraft, after: [Int]) -> [Int] {
        var last = after
        return predecessors.filter(\.isUp).map { container in
            let stop = draft.stop(
                container, on: host, after: last, instance: address, hooks: instance.instance.hooks.preStop)
            last = [stop]
            return stop
        }
    }

    /// Starts the container, runs its hooks and waits until it is ready.
    ///
    /// `undo`: the container was there before and is to be stopped when it does not get ready.
    ///
    /// The answer: the gate.
    func start(
        _ handle: ContainerHandle, in draft: inout StepDraft, after: [Int], undo: Bool = false
    ) -> [Int] {
        let isNew = handle == .name(instance.containerName)
        let grace = instance.spec.stopTimeout ?? 10
        let start = draft.add(
            .start(container: handle), on: host, phase: .containers, after: after, instance: address,
            undo: isNew || undo ? .stop(container: handle, grace: grace) : nil)
        var last = start
        for hook in instance.instance.hooks.postStart {
            last = draft.add(
                .run(hook, container: handle), on: host, phase: .containers, after: [last], instance: address)
        }
        return [
            draft.add(
                .await(container: handle, .ready(instance.instance.gate)), on: host, phase: .containers,
                after: [last], instance: address)
        ]
    }
}
