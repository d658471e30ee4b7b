import RecastHosts
package import RecastModel
package import SystemPackage
package import VolumeBackup

extension Operations {
    /// What is to be restored where, before anything is done.
    package struct RestorePlan: Sendable {
        package let host: HostName
        package let volume: String
        package let backup: BackupSummary
        /// A volume of that name is there, which goes.
        package let replaces: Replaced?

        package enum Replaced: Sendable {
            /// It must be empty.
            case whole
            /// What was to be restored into it, or came from another host, is not all there.
            case incomplete
        }
    }

    /// Reads and checks a backup, fills a new volume with it, and checks that.
    ///
    /// `confirm`: sees what would be done; when it answers false, nothing is done and the answer is `nil`.
    ///
    /// It throws `VolumeRefusal`, `BackupError` and `StepFailure`. When it is cut off, the volume stays incomplete: no
    /// plan uses it, and restoring again begins anew.
    package func restore(
        _ volume: String, of service: ServiceName, from path: FilePath,
        confirm: (RestorePlan) throws -> Bool, emit: @escaping @Sendable (VolumeEvent) -> Void
    ) async throws -> RestorePlan? {
        let file = try BackupFile(path)
        let backup = try file.verified()
        return try await withFleet { fleet in
            let found = try VolumeFinder(desired: desired, observed: try await observation.states(fleet), scope: scope)
                .find(volume, of: service)
            guard !found.volume.external else { throw VolumeRefusal.notOwned(found.volume.name, found.host) }
            guard found.users.isEmpty else {
                throw VolumeRefusal.inUse(found.volume.name, found.host, by: found.users.map(\.name))
            }
            let plan = RestorePlan(
                host: found.host, volume: found.volume.name, backup: backup, replaces: found.replaced)
            guard try confirm(plan) else { return nil }
            let host = try await volumeHost(found.host, service, fleet)
            let image = try await imageForCarrier(of: found, service, fleet, host)
            try await withLease(for: "restore", on: [found.host], of: fleet) { _ in
                try await host.restore(found.volume, through: image, from: file.archive, backup.entries) { progress in
                    switch progress {
                    case .written(let count): emit(.copied(count))
                    case .verifying: emit(.verifying)
                    }
                }
            }
            return plan
        }
    }

    /// A host to which the images of a service can be pulled.
    func volumeHost(_ host: HostName, _ service: ServiceName, _ fleet: Fleet) async throws -> EngineHost {
        let own = desired.instances.filter { $0.host == host && $0.address.service == service }
        let logins = try await registries.logins(for: Set(own.map(\.spec.image.repository)))
        guard let found = engineHosts(of: fleet, logins)[host] else {
            throw VolumeRefusal.unreachable([host: "it is not connected"])
        }
        return found
    }
}

extension VolumeFinder.Found {
    fileprivate var replaced: Operations.RestorePlan.Replaced? {
        guard isThere else { return nil }
        if case .incomplete = standing { return .incomplete }
        return .whole
    }
}
