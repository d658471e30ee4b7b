import DockerAPI
import RecastHosts
package import RecastModel

extension Operations {
    /// Why nothing is done with a volume.
    package enum VolumeRefusal: Error, Hashable, Sendable {
        case unknown(String, known: [String])
        /// The service does not use it, but others may.
        case notOf(ServiceName, String, known: [String], others: [ServiceName])
        /// The manifest wants it on these hosts.
        case elsewhere(String, [HostName])
        case onSeveralHosts(String, [HostName])
        case unreachable([HostName: String])
        case notOwned(String, HostName)
        case claimed(String, HostName)
        case inUse(String, HostName, by: [String])
        case missing(String, HostName)
        /// It is this application's already.
        case adopted(String, HostName)
        /// The data is on another host, too.
        case copies(String, HostName, others: [HostName])
        /// Recast made it for another environment or application.
        case anothers(String, HostName)
        /// Something runs that may write to it.
        case running(String, HostName, by: [String])
        /// Something that is not this application's runs with it.
        case strangers(String, HostName, by: [String])
        /// The service whose program is to be run does not run there.
        case notRunning(ServiceName, HostName)
        /// Neither a container nor the manifest says through which image it could be read.
        case noImage(ServiceName, HostName)
    }

    /// The volumes of the application.
    ///
    /// `measures`: also asks how large they are, for which an engine reads all of their files.
    package func volumes(measures: Bool = false) async throws -> VolumeList {
        try await withFleet { fleet in
            var list = VolumeList(desired, try await observation.states(fleet))
            guard measures else { return list }
            let hosts = Set(list.items.map(\.host))
            let readers = fleet.readers.filter { hosts.contains($0.key) }.sorted { $0.key < $1.key }
            let sizes = try await concurrently(readers, atOnce: Fleet.hostsAtOnce) { host, reader in
                (host, (try? await reader.volumeSizes()) ?? [:])
            }
            let byHost = Dictionary(uniqueKeysWithValues: sizes)
            for index in list.items.indices {
                list.items[index].size = byHost[list.items[index].host]?[list.items[index].name]
            }
            return list
        }
    }

    /// Removes one volume with all that is in it.
    ///
    /// `confirm`: sees it; when it answers false, nothing is done.
    ///
    /// It throws `VolumeRefusal` for one that is another's, that the manifest claims, or that a container has.
    ///
    /// - Returns: whether it was removed.
    package func removeVolume(
        named name: String, on host: HostName? = nil, confirm: (VolumeList.Item) throws -> Bool
    ) async throws -> Bool {
        try await withFleet { fleet in
            let list = VolumeList(desired, try await observation.states(fleet))
            let volume = try Self.removable(name, on: host, in: list)
            let hosts = engineHosts(of: fleet)
            guard try confirm(volume), let engine = hosts[volume.host] else { return false }
            try await withLease(for: "volume remove", on: [volume.host], of: fleet) { _ in
                if case .moved(let target) = volume.standing {
                    guard let target = hosts[target] else { throw VolumeRefusal.unreachable([target: "not connected"]) }
                    try await target.confirmArrival(of: name, from: volume.incarnation)
                }
                try await engine.removeLeftovers(of: name)
                try await engine.remove(volume)
            }
            return true
        }
    }

    /// Makes a volume that the manifest wants and somebody else made this application's, without touching what is in it.
    ///
    /// - Returns: on which host it is.
    ///
    /// It throws `VolumeRefusal` and `StepFailure`.
    package func adoptVolume(named name: String) async throws -> HostName {
        try await withFleet { fleet in
            let observed = try await observation.states(fleet)
            let list = VolumeList(desired, observed)
            let silent = list.unreachable.filter { host, _ in desired.volumes.contains { $0.host == host } }
            if !silent.isEmpty { throw VolumeRefusal.unreachable(silent) }
            let found = list.items.filter { $0.name == name && $0.isClaimed }
            guard let item = found.first else {
                let open = list.items.filter { $0.isClaimed && !$0.isOwned }
                throw VolumeRefusal.unknown(name, known: open.map(\.name).sorted())
            }
            guard found.count == 1 else { throw VolumeRefusal.onSeveralHosts(name, found.map(\.host)) }
            let live = observed.hosts[item.host]?.state?.volumes.first { $0.name == name }
            if item.isOwned { throw VolumeRefusal.adopted(name, item.host) }
            guard let live, live[.environment] == nil else { throw VolumeRefusal.anothers(name, item.host) }
            let others = VolumeWhereabouts(observed, desired.environment, desired.application).owners(of: name)
            if !others.isEmpty { throw VolumeRefusal.copies(name, item.host, others: others) }
            guard let host = engineHosts(of: fleet)[item.host] else { throw VolumeRefusal.unreachable([:]) }
            let own = Set(item.users)
            let strangers = try await host.writers(to: name).filter { !own.contains($0) }
            if !strangers.isEmpty { throw VolumeRefusal.strangers(name, item.host, by: strangers) }
            try await withLease(for: "volume adopt", on: [item.host], of: fleet) { _ in try await host.adopt(live) }
            return item.host
        }
    }

    /// The one volume of that name, with its size.
    ///
    /// It throws `VolumeRefusal`.
    package func volume(named name: String) async throws -> VolumeList.Item {
        try Self.only(name, in: try await volumes(measures: true))
    }

    private static func only(
        _ name: String, on host: HostName? = nil, in list: VolumeList
    ) throws -> VolumeList.Item {
        if !list.unreachable.isEmpty { throw VolumeRefusal.unreachable(list.unreachable) }
        let found = list.items.filter { $0.name == name && (host ?? $0.host) == $0.host }
        guard let volume = found.first else {
            throw VolumeRefusal.unknown(name, known: Set(list.items.map(\.name)).sorted())
        }
        guard found.count == 1 else { throw VolumeRefusal.onSeveralHosts(name, found.map(\.host)) }
        return volume
    }

    private static func removable(
        _ name: String, on host: HostName?, in list: VolumeList
    ) throws -> VolumeList.Item {
        let volume = try only(name, on: host, in: list)
        guard volume.isOwned else { throw VolumeRefusal.notOwned(name, volume.host) }
        guard volume.users.isEmpty else { throw VolumeRefusal.inUse(name, volume.host, by: volume.users) }
        // The data of one that goes with its service may be on a host where nobody asks for it any more.
        let isElsewhere = list.items.contains { $0.name == name && !$0.isClaimed && $0.isOwned && $0.hasTheData }
        guard !volume.isClaimed || !volume.hasTheData || isElsewhere else {
            throw VolumeRefusal.claimed(name, volume.host)
        }
        return volume
    }
}

extension EngineHost {
    /// It throws `VolumeRefusal` while a container has it.
    fileprivate func remove(_ volume: VolumeList.Item) async throws {
        do {
            for name in [volume.name] + volume.records { try await removeVolume(name) }
        } catch let error as EngineError where error.isConflict {
            throw Operations.VolumeRefusal.inUse(volume.name, volume.host, by: [])
        }
    }
}
