/// A way to prove who the user is.
package enum Identity: Sendable {
    /// An ed25519 or ecdsa key without passphrase: the contents of its file.
    case key(name: String, privateKey: [UInt8])
    case signer(Signer)
    /// A key that is loaded when its turn comes, since that may ask for a passphrase.
    case deferred(name: String, load: @Sendable () async throws -> Signer)

    package var name: String {
        switch self {
        case .key(let name, _), .deferred(let name, _): name
        case .signer(let signer): signer.name
        }
    }
}

/// A key whose private part is in an agent.
package struct Signer: Sendable {
    package let name: String
    /// The encoded public key.
    package let publicKey: [UInt8]
    private let agent: SSHAgent
    private let prepare: @Sendable () async throws -> Void

    /// `prepare` runs before every signature: it gives the agent a key that it does not have yet.
    init(
        name: String, publicKey: [UInt8], agent: SSHAgent, prepare: @escaping @Sendable () async throws -> Void = {}
    ) {
        self.name = name
        self.publicKey = publicKey
        self.agent = agent
        self.prepare = prepare
    }

    /// Signs data; the algorithm is the key's type, or `rsa-sha2-512` or `rsa-sha2-256` for `ssh-rsa`.
    ///
    /// - Returns: The signature without the name of its algorithm.
    /// - Throws: ``SSHAgentError``, ``KeyLoadError``, ``ProgramError`` or `CancellationError`.
    package func sign(_ data: [UInt8], algorithm: String) async throws -> [UInt8] {
        try await prepare()
        return try await agent.sign(data, key: publicKey, algorithm: algorithm).bytes
    }
}

/// What the user can prove an identity with, in the order in which OpenSSH offers it.
///
/// Keys of the agent that `IdentityFile` names come first, then its other keys unless `IdentitiesOnly` is set, then the
/// files; see `pubkey_prepare` of OpenSSH.
package struct Identities: Sendable {
    package let candidates: [Identity]
    /// Keys that are there and are not offered, with the reason.
    package let skipped: [Skipped]
    /// Certificates that are configured and not offered: the system's `ssh` does that.
    package let certificates: [String]

    package struct Skipped: Hashable, Sendable {
        package let name: String
        package let reason: String
        /// The system's `ssh` can use it all the same.
        package var needsSystemSSH = false
    }

    /// Collects the identities for a host; no passphrase is asked for.
    ///
    /// - Throws: `CancellationError`. An agent that does not answer is among the skipped ones.
    package static func find(for settings: SSHSettings, privateAgent: PrivateAgent) async throws -> Identities {
        var collection = IdentityCollection(settings: settings, privateAgent: privateAgent)
        if case .socket(let path) = settings.agent {
            let agent = SSHAgent(socketPath: path)
            do {
                collection.take(try await agent.keys(), of: agent)
            } catch let error as SSHAgentError {
                collection.skipped.append(Skipped(name: "agent", reason: error.description))
            }
        }
        collection.takeFiles()
        return Identities(
            candidates: collection.candidates, skipped: collection.skipped, certificates: collection.certificates)
    }
}
