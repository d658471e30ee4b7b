package import RecastModel

extension Desired {
    /// The same with the digests of its lock file, where it has one.
    ///
    /// - Returns: also why an image is not to be deployed.
    package func locked() -> (desired: Desired, refused: [UnresolvedImage]) {
        guard let lock else { return (self, []) }
        var refused: [ImageReference: UnresolvedImage] = [:]
        let pinned = mappingImages { image, service in
            guard let digest = image.digest ?? lock.services[service]?.digests[image] else {
                refused[image] = UnresolvedImage(
                    image, reason: lock.reason(why: image, of: service),
                    help: promotion.after.map { "pin it: recast promote \($0) \(lock.environment)" }
                        ?? "pin it: recast lock \(lock.environment)")
                return image
            }
            guard let rejection = lock.rejection(of: digest) else { return image.pinned(to: digest) }
            refused[image] = lock.refusal(of: image, for: rejection)
            return image
        }
        return (pinned, refused.values.sorted { $0.reference < $1.reference })
    }

    /// The services whose manifest is another than the one that they were pinned for.
    package var changedSinceLock: [ServiceName] {
        guard let lock else { return [] }
        return bases.compactMap { service, base in
            lock.services[service].flatMap { $0.base == base ? nil : service }
        }.sorted()
    }

    /// The hash of what the manifest says of each service in every environment.
    package var bases: [ServiceName: String] {
        var bases: [ServiceName: String] = [:]
        for instance in instances where bases[instance.address.service] == nil {
            bases[instance.address.service] = BaseSpec.hash(of: instance.spec)
        }
        return bases
    }

    /// The images of each service that are to be pinned: those that the manifest names without a digest.
    package var tags: [ServiceName: Set<ImageReference>] {
        instances.reduce(into: [:]) { tags, instance in
            tags[instance.address.service, default: []].formUnion(instance.spec.images.filter { $0.digest == nil })
        }
    }
}

extension LockFile {
    /// Why content that somebody rejected does not run.
    package func refusal(of image: ImageReference, for rejection: Rejection) -> UnresolvedImage {
        let date = rejection.at.prefix(10)
        return UnresolvedImage(
            image,
            reason: "\(rejection.digest.prefix(19)) was rejected by \(rejection.by) on \(date): \(rejection.reason)",
            help: "use another build; or take it off 'rejected' in \(path)")
    }

    fileprivate func reason(why image: ImageReference, of service: ServiceName) -> String {
        let others = services[service]?.digests.keys.filter { $0.repository == image.repository }.sorted() ?? []
        guard let other = others.first else { return "\(path) has no pin for it in '\(service)'" }
        return "\(path) pins \(other.short) for '\(service)'"
    }

    /// The pins that hold for what is desired now.
    ///
    /// A tag that did not change keeps its digest, also in a service that names it for the first time.
    ///
    /// `resolved`: what tags name now, those that are asked for.
    ///
    /// `renewed`: the services whose tags are asked for although they are pinned.
    package func updated(
        for desired: Desired, resolved: [ImageReference: String], renewing renewed: Set<ServiceName>,
        stamp: (at: String, by: String)
    ) -> Self {
        var lock = self
        let bases = desired.bases
        lock.services = [:]
        for (name, tags) in desired.tags where !tags.isEmpty {
            var service = Service(digests: [:], base: bases[name] ?? "", at: stamp.at, by: stamp.by)
            for tag in tags {
                let kept = pinned(tag, for: name)
                service.digests[tag] = renewed.contains(name) ? resolved[tag] ?? kept : kept ?? resolved[tag]
            }
            if let old = services[name], old.digests == service.digests {
                (service.hold, service.from) = (old.hold, old.from)
                if old.base == service.base { service = old }
            }
            lock.services[name] = service
        }
        return lock
    }

    /// What a service's image is pinned to, or else the same tag in another service.
    package func pinned(_ image: ImageReference, for service: ServiceName) -> String? {
        services[service]?.digests[image]
            ?? services.sorted { $0.key < $1.key }.lazy.compactMap { $0.value.digests[image] }.first
    }

    /// The same with the volumes that are there now.
    ///
    /// One that is gone stays recorded, and one that was made in place of it is recorded once something runs with it:
    /// then a person said so.
    ///
    /// `names`: those that the manifest asks for.
    package func recording(_ whereabouts: VolumeWhereabouts, names: Set<String>, inUse: Set<String>) -> Self {
        var lock = self
        lock.volumes = volumes.filter { names.contains($0.key) }
        for name in names {
            let owners = whereabouts.owners(of: name)
            guard owners.count == 1, let identity = whereabouts.volume(name, on: owners[0])?[.identity] else {
                continue
            }
            guard let old = lock.volumes[name], old.identity != identity, !inUse.contains(name) else {
                lock.volumes[name] = Volume(host: owners[0], identity: identity)
                continue
            }
        }
        return lock
    }
}
