package import RecastModel

extension World {
    /// A volume on a host.
    package struct VolumePlace: Hashable, Sendable {
        package let host: HostName
        package let name: String
        package init(_ host: HostName, _ name: String) {
            self.host = host
            self.name = name
        }
    }

    /// What was written to the volumes with which something runs.
    package var written: [String: Set<Int>] {
        var written: [String: Set<Int>] = [:]
        for (host, state) in hosts {
            for container in state.containers where container.state == .running {
                for name in container.writableVolumes {
                    written[name, default: []].formUnion(contents[VolumePlace(host, name)] ?? [])
                }
            }
        }
        return written
    }

    /// The hosts on which something runs that may write to the volume.
    package func writers(of volume: String) -> [HostName] {
        hosts.filter { _, state in
            state.containers.contains { $0.state == .running && $0.writableVolumes.contains(volume) }
        }.keys.sorted()
    }

    /// Every start writes something to all volumes of the container.
    mutating func write(_ container: ContainerHandle, on host: HostName) {
        let volumes = hosts[host]?.containers.first { $0.matches(container) }?.writableVolumes ?? []
        for name in volumes {
            writes += 1
            contents[VolumePlace(host, name), default: []].insert(writes)
        }
    }

    /// - Returns: whether it was an action of a move.
    mutating func performMove(_ action: Action, on host: HostName) throws -> Bool {
        switch action {
        case .receiveVolume(let move):
            guard !hasDiverged(move, on: host) else {
                throw Illegal(description: "\(move.volume.name) was written to")
            }
            try discard(move, on: host)
            var made = ObservedVolume(name: move.volume.name)
            made.labels = Self.owner
            made.labels[InstanceLabels.Key.incoming.name] = newID()
            made.labels[InstanceLabels.Key.identity.name] = move.identity
            made.labels[InstanceLabels.Key.origin.name] = move.origin
            made.labels[InstanceLabels.Key.peer.name] = move.source.text
            hosts[host]?.volumes.append(made)
            contents[VolumePlace(host, move.volume.name)] = []
        case .discardVolume(let move):
            if !hasDiverged(move, on: host) { try discard(move, on: host) }
        case .copyVolume(let move):
            guard !writers(of: move.volume.name).contains(move.source) else {
                throw Illegal(description: "\(move.volume.name) is copied while something writes to it")
            }
            contents[VolumePlace(host, move.volume.name)] = contents[VolumePlace(move.source, move.volume.name)]
        case .backUp(let save):
            guard !writers(of: save.volume).contains(host) else {
                throw Illegal(description: "\(save.volume) is backed up while something writes to it")
            }
        case .recordMove(let move, let side):
            make(try record(of: move, side), on: host)
        case .withdrawMove(let move, let side):
            let name = try record(of: move, side).name
            if side == .arrival { try leave(move, on: host) }
            hosts[host]?.volumes.removeAll { $0.name == name }
        default: return false
        }
        return true
    }

    private mutating func make(_ record: VolumeRecord, on host: HostName) {
        var made = ObservedVolume(name: record.name)
        made.labels = Self.owner.merging(record.labels) { $1 }
        hosts[host]?.volumes.removeAll { $0.name == record.name }
        hosts[host]?.volumes.append(made)
    }

    /// A copy that a container ran with is kept when its move goes back.
    private mutating func leave(_ move: VolumeMove, on host: HostName) throws {
        let isUser = { (container: ObservedContainer) in
            container.state != .running && container.writableVolumes.contains(move.volume.name)
        }
        if hosts[host]?.containers.contains(where: { isUser($0) && !$0.startedAt.isEmpty }) ?? false {
            let token = try record(of: move, .arrival).token
            make(VolumeRecord(.diverged, of: move.volume.name, token: token), on: host)
        }
        hosts[host]?.containers.removeAll(where: isUser)
    }

    private func hasDiverged(_ move: VolumeMove, on host: HostName) -> Bool {
        guard let state = hosts[host], let volume = state.volumes.first(where: { $0.name == move.volume.name }) else {
            return false
        }
        return state.hasDiverged(volume)
    }

    private func record(of move: VolumeMove, _ side: VolumeMove.Side) throws -> VolumeRecord {
        let volumes = hosts[move.volume.host]?.volumes ?? []
        guard let copy = volumes.first(where: { $0.name == move.volume.name })?[.incoming] else {
            throw Illegal(description: "there is no copy of \(move.volume.name)")
        }
        return move.record(side, copy: copy)
    }

    private mutating func discard(_ move: VolumeMove, on host: HostName) throws {
        guard var state = hosts[host], let volume = state.volumes.first(where: { $0.name == move.volume.name }) else {
            return
        }
        guard state.isIncomplete(volume) else { throw Illegal(description: "\(volume.name) is no unfinished copy") }
        state.containers.removeAll { $0.startedAt.isEmpty && $0.writableVolumes.contains(volume.name) }
        guard !state.containers.contains(where: { $0.writableVolumes.contains(volume.name) }) else {
            throw Illegal(description: "\(volume.name) is in use")
        }
        state.volumes.removeAll { $0.name == volume.name }
        contents[VolumePlace(host, volume.name)] = nil
        hosts[host] = state
    }
}

extension ObservedContainer {
    var writableVolumes: [String] { spec.mounts.filter { !$0.readOnly }.compactMap(\.volume) }
}
