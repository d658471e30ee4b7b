package import DockerAPI

/// What a registry is shown for one repository.
package enum RegistryLogin: Hashable, Sendable {
    /// Nobody knows credentials for it.
    case anonymous
    /// `origin`: where they came from, for messages.
    case credentials(RegistryAuth, origin: String)
    /// There should be credentials, and there was no way to get at them; why, in a sentence.
    case unavailable(reason: String)

    package var auth: RegistryAuth? {
        if case .credentials(let auth, _) = self { auth } else { nil }
    }
}
