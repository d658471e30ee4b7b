/// What a registry wants to see.
package enum Credential: Hashable, Sendable {
    case password(username: String, password: String)
    /// What a login left instead of a password; the registry's token server takes it.
    case identityToken(String)
}
