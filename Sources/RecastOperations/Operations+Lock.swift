import RecastHosts
import RecastManifest
package import RecastModel
import RecastPlanner

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Operations {
    /// Which pins are asked for anew.
    package enum Renewal: Sendable {
        /// Those that are missing, or whose tag is another now.
        case changed
        /// Also those of these services; of all, where there are none.
        case services(Set<ServiceName>)
        /// None: what is pinned is promoted.
        case volumes
    }

    /// Now, as ISO 8601, by this machine's clock.
    package static var time: String { Date.now.formatted(.iso8601) }

    /// Finds out what the lock file is to say; nothing is written.
    ///
    /// `path`: where it is to be. `by`: who does it.
    ///
    /// Hosts are asked, and only looked at; it throws `EngineError` and what reading a login throws.
    package func lock(_ renewal: Renewal, path: String, by: String) async throws -> LockUpdate {
        let before =
            desired.lock
            ?? LockFile(path: path, application: desired.application, environment: desired.environment)
        let (renewed, held) = renewed(renewal, before)
        return try await withFleet { fleet in
            let observation = Observation(
                desired: open(before, renewed), scope: Planner.Scope(), asksRegistry: asksRegistry,
                registries: registries)
            async let resolving = renewal.isForVolumes ? [:] : observation.resolve(fleet.readers)
            let observed = try await observation.states(fleet)
            let (digests, unresolved) = Self.sorted(try await resolving, before)
            let pinned =
                renewal.isForVolumes
                ? before
                : before.updated(for: desired, resolved: digests, renewing: renewed, stamp: (Self.time, by))
            let lock = pinned.recording(
                VolumeWhereabouts(observed, desired.environment, desired.application),
                names: Set(desired.volumes.filter { !$0.external }.map(\.name)), inUse: observed.volumesInUse)
            return LockUpdate(
                before: desired.lock, after: lock, unresolved: unresolved.sorted { $0.reference < $1.reference },
                held: held.sorted())
        }
    }

    /// What is held keeps its pins.
    private func renewed(
        _ renewal: Renewal, _ lock: LockFile
    ) -> (renewed: Set<ServiceName>, held: Set<ServiceName>) {
        guard case .services(let services) = renewal else { return ([], []) }
        let meant = services.isEmpty ? Set(desired.tags.keys) : services
        let held = meant.filter { lock.services[$0]?.hold != nil }
        return (meant.subtracting(held), held)
    }

    /// What is desired, with a digest for all that is not asked for.
    private func open(_ lock: LockFile, _ renewed: Set<ServiceName>) -> Desired {
        var desired = desired.mappingImages { image, service in
            guard image.digest == nil, !renewed.contains(service), let digest = lock.pinned(image, for: service) else {
                return image
            }
            return image.pinned(to: digest)
        }
        desired.lock = nil
        return desired
    }

    private static func sorted(
        _ resolutions: [ImageReference: ImageResolver.Resolution], _ lock: LockFile
    ) -> (digests: [ImageReference: String], unresolved: [UnresolvedImage]) {
        var digests: [ImageReference: String] = [:]
        var unresolved: [UnresolvedImage] = []
        for (image, resolution) in resolutions where image.digest == nil {
            switch resolution {
            case .digest(let digest):
                if let rejection = lock.rejection(of: digest) {
                    unresolved.append(lock.refusal(of: image, for: rejection))
                } else {
                    digests[image] = digest
                }
            case .local:
                unresolved.append(
                    UnresolvedImage(image, reason: "no registry has it, only a host's own copy: that has no digest"))
            case .unresolved(let reason), .unusable(let reason):
                unresolved.append(UnresolvedImage(image, reason: reason.text, help: reason.help))
            }
        }
        return (digests, unresolved)
    }
}

extension Operations.Renewal {
    fileprivate var isForVolumes: Bool { if case .volumes = self { true } else { false } }
}

extension Observed {
    /// The names of the volumes that something runs with.
    fileprivate var volumesInUse: Set<String> {
        let running = hosts.values.compactMap(\.state).flatMap(\.containers).filter { $0.state == .running }
        return Set(running.flatMap { $0.spec.mounts.compactMap(\.volume) })
    }
}
