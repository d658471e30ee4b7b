import RecastExecutor
import RecastModel
import RecastTesting
import Synchronization

/// A fleet that lives in memory and misbehaves at one call.
final class WorldFleet: Sendable {
    enum Fault: CaseIterable, Sendable {
        /// Nothing is done, and the call fails.
        case refuses
        /// It is done, but the reply is lost.
        case losesReply
        /// From then on the host does not answer; what runs there goes on.
        case losesHost
    }

    private struct State {
        var world: World
        var calls = 0
        var running: [HostName: Int] = [:]
        var mostAtOnce = 0
        var done: [Action] = []
        var lost: HostName?
    }

    /// Called after every action, with the world as it is then.
    private let watch: @Sendable (World) -> Void
    private let state: Mutex<State>
    private let faultyCall: Int?
    private let faultyAction: Action?
    private let lastCall: Int?
    private let fault: Fault

    /// `lastCall`: no later call does anything, as if the process that makes them were killed.
    init(
        _ world: World, faultyCall: Int? = nil, fault: Fault = .refuses, faultyAction: Action? = nil,
        lastCall: Int? = nil, watch: @escaping @Sendable (World) -> Void = { _ in }
    ) {
        self.watch = watch
        state = Mutex(State(world: world))
        self.faultyCall = faultyCall
        self.faultyAction = faultyAction
        self.lastCall = lastCall
        self.fault = fault
    }

    var world: World { state.withLock { $0.world } }
    var done: [Action] { state.withLock { $0.done } }
    var mostAtOnce: Int { state.withLock { $0.mostAtOnce } }

    func hosts(_ names: [HostName]) -> [HostName: any Host] {
        Dictionary(uniqueKeysWithValues: names.map { ($0, WorldHost(name: $0, fleet: self)) })
    }

    fileprivate func perform(_ action: Action, on host: HostName) async throws {
        enter(action, host)
        // A gate takes longer than anything else.
        for _ in 0..<(isCounted(action) ? 1 : 20) { await Task.yield() }
        try state.withLock { state in
            state.running[host, default: 1] -= isCounted(action) ? 1 : 0
            state.calls += 1
            if let lastCall, state.calls > lastCall { throw StepFailure("nobody is there any more") }
            let isFaulty = state.calls == faultyCall || action == faultyAction
            if isFaulty, fault == .losesHost { state.lost = host }
            if state.lost == host { throw StepFailure("no route to host") }
            if isFaulty, fault == .refuses { throw StepFailure("refused") }
            try act(action, host, &state)
            if isFaulty { throw StepFailure("reply lost") }
        }
    }

    private func act(_ action: Action, _ host: HostName, _ state: inout State) throws {
        // What is so already is no error, as the contract of `Host` has it.
        if case .remove(let container) = action,
            !(state.world.hosts[host]?.containers.contains { $0.matches(container) } ?? false)
        {
            return
        }
        try state.world.apply(action, on: host)
        state.done.append(action)
        watch(state.world)
    }

    private func enter(_ action: Action, _ host: HostName) {
        guard isCounted(action) else { return }
        state.withLock { state in
            state.running[host, default: 0] += 1
            state.mostAtOnce = max(state.mostAtOnce, state.running[host] ?? 0)
        }
    }

    private func isCounted(_ action: Action) -> Bool {
        if case .await = action { false } else { true }
    }
}

private struct WorldHost: Host {
    let name: HostName
    let fleet: WorldFleet

    func perform(_ action: Action, progress: @escaping @Sendable (StepProgress) -> Void) async throws {
        try await fleet.perform(action, on: name)
    }
}
