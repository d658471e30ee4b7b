import DockerAPI
import RecastHosts
package import RecastModel

extension Operations {
    /// Why nothing is done with a volume.
    package enum VolumeRefusal: Error, Hashable, Sendable {
        case unknown(String, known: [String])
        case onSeveralHosts(String, [HostName])
        case unreachable([HostName: String])
        case notOwned(String, HostName)
        case claimed(String, HostName)
        case inUse(String, HostName, by: [String])
        case missing(String, HostName)
        /// Something runs that may write to it.
        case running(String, HostName, by: [String])
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
        named name: String, confirm: (VolumeList.Item) throws -> Bool
    ) async throws -> Bool {
        try await withFleet { fleet in
            let list = VolumeList(desired, try await observation.states(fleet))
            let volume = try Self.removable(name, in: list)
            guard try confirm(volume), let reader = fleet.readers[volume.host] else { return false }
            do {
                try await EngineClient(reader).removeVolume(name)
                for record in volume.records { try await EngineClient(reader).removeVolume(record) }
            } catch let error as EngineError where error.isConflict {
                throw VolumeRefusal.inUse(name, volume.host, by: [])
            }
            return true
        }
    }

    private static func removable(_ name: String, in list: VolumeList) throws -> VolumeList.Item {
        if !list.unreachable.isEmpty { throw VolumeRefusal.unreachable(list.unreachable) }
        let found = list.items.filter { $0.name == name }
        guard let volume = found.first else {
            throw VolumeRefusal.unknown(name, known: Set(list.items.map(\.name)).sorted())
        }
        guard found.count == 1 else { throw VolumeRefusal.onSeveralHosts(name, found.map(\.host)) }
        guard volume.isOwned else { throw VolumeRefusal.notOwned(name, volume.host) }
        guard volume.users.isEmpty else { throw VolumeRefusal.inUse(name, volume.host, by: volume.users) }
        guard !volume.isClaimed || !volume.hasTheData else { throw VolumeRefusal.claimed(name, volume.host) }
        return volume
    }
}
