/// What is said of a volume after it was made, by another volume that stays empty: an engine never changes labels.
package struct VolumeRecord: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        /// All that it was to be filled with is in it.
        case complete
        /// Its data went to another host.
        case moved
        /// Somebody else made it, and it is this application's now.
        case adopted
        /// It was saved into a file.
        case backup
        /// A service wrote to this copy before its move went back: what it holds is nowhere else.
        case diverged
    }

    package let kind: Kind
    package let volume: String
    /// Of which volume of that name: one that is made anew has another.
    package let token: String
    /// Of one that went: the token of the volume that it became.
    package let copy: String?
    /// Of one that went: where to.
    package let peer: HostName?
    /// Of one that was adopted: when it was made; of one that was backed up: when that was.
    package let made: String?

    package init(
        _ kind: Kind, of volume: String, token: String, copy: String? = nil, peer: HostName? = nil,
        made: String? = nil
    ) {
        self.kind = kind
        self.volume = volume
        self.token = token
        self.copy = copy
        self.peer = peer
        self.made = made
    }

    /// `nil` for a volume that is no record.
    package init?(_ observed: ObservedVolume) {
        guard let kind = observed[.record].flatMap({ Kind(rawValue: $0) }), let volume = observed[.volume],
            let token = observed[.identity]
        else { return nil }
        self.init(
            kind, of: volume, token: token, copy: observed[.copy], peer: observed[.peer].map { HostName($0) },
            made: observed[.made])
    }

    /// The name that it has on the engine.
    package var name: String { "\(volume).\(kind.rawValue).\(token.prefix(12))" }

    /// Its labels besides those of its owner.
    package var labels: [String: String] {
        var labels = [
            InstanceLabels.Key.record.name: kind.rawValue, InstanceLabels.Key.volume.name: volume,
            InstanceLabels.Key.identity.name: token,
        ]
        labels[InstanceLabels.Key.copy.name] = copy
        labels[InstanceLabels.Key.peer.name] = peer?.text
        labels[InstanceLabels.Key.made.name] = made
        return labels
    }
}

extension HostState {
    /// What is to be in a volume is not all there: whoever filled it ended half-way.
    ///
    /// A container that ran with it says that it was complete, whatever became of the record.
    package func isIncomplete(_ volume: ObservedVolume) -> Bool {
        guard let token = volume[.incoming] else { return false }
        let record = VolumeRecord(.complete, of: volume.name, token: token)
        if volumes.contains(where: { VolumeRecord($0) == record }) { return false }
        return !containers.contains { container in
            !container.startedAt.isEmpty && container.spec.mounts.contains { $0.volume == volume.name }
        }
    }

    /// A service ran with this copy, and then went back to where its data had come from.
    package func hasDiverged(_ volume: ObservedVolume) -> Bool {
        guard let token = volume[.incoming] else { return false }
        let record = VolumeRecord(.diverged, of: volume.name, token: token)
        return volumes.contains { VolumeRecord($0) == record }
    }

    /// The records of a volume.
    package func records(of volume: String) -> [VolumeRecord] {
        volumes.compactMap { VolumeRecord($0) }.filter { $0.volume == volume }
    }
}

extension [ObservedVolume] {
    /// Gives those that were adopted the labels that they would have, had Recast made them.
    ///
    /// One that was made anew under the same name is another.
    ///
    /// `tellsCreation`: false for engines that tell when something in a volume's folder last changed, and not when the
    /// volume was made; there the name alone counts.
    package func labelled(
        by environment: EnvironmentName, _ application: ApplicationName, tellsCreation: Bool = true
    ) -> Self {
        let adoptions = filter { $0.isOwned(by: environment, application) }.compactMap { VolumeRecord($0) }
            .filter { $0.kind == .adopted }
        guard !adoptions.isEmpty else { return self }
        return map { volume in
            let adoption = adoptions.first {
                $0.volume == volume.name && ($0.made == volume.createdAt || !tellsCreation)
            }
            guard let adoption, volume[.environment] == nil else { return volume }
            var volume = volume
            volume.labels.merge(InstanceLabels.ofResource(environment: environment, application: application)) { $1 }
            volume.labels[InstanceLabels.Key.identity.name] = adoption.token
            return volume
        }
    }
}
