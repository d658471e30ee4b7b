import RecastModel

/// Who may write to the volumes that an instance is to have, and is not part of the plan.
struct VolumeUseReview {
    let state: HostState
    /// Containers that give way in this plan, by ID.
    private let giving: Set<String>

    init(_ decisions: [Decision], on state: HostState) {
        self.state = state
        giving = Set(decisions.flatMap(\.giving).map(\.id))
    }

    func hazards(of decision: Decision) -> [Hazard] {
        guard let instance = decision.instance else { return [] }
        let written = instance.spec.mounts.filter { !$0.readOnly }.compactMap(\.volume)
        return Set(written).subtracting(instance.instance.sharedVolumes).sorted().compactMap { volume in
            let others = strangers(volume, instance)
            guard !others.isEmpty else { return nil }
            return Hazard(
                host: decision.host, kind: .volumeInUse, subject: "volume \(volume)",
                detail: "\(others.joined(separator: ", ")) runs with it, and this plan leaves that as it is",
                help: "stop that first, or plan its service as well; where they get along, say"
                    + " 'x-recast: {shared: true}' in the volume",
                position: instance.instance.position)
        }
    }

    private func strangers(_ volume: String, _ instance: PinnedInstance) -> [String] {
        let own = state.containers.filter { container in
            container.isUp && !giving.contains(container.id) && container.identity.address != instance.address
                && container.spec.mounts.contains { $0.volume == volume && !$0.readOnly }
        }
        return own.map(\.name).sorted() + (state.foreignWriters[volume] ?? [])
    }
}
