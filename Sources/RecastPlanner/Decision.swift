import RecastModel

/// What is to be done about one instance on one host.
struct Decision {
    enum Work {
        case keep(ObservedContainer)
        case create
        /// The predecessors give way, the one that runs last in the list.
        case replace(predecessors: [ObservedContainer])
        /// `current` is as desired but an earlier apply ended before it took over.
        case finish(current: ObservedContainer, predecessors: [ObservedContainer])
        case start(ObservedContainer)
        case rename(ObservedContainer)
        /// `current` runs as desired; these are left over from an earlier apply.
        case retire(current: ObservedContainer, leftovers: [ObservedContainer])
        case remove([ObservedContainer])
    }

    let host: HostName
    let address: InstanceAddress
    /// `nil` for what is no longer desired.
    let instance: PinnedInstance?
    let work: Work
    let cause: Cause
    let differences: [Difference]
    var notices: [Notice] = []

    /// The line of the plan, `nil` when nothing changes.
    var change: Change? {
        guard let action else { return nil }
        return Change(
            host: host, subject: .instance(address), action: action, cause: cause, differences: differences,
            replacement: replacement)
    }

    private var action: Change.Action? {
        switch work {
        case .keep: nil
        case .create: .create
        case .replace, .finish: .replace
        case .start: .start
        case .rename: .rename
        case .retire, .remove: .remove
        }
    }

    private var replacement: Replacement? {
        switch work {
        case .replace(let predecessors), .finish(_, let predecessors):
            stopFirst(predecessors.filter(\.isUp))
        default: nil
        }
    }

    private func stopFirst(_ predecessors: [ObservedContainer]) -> Replacement? {
        guard let grace = predecessors.map(\.graceSeconds).max() else { return nil }
        let held = predecessors.flatMap { $0.spec.holdings(on: host) }.map(\.thing)
        let wanted = instance?.spec.holdings(on: host).map(\.thing) ?? []
        return Replacement(
            .stopFirst, exclusive: Set(held).intersection(wanted).sorted(), gap: .unknown(grace: grace))
    }
}

extension ObservedContainer {
    /// It holds its ports and may write to its volumes.
    var isUp: Bool { [.running, .paused, .restarting].contains(state) }
    var graceSeconds: Int { spec.stopTimeout ?? 10 }
    var handle: ContainerHandle { .id(id, name: name) }

    /// It ended well, and its engine does not start it again.
    var isCompleted: Bool {
        guard state == .exited, exitCode == 0 else { return false }
        switch spec.restart {
        case .never, .onFailure: return true
        case .always, .unlessStopped: return false
        }
    }
}
