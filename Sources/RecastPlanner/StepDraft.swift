import RecastModel

/// The steps of a plan while it is being made. A step can only wait for steps that are already there, so that the
/// list is in a runnable order and has no cycle.
struct StepDraft {
    private(set) var steps: [Step] = []

    /// Steps that free a host port or a one-writer volume.
    private var releases: [Holding: [Int]] = [:]

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
                undo: undo))
        return id
    }

    mutating func release(_ holdings: Set<Holding>, by step: Int) {
        for holding in holdings { releases[holding, default: []].append(step) }
    }

    /// The steps after which nobody holds any of these.
    func released(_ holdings: Set<Holding>) -> [Int] {
        holdings.flatMap { releases[$0] ?? [] }
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
