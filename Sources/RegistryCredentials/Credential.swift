/// What a registry wants to see.
///
/// Its description shows nothing of it, so that no message can.
package enum Credential: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    case password(username: String, password: String)
    /// What a login left instead of a password; the registry's token server takes it.
    case identityToken(String)

    package var description: String {
        switch self {
        case .password: "a user name and a password"
        case .identityToken: "an identity token"
        }
    }
    package var debugDescription: String { description }
}

/// A credential and where it came from.
package struct FoundCredential: Hashable, Sendable {
    package let credential: Credential
    /// Such as `'/root/.docker/config.json'`, for messages.
    package let origin: String

    package init(_ credential: Credential, origin: String) {
        self.credential = credential
        self.origin = origin
    }
}

/// Why a place that should have a credential did not give it, in a sentence; nothing secret is in it.
package struct CredentialProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// A place where credentials are kept.
package protocol CredentialSource: Sendable {
    /// `nil`: this place knows none.
    ///
    /// It throws `CredentialProblem`.
    func credential(for repository: Repository) async throws -> FoundCredential?
}
