/// What services go back to.
package struct RollbackTarget: Hashable, Sendable {
    package struct Service: Hashable, Sendable {
        /// As its manifest had it, without a digest.
        package let reference: String
        package let digest: String
        /// Those of its instances; several where hosts differ.
        package let specHashes: Set<String>
        /// With what it works; `nil`: it did not say.
        package let schema: SchemaPolicy?
    }

    package let release: Release
    /// Of services that the release did not touch: what an earlier one made of them.
    package let services: [ServiceName: Service]

    /// The commit of the manifests; `nil` where none is known, or they had changes that were not committed.
    package var commit: String? {
        release.origin.commit.flatMap { text in
            // A host says so, and it goes into a command.
            (7...64).contains(text.count) && text.allSatisfy { "0123456789abcdef".contains($0) } ? text : nil
        }
    }
}

/// A release to go back to, and how well the hosts are prepared.
package struct RollbackOption: Hashable, Sendable {
    package enum Readiness: String, Hashable, Comparable, Sendable {
        /// The host has every image.
        case here
        /// It has to pull one.
        case pull
        /// Neither it nor a registry has one, or the registry does not say.
        case gone

        package static func < (one: Self, other: Self) -> Bool { one.rank < other.rank }
        private var rank: Int { [Self.here: 0, .pull: 1, .gone: 2][self] ?? 2 }
    }

    package let target: RollbackTarget
    /// A host that did not answer is missing.
    package let readiness: [HostName: Readiness]

    package init(_ target: RollbackTarget, readiness: [HostName: Readiness]) {
        self.target = target
        self.readiness = readiness
    }
}

/// Which release services go back to.
package enum RollbackChoice: Hashable, Sendable {
    /// The newest that ended well and differs from what runs.
    case newest
    case number(Int)
    /// The newest with that content, by the beginning of its digest.
    case digest(String)
}

package enum RollbackRefusal: Error, Hashable, Sendable {
    /// No release that ended well differs from what runs.
    case nothing
    case unknown(Int, known: [Int])
    case unknownDigest(String)
    /// It did not end well.
    case notDone(Int, Release.Result)
    /// What it deployed was rejected since.
    case rejected(Int, LockFile.Rejection)
    /// Its hosts had different content of that service.
    case mixed(Int, ServiceName)
    /// The image was on a host only, and has no digest.
    case noDigest(Int, ServiceName)
    /// Its files are of another application or environment.
    case anothers(ApplicationName, EnvironmentName)
    /// It does not work with what its database is now.
    case schema(Int, Stranding)
    /// The host that it ran on is no longer part of the environment.
    case hostGone(HostName)
}

extension Release {
    /// A rollback that was cut off, or did not carry through everywhere: it is to be finished.
    package var isUnfinishedRollback: Bool { origin.restores != nil && result != .done && result != .failed }
}

extension History {
    /// What may run now: what every release that did not fail put in place, or was about to.
    ///
    /// What a rollback was about to leave still counts until it is finished.
    package var current: [ServiceName: Set<ReleasedImage>] {
        releases.reversed().filter { $0.result != .failed && !$0.isUnfinishedRollback }
            .reduce(into: [:]) { $0.merge($1.images) { $1 } }
    }

    /// The releases that services can go back to, the newest first: those that ended well, differ from what runs, and
    /// were neither rejected nor rolled back.
    ///
    /// A rollback that did not end is finished first.
    ///
    /// `services`: which go back; all, where there are none.
    ///
    /// `ignoring`: schemas whose databases are at another version than recorded.
    package func rollbackTargets(
        of services: Set<ServiceName>, _ rejected: [LockFile.Rejection], ignoring: Set<String> = []
    ) -> [RollbackTarget] {
        candidates(of: services, rejected).filter { misfit(of: $0, ignoring: ignoring) == nil }
    }

    /// A service of the release that does not work with what its database is now.
    package func misfit(of target: RollbackTarget, ignoring: Set<String>) -> Stranding? {
        let versions = schemas
        return target.services.sorted { $0.key < $1.key }.lazy.compactMap { name, service -> Stranding? in
            guard let schema = service.schema, let works = schema.works, !ignoring.contains(schema.name),
                let version = versions[schema.name], !works.contains(version)
            else { return nil }
            return Stranding(service: name, schema: schema.name, works: works, version: version)
        }.first
    }

    private func candidates(
        of services: Set<ServiceName>, _ rejected: [LockFile.Rejection]
    ) -> [RollbackTarget] {
        let current = current
        let all = releases.filter { $0.result == .done && !wasLeft($0, services) }.compactMap { release in
            try? target(release, services, rejected)
        }.filter { $0.differs(from: current, services) }
        guard let latest = releases.first, latest.isUnfinishedRollback, let number = latest.origin.restores else {
            return all
        }
        return all.filter { $0.release.number == number } + all.filter { $0.release.number != number }
    }

    /// The release that is meant.
    package func rollbackTarget(
        _ choice: RollbackChoice, of services: Set<ServiceName>, _ rejected: [LockFile.Rejection],
        ignoring: Set<String> = []
    ) throws(RollbackRefusal) -> RollbackTarget {
        switch choice {
        case .newest:
            if let first = rollbackTargets(of: services, rejected, ignoring: ignoring).first { return first }
            guard let unfit = candidates(of: services, rejected).first,
                let misfit = misfit(of: unfit, ignoring: ignoring)
            else { throw .nothing }
            throw .schema(unfit.release.number, misfit)
        case .number(let number):
            let meant = releases.filter { $0.number == number }
            guard let release = meant.first(where: { $0.result == .done }) ?? meant.first else {
                throw .unknown(number, known: releases.map(\.number))
            }
            guard release.result == .done else { throw .notDone(number, release.result) }
            return try target(release, services, rejected)
        case .digest(let digest):
            let release = releases.first { release in
                release.result == .done
                    && release.images.contains { name, images in
                        (services.isEmpty || services.contains(name))
                            && images.contains { $0.digest.hasPrefix(digest) }
                    }
            }
            guard let release else { throw .unknownDigest(digest) }
            return try target(release, services, rejected)
        }
    }

    /// A later rollback went to one before it, so somebody left it on purpose.
    private func wasLeft(_ release: Release, _ services: Set<ServiceName>) -> Bool {
        releases.contains { later in
            guard let restored = later.origin.restores, later.result == .done else { return false }
            let touches = services.isEmpty || !services.isDisjoint(with: later.images.keys)
            return touches && restored < release.number && release.number < later.number
        }
    }

    private func target(
        _ release: Release, _ services: Set<ServiceName>, _ rejected: [LockFile.Rejection]
    ) throws(RollbackRefusal) -> RollbackTarget {
        var state: [ServiceName: Set<ReleasedImage>] = [:]
        for earlier in releases.drop(while: { $0 != release }) where earlier.result == .done {
            state.merge(earlier.images) { first, _ in first }
        }
        var found: [ServiceName: RollbackTarget.Service] = [:]
        for (name, images) in state.sorted(by: { $0.key < $1.key })
        where services.isEmpty || services.contains(name) {
            guard let first = images.min(by: { $0.specHash < $1.specHash }) else { continue }
            guard Set(images.map(\.digest)).count == 1 else { throw .mixed(release.number, name) }
            if first.digest.isEmpty { throw .noDigest(release.number, name) }
            if let rejection = rejected.first(where: { $0.digest == first.digest }) {
                throw .rejected(release.number, rejection)
            }
            found[name] = RollbackTarget.Service(
                reference: first.reference, digest: first.digest, specHashes: Set(images.map(\.specHash)),
                schema: first.schema)
        }
        return RollbackTarget(release: release, services: found)
    }
}

extension RollbackTarget {
    /// Something of it is another now, or something is there that was not.
    fileprivate func differs(from current: [ServiceName: Set<ReleasedImage>], _ meant: Set<ServiceName>) -> Bool {
        let added = current.keys.contains { (meant.isEmpty || meant.contains($0)) && services[$0] == nil }
        return added
            || services.contains { name, service in
                current[name].map { now in now.contains { !service.isOne($0) } } ?? true
            }
    }
}

extension RollbackTarget.Service {
    fileprivate func isOne(_ image: ReleasedImage) -> Bool {
        image.digest == digest && specHashes.contains(image.specHash)
    }
}
