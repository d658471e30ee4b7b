package import RecastModel

/// Puts images' content in place of their names, and gives every instance the hash and the name that follow.
package enum Pinning {
    /// `digests`: what each reference names now; a reference that is missing stays unpinned.
    ///
    /// `keys`: what a host's files are fingerprinted with; a host that is missing has an empty key.
    package static func pin(
        _ desired: Desired, digests: [ImageReference: String], unresolved: [UnresolvedImage] = [],
        keys: [HostName: FingerprintKey] = [:]
    ) -> PinnedDesired {
        var fingerprints: [HostName: FileFingerprints] = [:]
        // A service has the same definition on every host: it is pinned and hashed once, and kept once.
        var ofService: [ServiceName: (original: ContainerSpec, pinned: PinnedInstance)] = [:]
        let instances = desired.instances.map { instance in
            var pinned = instance
            if let known = ofService[instance.address.service], known.original == instance.spec {
                pinned.$spec = known.pinned.instance.$spec
                return PinnedInstance(pinned, of: desired, specHash: known.pinned.specHash)
            }
            if !pinned.spec.files.isEmpty {
                let key = keys[instance.host] ?? FingerprintKey([])
                pinned.spec.fileRecord = fingerprints[instance.host, default: FileFingerprints(key)].record(
                    of: pinned.spec, environment: desired.environment, application: desired.application)
            }
            pinned.spec.mapImages { image in digests[image].map(image.pinned(to:)) ?? image }
            let result = PinnedInstance(pinned, of: desired, specHash: specHash(of: pinned.spec))
            // The fingerprints of files are those of a host.
            if instance.spec.files.isEmpty { ofService[instance.address.service] = (instance.spec, result) }
            return result
        }
        return PinnedDesired(desired, instances: instances, unresolved: unresolved)
    }

    /// `v1:sha256:…` over the spec's own words in canonical form, and the image by content.
    ///
    /// The tag is no part of it: the same content under another tag is the same definition.
    package static func specHash(of spec: ContainerSpec) -> String {
        let text = "image=\(CanonicalText.quoted(spec.image.content))\n" + spec.fields.canonicalText
        return "v1:" + sha256(of: Array(text.utf8))
    }
}
