package import DockerAPI
package import RecastModel

/// Finds out which content a tag names, once for the whole fleet.
package struct ImageResolver: Sendable {
    package enum Resolution: Hashable, Sendable {
        /// A registry's digest.
        case digest(String)
        /// No registry has it; the hosts' own copies are used.
        case local
        case unresolved(reason: String)
    }

    private let readers: [HostName: EngineReader]
    private let asksRegistry: Bool

    /// `asksRegistry`: false: only what the hosts have is looked at.
    package init(readers: [HostName: EngineReader], asksRegistry: Bool = true) {
        self.readers = readers
        self.asksRegistry = asksRegistry
    }

    /// `images`: each reference with the hosts that need it.
    package func resolve(
        _ images: [ImageReference: Set<HostName>]
    ) async throws -> [ImageReference: Resolution] {
        let resolved = try await concurrently(images.sorted { $0.key < $1.key }, atOnce: 8) { image, hosts in
            (image, try await resolve(image, neededOn: hosts.sorted().compactMap { readers[$0] }))
        }
        return Dictionary(uniqueKeysWithValues: resolved)
    }

    private func resolve(_ image: ImageReference, neededOn hosts: [EngineReader]) async throws -> Resolution {
        if let digest = image.digest { return .digest(digest) }
        if hosts.isEmpty { return .unresolved(reason: "no host that needs it answered") }
        var reason = "the registry was not asked"
        if asksRegistry, let asked = (hosts + others).first(where: Self.canAskRegistries) {
            do {
                return .digest(try await asked.distribution(image.short).Descriptor.digest)
            } catch let error as EngineError {
                reason = "the registry did not name it: \(error.message)"
            }
        } else if asksRegistry {
            reason = "Podman cannot ask a registry for a digest: name the image with its digest, or pull it there"
        }
        return try await resolve(image, among: hosts) ?? .unresolved(reason: "\(reason); no host has it either")
    }

    /// Engines of the other hosts, which may do a favour.
    private var others: [EngineReader] { readers.sorted { $0.key < $1.key }.map(\.value) }

    /// Podman has no `/distribution`.
    private static func canAskRegistries(_ reader: EngineReader) -> Bool { EngineFacts(reader).product == .docker }

    /// From the hosts' own copies: the digest under which one of them pulled it, or nothing but the copy.
    private func resolve(_ image: ImageReference, among hosts: [EngineReader]) async throws -> Resolution? {
        let copies = try await concurrently(hosts, atOnce: 8) { try await $0.image(image.short) }.compactMap(\.self)
        let digests = copies.flatMap { $0.RepoDigests ?? [] }.compactMap(ImageReference.init)
        if let digest = digests.first(where: { $0.repository == image.repository })?.digest { return .digest(digest) }
        return copies.isEmpty ? nil : .local
    }
}
