import RecastModel

/// The volumes with files of one host: those to fill before containers are made, and those that nobody needs.
///
/// They are Recast's own and can be made again at any time, so that unlike a person's volumes they are removed.
struct FileVolumeReview {
    let toFill: [FileVolume]
    /// They go with the containers that go.
    let toRemove: [String]
    /// What an earlier apply left behind.
    let leftovers: [String]

    /// `isWholeApplication`: false when the plan was narrowed to services; then nothing left behind is removed.
    init(
        decisions: [Decision], state: HostState, desired: [PinnedInstance], owner: [String: String],
        isWholeApplication: Bool
    ) {
        toFill = Self.volumes(of: decisions)
        let going = decisions.flatMap { $0.leftovers + $0.excess }
        let ids = Set(going.map(\.id))
        let staying = state.containers.filter { !ids.contains($0.id) }
        let needed = Set(staying.compactMap(\.spec.fileRecord.volume) + desired.compactMap(\.spec.fileRecord.volume))
        let given = Set(going.compactMap(\.spec.fileRecord.volume))
        let free = state.volumes.filter { $0.isFileVolume(of: owner) }.map(\.name).filter { !needed.contains($0) }
        toRemove = free.filter(given.contains).sorted()
        leftovers = isWholeApplication ? free.filter { !given.contains($0) }.sorted() : []
    }

    /// One container of each set of files is enough to fill its volume.
    private static func volumes(of decisions: [Decision]) -> [FileVolume] {
        let volumes = decisions.compactMap { decision -> FileVolume? in
            switch decision.work {
            case .create, .replace:
                guard let spec = decision.instance?.spec, let name = spec.fileRecord.volume else { return nil }
                return FileVolume(
                    name: name, image: spec.image, platform: spec.platform, files: spec.mountedFiles)
            default: return nil
            }
        }
        return Dictionary(volumes.map { ($0.name, $0) }) { first, _ in first }.values.sorted { $0.name < $1.name }
    }
}

extension ObservedVolume {
    fileprivate func isFileVolume(of owner: [String: String]) -> Bool {
        labels[InstanceLabels.Key.fileVolume.name] == name && owner.isContained(in: labels)
    }
}
