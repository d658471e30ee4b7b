/// How one registry is signed in to, as the environment file declares it.
package struct RegistryDefinition: Hashable, Sendable {
    /// Where the secret is, never the secret itself.
    package enum SecretSource: Hashable, Sendable {
        /// A variable of the process.
        case variable(String)
        /// A file's first line.
        case file(String)
        /// The first line that a program prints; no shell reads the words.
        case command([String])
    }

    /// Host and port, such as `registry.example.com:5000`.
    package let registry: String
    package let username: String
    package let secret: SecretSource
    package let position: SourcePosition

    package init(registry: String, username: String, secret: SecretSource, position: SourcePosition) {
        self.registry = registry
        self.username = username
        self.secret = secret
        self.position = position
    }
}
