import DockerAPI
import RecastModel

/// Why a daemon got nothing from a registry.
///
/// Daemons have one status for all of it (500, 404 or 403, by version and route), so that only their words tell.
struct RegistryFailure: Hashable {
    enum Kind: Hashable {
        case unreachable
        case unauthorized
        /// The registry does not tell whether there is no such repository or whether it may not be read.
        case denied
        case noRepository
        /// There is no such tag; most registries say the same when there is no such repository.
        case noManifest
        case noPlatform
        case other
    }

    let kind: Kind
    /// The daemon's words.
    let words: String

    init(_ error: EngineError) {
        words = error.message
        let text = error.message.lowercased()
        kind = Self.signs.first { $0.texts.contains { text.contains($0) } }?.kind ?? .other
    }

    /// The first that is found decides: a message often holds more than one.
    private static let signs: [(kind: Kind, texts: [String])] = [
        (
            .unreachable,
            [
                "dial tcp", "dial udp", "no such host", "connection refused", "i/o timeout", "handshake timeout",
                "deadline exceeded", "client.timeout", "x509:", "http response to https client",
                "network is unreachable", "proxyconnect", ": eof", "connection reset", "tls: ",
            ]
        ),
        (
            .noPlatform,
            [
                "no matching manifest for", "does not match the specified platform",
                "does not provide the specified platform",
            ]
        ),
        (.unauthorized, ["no basic auth credentials", "incorrect username or password"]),
        (.denied, ["may require", "access denied", "denied:", "is denied", "insufficient_scope", "403 forbidden"]),
        (.unauthorized, ["unauthorized", "authentication required", "authorization failed"]),
        (.noRepository, ["name unknown", "name_unknown", "repository name not known", "repository not found"]),
        (.noManifest, ["manifest unknown", "manifest_unknown", "not found"]),
    ]

    /// What is wrong, in one clause.
    func sentence(for image: ImageReference, on host: String, shown login: RegistryLogin) -> String {
        let registry = image.registry
        return switch (kind, login) {
        case (.unreachable, _): "\(host) cannot reach \(registry): \(words)"
        case (.unauthorized, .credentials(_, let origin)):
            "\(registry) does not accept the credentials from \(origin)"
        case (.unauthorized, _): "\(registry) wants credentials, and none are known"
        case (.denied, .credentials(_, let origin)):
            "\(registry) has no such repository, or the credentials from \(origin) may not read it"
        case (.denied, _): "\(registry) has no such repository, or wants credentials, and none are known"
        case (.noRepository, _): "\(registry) has no such repository"
        case (.noManifest, _): "\(registry) has no '\(image.short)': there is no such tag, or no such repository"
        case (.noPlatform, _): "the image does not exist for the platform of \(host): \(words)"
        case (.other, _): "\(registry) did not give it to \(host): \(words)"
        }
    }

    /// The way out.
    func help(for image: ImageReference) -> String {
        switch kind {
        case .unauthorized, .denied:
            "sign in with `docker login \(image.registry)`, or name the registry under `registries:` of the environment"
        case .unreachable: "check the registry's name, and that the host can reach it"
        case .noRepository, .noManifest, .other: "push the image, or correct its name in the manifest"
        case .noPlatform: "build the image for that platform, or place the service on other hosts"
        }
    }
}
