import RecastModel

extension Decision {
    /// What is backed up between the old container and the new one, where the service asks for that.
    var savedVolumes: [VolumeSave] {
        guard let instance, let policy = policy.backup, isReplacement, let last = giving.last, !successorRuns
        else { return [] }
        let names = Set(instance.spec.mounts.filter { !$0.readOnly }.compactMap(\.volume))
        return names.subtracting(instance.instance.sharedVolumes).filter(last.mounts).sorted().map { name in
            VolumeSave(
                volume: name, place: place, image: last.imageID, writer: last.identity.image, policy: policy)
        }
    }

    /// An earlier apply started it, after it had backed up what there was, and then ended.
    private var successorRuns: Bool {
        if case .finish(let current, _) = work { current.isUp } else { false }
    }

    var backupNotices: [Notice] {
        let saved = savedVolumes
        guard let policy = policy.backup, !saved.isEmpty else { return [] }
        return [.backup(address, saved.map(\.volume), into: policy.folder)]
    }
}
