import Crypto
package import RecastModel

/// Puts images' content in place of their names, and gives every instance the hash and the name that follow.
package enum Pinning {
    /// `digests`: what each reference names now; a reference that is missing stays unpinned.
    package static func pin(
        _ desired: Desired, digests: [ImageReference: String], unresolved: [UnresolvedImage] = []
    ) -> PinnedDesired {
        let instances = desired.instances.map { instance in
            var pinned = instance
            pinned.spec.mapImages { image in digests[image].map(image.pinned(to:)) ?? image }
            return PinnedInstance(pinned, of: desired, specHash: specHash(of: pinned.spec))
        }
        return PinnedDesired(desired, instances: instances, unresolved: unresolved)
    }

    /// `v1:sha256:…` over the spec's own words in canonical form, and the image by content.
    ///
    /// The tag is no part of it: the same content under another tag is the same definition.
    package static func specHash(of spec: ContainerSpec) -> String {
        let text = "image=\(CanonicalText.quoted(spec.image.content))\n" + spec.fields.canonicalText
        let digest = SHA256.hash(data: Array(text.utf8))
        return "v1:sha256:" + digest.map { hexadecimal($0) }.joined()
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
