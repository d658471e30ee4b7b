/// The volumes of an application, host by host.
package struct VolumeList: Sendable {
    package struct Item: Hashable, Sendable {
        package let host: HostName
        package let name: String
        package let driver: String
        /// Made for this application, in this environment.
        package let isOwned: Bool
        package let standing: VolumeWhereabouts.Standing
        /// The manifest wants it on this host.
        package let isClaimed: Bool
        /// Where its containers have it, when its engine named it.
        package let unnamedPaths: [String]
        /// Who was to use it when it was made.
        package let services: [String]
        /// The containers that have it, running or not, sorted.
        package let users: [String]
        /// The containers of others that run and may write to it, sorted.
        package let strangers: [String]
        /// The apply that made it, whose name begins with when; `nil` when Recast did not.
        package let release: String?
        package let identity: String?
        /// Which of all that ever had its name, on whatever host.
        package let incarnation: String
        /// When it was last backed up, as ISO 8601; by the clock of the machine that did it.
        package let lastBackup: String?
        /// The names of the volumes that say something of it.
        package let records: [String]
        /// It is neither an unfinished copy, nor what stayed behind when the data went or came back.
        package var hasTheData: Bool {
            switch standing {
            case .incomplete, .diverged, .moved: false
            case .absent, .foreign, .current: true
            }
        }

        /// Bytes; `nil` when it was not asked for, or the engine cannot tell.
        package var size: Int64?
    }

    /// In the order of the hosts, then by name.
    package var items: [Item]
    /// Why a host did not answer.
    package let unreachable: [HostName: String]

    package init(_ desired: Desired, _ observed: Observed) {
        let whereabouts = VolumeWhereabouts(observed, desired.environment, desired.application)
        items = desired.hosts.map(\.name).flatMap { host in
            (observed.hosts[host]?.state).map { Self.items(on: host, $0, desired, whereabouts) } ?? []
        }
        unreachable = observed.hosts.compactMapValues { observation in
            if case .unreachable(let reason) = observation { reason } else { nil }
        }
    }

    /// Those that Recast fills with files are left out: they can be made again.
    private static func items(
        on host: HostName, _ state: HostState, _ desired: Desired, _ whereabouts: VolumeWhereabouts
    ) -> [Item] {
        let claimed = Set(desired.volumes.filter { $0.host == host }.map(\.name))
        return state.volumes.compactMap { volume in
            let isOwned = volume.isOwned(by: desired.environment, desired.application)
            let users = state.containers.filter { $0.mounts(volume.name) }
            guard volume[.fileVolume] == nil, VolumeRecord(volume) == nil,
                isOwned || claimed.contains(volume.name) || !users.isEmpty
            else {
                return nil
            }
            return Item(
                host: host, name: volume.name, driver: volume.driver, isOwned: isOwned,
                standing: whereabouts.standing(of: volume.name, on: host),
                isClaimed: claimed.contains(volume.name),
                unnamedPaths: Set(users.flatMap { $0.unnamed.filter { $0.value == volume.name }.keys }).sorted(),
                services: (volume[.service] ?? "").split(separator: ",").map(String.init),
                users: users.map(\.name).sorted(), strangers: state.foreignWriters[volume.name] ?? [],
                release: volume[.release], identity: volume[.identity],
                incarnation: volume.incarnation,
                lastBackup: state.records(of: volume.name).filter { $0.kind == .backup }.compactMap(\.made).max(),
                records: state.records(of: volume.name).map(\.name).sorted())
        }.sorted { $0.name < $1.name }
    }
}
