import SSHAddressing

/// The identities of one host while they are collected.
struct IdentityCollection {
    private let settings: SSHSettings
    private let privateAgent: PrivateAgent
    private let files: [(path: String, inspection: KeyFile.Inspection)]
    private var taken: Set<[UInt8]> = []
    private(set) var candidates: [Identity] = []
    private(set) var certificates: [String] = []
    var skipped: [Identities.Skipped] = []

    init(settings: SSHSettings, privateAgent: PrivateAgent) {
        self.settings = settings
        self.privateAgent = privateAgent
        files = settings.identityFiles.map { ($0, KeyFile.inspect($0)) }
        let besides = settings.identityFiles.map { $0 + "-cert.pub" }
        certificates = (settings.certificateFiles + besides).filter(KeyFile.exists)
    }

    /// Takes the keys of an agent, those of the configuration's files first.
    mutating func take(_ keys: [SSHAgent.Key], of agent: SSHAgent) {
        let configured = settings.identityFiles.compactMap(KeyFile.publicKey(of:))
        let preferred = configured.flatMap { blob in keys.filter { $0.blob == blob } }
        for key in preferred + (settings.identitiesOnly ? [] : keys) where taken.insert(key.blob).inserted {
            take(key, of: agent)
        }
    }

    private mutating func take(_ key: SSHAgent.Key, of agent: SSHAgent) {
        let name = "\(key.comment.printable) (agent)"
        let type = HostKey(blob: key.blob)?.type ?? ""
        if type.contains("-cert-") {
            certificates.append(name)
            return
        }
        switch KeyFile.Kind(keyType: type) {
        case .ed25519, .ecdsa, .rsa:
            candidates.append(.signer(Signer(name: name, publicKey: key.blob, agent: agent)))
        case .dsa, .securityKey, nil:
            skip(name, "is of a type that only the system's ssh can use: \(type.printable)", needsSystemSSH: true)
        }
    }

    mutating func takeFiles() {
        for (path, inspection) in files {
            switch inspection {
            case .absent: continue
            case .skipped(let reason):
                // The file may be the public part of a key that the agent has.
                if let publicKey = KeyFile.publicKey(of: path), taken.contains(publicKey) { continue }
                skip(path, reason)
            case .key(let file): take(file)
            }
        }
    }

    private mutating func take(_ file: KeyFile) {
        if let publicKey = file.publicKey, !taken.insert(publicKey).inserted { return }
        switch (file.kind, file.isEncrypted) {
        case (.ed25519, false), (.ecdsa, false):
            candidates.append(.key(name: file.path, privateKey: file.contents))
        case (.dsa, _), (.securityKey, _):
            skip(
                file.path, "is a \(file.kind?.rawValue ?? "") key, which only the system's ssh can use",
                needsSystemSSH: true)
        case (.rsa, _), (_, true), (nil, false):
            candidates.append(loadedOnDemand(file))
        }
    }

    /// Where the public key is known, the private one is loaded when the server has accepted it: nobody is asked for the
    /// passphrase of a key that opens nothing.
    private func loadedOnDemand(_ file: KeyFile) -> Identity {
        let agent = privateAgent
        guard let publicKey = file.publicKey else {
            return .deferred(name: file.path) {
                Signer(name: file.path, publicKey: try await agent.load(file), agent: agent.client)
            }
        }
        return .signer(
            Signer(name: file.path, publicKey: publicKey, agent: agent.client) { _ = try await agent.load(file) })
    }

    private mutating func skip(_ name: String, _ reason: String, needsSystemSSH: Bool = false) {
        skipped.append(Identities.Skipped(name: name, reason: reason, needsSystemSSH: needsSystemSSH))
    }
}
