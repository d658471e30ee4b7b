import RecastModel

/// What is to be done about one instance on one host.
struct Decision {
    indirect enum Work {
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
    /// Stopped predecessors of earlier applies, the newest last.
    var retained: [ObservedContainer] = []
    /// How long instances of the service were away when they were last replaced, at most.
    var knownGap: Duration?
    /// It is replaced together with others that share something with it.
    var isGrouped = false
    /// What its containers hold and other instances take in this plan, with their names.
    var taken: [String] = []

    /// The line of the plan, `nil` when nothing changes.
    var change: Change? {
        guard let action else { return nil }
        return Change(
            host: host, subject: .instance(address), action: action, cause: cause, differences: differences,
            replacement: replacement)
    }

    /// `nil` when nothing changes.
    var action: Change.Action? {
        switch work {
        case .keep: nil
        case .create: .create
        case .replace, .finish: .replace
        case .start: .start
        case .rename: .rename
        case .retire, .remove: .remove
        }
    }

    var place: InstancePlace { InstancePlace(host, address) }

    /// What `x-recast` and `update_config` say; the defaults for what is no longer desired.
    var policy: RolloutPolicy { instance?.instance.rollout ?? RolloutPolicy() }

    var isChange: Bool { action != nil }

    /// A container is put in the place of another one.
    var isReplacement: Bool { action == .replace }
}

extension ObservedContainer {
    /// It holds its ports and may write to its volumes.
    var isUp: Bool { [.running, .paused, .restarting].contains(state) }
    var graceSeconds: Int { spec.stopTimeout ?? 10 }
    var handle: ContainerHandle { .id(id, name: name) }

    /// A predecessor that is kept for the case that it is needed again.
    var isRetained: Bool { !isUp && InstanceName.isRetained(name) }

    /// It ended well, and its engine does not start it again.
    var isCompleted: Bool {
        guard state == .exited, exitCode == 0 else { return false }
        switch spec.restart {
        case .never, .onFailure: return true
        case .always, .unlessStopped: return false
        }
    }
}
