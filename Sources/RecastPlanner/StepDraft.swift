import RecastModel

/// The steps of a plan while it is being made.
///
/// A step can only wait for steps that are already there, so that the list is in a runnable order and has no cycle.
struct StepDraft {
    private(set) var steps: [Step] = []

    /// What is undone together, where it is more than one instance: the address it goes under.
    var units: [HostName: [InstanceAddress: InstanceAddress]] = [:]

    /// The steps that stop a container, by host and container ID.
    private var stops: [Container: Int] = [:]

    private struct Container: Hashable {
        let host: HostName
        let id: String
    }

    /// Something that only one container of a host can hold.
    struct Holding: Hashable {
        let host: HostName
        let thing: String
    }

    @discardableResult
    mutating func add(
        _ action: Action, on host: HostName, phase: Step.Phase, after: [Int] = [],
        instance: InstanceAddress? = nil, undo: Action? = nil
    ) -> Int {
        let id = steps.count + 1
        let inPhase = Set(after).filter { steps[$0 - 1].phase == phase }
        steps.append(
            Step(
                id: id, host: host, action: action, phase: phase, after: inPhase.sorted(), instance: instance,
                undo: undo, unit: instance.flatMap { units[host]?[$0] }))
        return id
    }

    /// Stops a container, once: a second call answers with the first step.
    ///
    /// Its hooks come first, while it runs. Then its restart policy goes, so that a host that reboots in between does
    /// not start two.
    ///
    /// `isUndone`: false when another instance takes what the container held: then it must not come back.
    mutating func stop(
        _ container: ObservedContainer, on host: HostName, after: [Int], instance: InstanceAddress,
        hooks: [Hook] = [], isUndone: Bool = true
    ) -> Int {
        let key = Container(host: host, id: container.id)
        if let known = stops[key] { return known }
        var last = after
        for hook in container.state == .running ? hooks : [] {
            last = [
                add(
                    .run(hook, container: container.handle), on: host, phase: .containers, after: last,
                    instance: instance)
            ]
        }
        if container.spec.restart != .never {
            last = [
                add(
                    .setRestartPolicy(container: container.handle, .never), on: host, phase: .containers,
                    after: last, instance: instance,
                    undo: isUndone
                        ? .setRestartPolicy(container: container.handle, container.spec.restart) : nil)
            ]
        }
        let stop = add(
            .stop(container: container.handle, grace: container.graceSeconds), on: host, phase: .containers,
            after: last, instance: instance, undo: isUndone ? .start(container: container.handle) : nil)
        stops[key] = stop
        return stop
    }

    func isStopped(_ container: ObservedContainer, on host: HostName) -> Bool {
        stops[Container(host: host, id: container.id)] != nil
    }
}

extension ContainerSpec {
    /// Host ports and named volumes.
    func holdings(on host: HostName) -> Set<StepDraft.Holding> {
        var things = networking.published.filter { !$0.hostPort.isEmpty && $0.hostPort != "0" }
            .map { "port \($0.hostPort)/\($0.port.proto.rawValue)" }
        for mount in mounts {
            if case .volume(let name, _) = mount.source { things.append("volume \(name)") }
        }
        return Set(things.map { StepDraft.Holding(host: host, thing: $0) })
    }
}
