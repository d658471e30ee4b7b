import RecastModel

/// An image on the simulated host.
struct StoredImage: Sendable {
    let image: SimulatedImage
    /// As `repository:tag`.
    var tags: Set<String> = []
    /// As `repository@digest`.
    var digests: Set<String> = []

    func matches(_ reference: String) -> Bool {
        let digits = reference.hasPrefix("sha256:") ? String(reference.dropFirst(7)) : reference
        if digits.count >= 12, digits.allSatisfy(\.isHexDigit), image.id.hasPrefix("sha256:" + digits) { return true }
        guard let wanted = ImageReference(reference) else { return false }
        return wanted.digest == nil ? tags.contains(wanted.short) : digests.contains(wanted.exact)
    }

    var repositories: Set<String> { Set((tags.union(digests)).compactMap { ImageReference($0)?.repository }) }

    /// An entry of `GET /images/json`.
    var summary: JSON {
        [
            "Id": .string(image.id), "ParentId": "", "RepoTags": tags.isEmpty ? .null : .strings(tags.sorted()),
            "RepoDigests": .strings(digests.sorted()), "Created": .int(Self.created), "Containers": -1,
            "Size": .int(image.layers.reduce(0, +)), "SharedSize": -1, "Labels": image.config["Labels"],
        ]
    }

    /// 2024-01-01T00:00:00Z, as below.
    private static let created: Int64 = 1_704_067_200

    func json(architecture: String) -> JSON {
        [
            "Id": .string(image.id), "RepoTags": .strings(tags.sorted()), "RepoDigests": .strings(digests.sorted()),
            "Parent": "", "Comment": "", "Created": "2024-01-01T00:00:00Z", "Author": "", "Os": "linux",
            "Architecture": .string(architecture), "Size": .int(image.layers.reduce(0, +)), "Config": image.config,
            "RootFS": [
                "Type": "layers", "Layers": .strings(image.layers.map { "sha256:" + hexDigits(of: "layer \($0)") }),
            ],
        ]
    }
}
