import RecastModel

/// Whether a container runs the desired image: content is compared, never tags.
enum ImageIdentity {
    static func difference(
        _ instance: PinnedInstance, _ container: ObservedContainer, on state: HostState
    ) -> Difference? {
        if isSame(instance.spec.image, container, on: state) { return nil }
        return Difference(
            field: "image", live: described(container, on: state), desired: described(instance.spec.image))
    }

    private static func isSame(_ image: ImageReference, _ container: ObservedContainer, on state: HostState) -> Bool {
        if let local = state.images[image.exact], local.id == container.imageID { return true }
        guard let digest = image.digest else { return false }
        if container.identity.imageDigest == digest { return true }
        return state.images[container.imageID]?.repositoryDigests.contains { $0.hasSuffix("@" + digest) } ?? false
    }

    static func described(_ image: ImageReference) -> String {
        image.short + (image.digest.map { " " + $0 } ?? "")
    }

    private static func described(_ container: ObservedContainer, on state: HostState) -> String {
        let identity = container.identity
        let content = identity.imageDigest.isEmpty ? container.imageID : identity.imageDigest
        let name = ImageReference(identity.image)?.short ?? container.spec.image.short
        return "\(name) \(content)"
    }
}
