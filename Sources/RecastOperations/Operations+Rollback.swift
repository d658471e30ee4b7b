import DockerAPI
import RecastHosts
import RecastManifest
package import RecastModel

extension Operations {
    /// How well the hosts are prepared to go back.
    ///
    /// A registry is asked for each image that a host lacks.
    package func readiness(of targets: [RollbackTarget]) async throws -> [RollbackOption] {
        try await withFleet { fleet in
            let services = targets.flatMap(\.services)
            let repositories = services.compactMap { ImageReference($0.value.reference)?.repository }
            let logins = try await registries.logins(for: Set(repositories))
            let needed = targets.reduce(into: Set<Need>()) { needed, target in
                for (name, service) in target.services {
                    needed.formUnion(hosts(of: name, in: target).map { Need(host: $0, image: service.pinned) })
                }
            }
            let answers = try await concurrently(Array(needed), atOnce: Fleet.hostsAtOnce) { need in
                (need, try await Self.readiness(of: need.image, fleet.readers[need.host], logins))
            }
            let known = Dictionary(uniqueKeysWithValues: answers)
            return targets.map { target in
                let images = Set(target.services.values.map(\.pinned))
                let own = known.filter { images.contains($0.key.image) }
                return RollbackOption(
                    target,
                    readiness: own.reduce(into: [:]) { worst, answer in
                        guard let value = answer.value else { return }
                        worst[answer.key.host] = max(value, worst[answer.key.host] ?? .here)
                    })
            }
        }
    }

    /// Where it ran; of a service that the release did not touch, where it is to run today.
    private func hosts(of service: ServiceName, in target: RollbackTarget) -> [HostName] {
        let then = target.release.hosts.filter { $0.value.services[service] != nil }.map(\.key)
        return then.isEmpty ? desired.instances.filter { $0.address.service == service }.map(\.host) : then
    }

    private struct Need: Hashable {
        let host: HostName
        let image: ImageReference?
    }

    private static func readiness(
        of image: ImageReference?, _ reader: EngineReader?, _ logins: [String: RegistryLogin]
    ) async throws -> RollbackOption.Readiness? {
        guard let reader else { return nil }
        guard let image else { return .gone }
        if try await reader.image(image.exact) != nil { return .here }
        do {
            _ = try await reader.distribution(image.exact, auth: (logins[image.repository] ?? .anonymous).auth)
            return .pull
        } catch is EngineError {
            return .gone
        }
    }
}

extension RollbackTarget.Service {
    fileprivate var pinned: ImageReference? { ImageReference(reference)?.pinned(to: digest) }
}

extension Desired {
    /// What is to run for services to go back.
    ///
    /// `self`: what the manifests said then, or say today when only images go back.
    ///
    /// `today`: says how hosts are reached, which volumes there are and what was rejected.
    package func restoring(_ target: RollbackTarget, today: Desired) throws(RollbackRefusal) -> Desired {
        guard (application, environment) == (today.application, today.environment) else {
            throw .anothers(application, environment)
        }
        let known = Set(today.hosts.map(\.name))
        if let gone = Set(instances.map(\.host)).subtracting(known).min() { throw .hostGone(gone) }
        var images: [ServiceName: ImageReference] = [:]
        for (name, service) in target.services {
            images[name] = service.pinned
        }
        var desired = running(images).on(today.hosts)
        desired.lock?.volumes = today.lock?.volumes ?? [:]
        desired.lock?.rejected = today.lock?.rejected ?? []
        return desired
    }
}

extension LockFile {
    /// The same after services went back: what they run now is pinned and held, and what they left is rejected.
    ///
    /// `today`: what the manifests say, when they hold on: their tags stand for what runs then. Else only the tags of the
    /// release are pinned, so that today's manifests are refused until they are reverted or name another build.
    ///
    /// `current`: what the services left.
    package func rolledBack(
        to target: RollbackTarget, today: Desired?, from current: [ServiceName: Set<ReleasedImage>],
        reason: String, stamp: (at: String, by: String)
    ) -> Self {
        var lock = self
        let tags = today?.tags ?? [:]
        for (name, service) in target.services.sorted(by: { $0.key < $1.key }) {
            let left = Set((current[name] ?? []).map(\.digest)).subtracting([service.digest, ""])
            guard !left.isEmpty else { continue }
            for digest in left.sorted() {
                lock.reject(.init(digest: digest, service: name, reason: reason, at: stamp.at, by: stamp.by))
            }
            guard let own = ImageReference(service.reference) else { continue }
            var pins = lock.services[name] ?? Service(digests: [:], base: "", at: stamp.at, by: stamp.by)
            let meant = (tags[name] ?? []).filter { $0.repository == own.repository }
            pins.digests = pins.digests.filter { $0.key.repository != own.repository }
            for tag in meant.isEmpty ? [own] : meant { pins.digests[tag] = service.digest }
            (pins.at, pins.by, pins.from) = (stamp.at, stamp.by, nil)
            pins.hold = .init(reason: reason, at: stamp.at, by: stamp.by)
            lock.services[name] = pins
        }
        return lock
    }
}
