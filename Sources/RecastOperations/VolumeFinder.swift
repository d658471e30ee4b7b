import RecastModel
import RecastPlanner

/// Finds the one volume of a service that a person means.
struct VolumeFinder {
    let desired: Desired
    let observed: Observed
    /// The only hosts that are meant.
    let scope: Planner.Scope

    struct Found {
        let host: HostName
        /// As the manifest wants it there.
        let volume: DesiredVolume
        /// Whether it is there.
        let isThere: Bool
        let standing: VolumeWhereabouts.Standing
        let identity: String?
        /// The containers that have it, running or not.
        let users: [ObservedContainer]
    }

    /// `name`: its key under `volumes:`, or its name on the engine.
    ///
    /// `service`: which uses it.
    ///
    /// - Throws: `VolumeRefusal`.
    func find(_ name: String, of service: ServiceName) throws(Operations.VolumeRefusal) -> Found {
        let own = desired.volumes.filter { $0.services.contains(service) }
        let meant = own.filter { $0.key == name || $0.name == name }
        guard !meant.isEmpty else {
            let others = desired.volumes.first { $0.key == name || $0.name == name }?.services ?? []
            throw .notOf(service, name, known: Set(own.map(\.key)).sorted(), others: others)
        }
        let here = meant.filter { scope.contains($0.host) }
        guard let first = here.first else { throw .elsewhere(name, meant.map(\.host)) }
        if let silent = unreachable(among: here.map(\.host)) { throw .unreachable(silent) }
        guard here.count == 1 else { throw .onSeveralHosts(name, here.map(\.host)) }
        let state = observed.hosts[first.host]?.state
        let live = state?.volumes.first { $0.name == first.name }
        let users = (state?.containers ?? []).filter { $0.mounts(first.name) }
        return Found(
            host: first.host, volume: first, isThere: live != nil,
            standing: VolumeWhereabouts(observed, desired.environment, desired.application)
                .standing(of: first.name, on: first.host),
            identity: live?[.identity],
            users: users.sorted { $0.name < $1.name })
    }

    private func unreachable(among hosts: [HostName]) -> [HostName: String]? {
        let silent = observed.hosts.compactMapValues { observation in
            if case .unreachable(let reason) = observation { reason } else { nil }
        }.filter { hosts.contains($0.key) }
        return silent.isEmpty ? nil : silent
    }
}
