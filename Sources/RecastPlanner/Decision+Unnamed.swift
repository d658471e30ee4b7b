import RecastModel

/// Volumes that an engine named itself, for an image's `VOLUME` or a mount without a source.
///
/// Every create makes new ones, so that the data of the old ones would be left behind: a successor takes them over.
extension Decision {
    /// What the successor takes over: paths and volumes.
    var carriedVolumes: [String: String] {
        guard let instance, case .replace(let predecessors) = work, let last = predecessors.last else { return [:] }
        return last.unnamedVolumes(for: instance.spec)
    }

    /// Of containers that give way: volumes that must not have two writers.
    func unnamedHoldings(_ predecessors: [ObservedContainer]) -> [String] {
        var volumes = Set(carriedVolumes.values).union(instance?.spec.mounts.compactMap(\.volume) ?? [])
        if case .finish(let current, _) = work { volumes.formUnion(current.unnamed.values) }
        let held = predecessors.flatMap(\.unnamed).filter { volumes.contains($0.value) }
        return Set(held.map(\.key)).sorted().map { "the unnamed volume of \($0)" }
    }

    /// What the plan says of them.
    var unnamedNotices: [Notice] {
        switch work {
        case .replace where !carriedVolumes.isEmpty: [.unnamedKept(address, carriedVolumes.keys.sorted())]
        case .remove(let containers):
            containers.filter { !$0.unnamed.isEmpty }.map { .unnamedLeft(name: $0.name, $0.unnamed.values.sorted()) }
        default: []
        }
    }

    /// Another named volume of the predecessor at a path where the instance is to have this one.
    func otherVolume(behind volume: String) -> (path: String, name: String)? {
        guard let instance, case .replace(let predecessors) = work, let last = predecessors.last else { return nil }
        let paths = Set(instance.spec.mounts.filter { $0.volume == volume }.map { CanonicalText.path($0.target) })
        let old = last.spec.mounts.first { paths.contains(CanonicalText.path($0.target)) && $0.volume != nil }
        guard let old, let name = old.volume, name != volume else { return nil }
        return (CanonicalText.path(old.target), name)
    }

    /// Named volumes that the predecessor wrote to, at paths where the instance is to have nothing of its own.
    var droppedVolumes: [(path: String, name: String)] {
        guard let instance, case .replace(let predecessors) = work, let last = predecessors.last else { return [] }
        let covered = Set(instance.spec.mounts.filter { !$0.isUnnamed }.map { CanonicalText.path($0.target) })
        let kept = Set(instance.spec.mounts.compactMap(\.volume))
        return last.spec.mounts.compactMap { mount in
            let path = CanonicalText.path(mount.target)
            guard let name = mount.volume, !mount.readOnly, !covered.contains(path), !kept.contains(name) else {
                return nil
            }
            return (path, name)
        }
    }

    /// The unnamed volume of the predecessor where the instance is to have a named one.
    func unnamedVolume(behind volume: String) -> (path: String, name: String)? {
        guard let instance, case .replace(let predecessors) = work, let last = predecessors.last else { return nil }
        let paths = instance.spec.mounts.filter { $0.volume == volume }.map { CanonicalText.path($0.target) }
        return paths.lazy.compactMap { path in last.unnamed[path].map { (path, $0) } }.first { $0.1 != volume }
    }
}

extension ObservedContainer {
    /// Those for which another definition has nothing of its own.
    fileprivate func unnamedVolumes(for spec: ContainerSpec) -> [String: String] {
        let covered = spec.mounts.filter { !$0.isUnnamed }.map { CanonicalText.path($0.target) }
        return unnamed.filter { path, _ in !covered.contains(path) }
    }
}
