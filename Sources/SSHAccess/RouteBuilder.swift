import OpenSSH
import SSHAddressing
import SSHTunnel

/// Turns what the user's configuration says about a way into one that a tunnel can take.
struct RouteBuilder: Sendable {
    let knownHosts: KnownHostsFiles
    let privateAgent: PrivateAgent
    let notice: @Sendable (_ host: String, _ words: String) -> Void

    private static let usualTimeout = 10

    func route(to address: SSHAddress, _ hops: [SSHSettings]) async throws -> SSHRoute {
        var found: [SSHHop] = []
        for settings in hops { found.append(try await hop(settings)) }
        return SSHRoute(hops: found, socketPath: address.socketPath)
    }

    private func hop(_ settings: SSHSettings) async throws -> SSHHop {
        let known = try await knownHosts.knownHosts(for: settings)
        return SSHHop(
            host: settings.host, port: settings.port, user: settings.user, transport: Self.transport(settings),
            connectTimeout: .seconds(settings.connectTimeout ?? Self.usualTimeout),
            hostKeyAlgorithms: known.algorithms(preferring: settings.hostKeyAlgorithms),
            verify: { try await verify($0, of: settings, known) }, identities: { try await identities(for: settings) })
    }

    private static func transport(_ settings: SSHSettings) -> SSHHop.Transport {
        guard case .command(let command) = settings.proxy else { return .tcp }
        return .command(["/bin/sh", "-c", "exec \(command)"])
    }

    private func verify(_ key: SSHHostKey, of settings: SSHSettings, _ known: KnownHosts) async throws {
        guard let key = HostKey(blob: key.blob) else { throw SSHAccessError(description: "the host key is unreadable") }
        if let accepted = try await knownHosts.check(key, of: settings, known: known) {
            notice(settings.alias, "\(accepted)")
        }
    }

    private func identities(for settings: SSHSettings) async throws -> [SSHIdentity] {
        try await Identities.find(for: settings, privateAgent: privateAgent).candidates.map { candidate in
            switch candidate {
            case .key(let name, let privateKey): .key(name: name, privateKey: privateKey)
            case .signer(let signer): .signer(signer)
            case .deferred(let name, let load): .deferred(name: name) { .signer(try await load()) }
            }
        }
    }

    // MARK: What libssh2 cannot do

    /// Why the system's `ssh` may succeed where a tunnel did not; `nil` when it would fail as well.
    func reasonForSystemSSH(_ error: SSHError, _ hops: [SSHSettings]) async throws -> String? {
        switch error.code {
        case .noCommonAlgorithm:
            return "libssh2 shares no algorithm with it"
        case .hostKeyRefused:
            guard case .onlyAuthority? = (error.cause as? HostKeyError)?.problem else { return nil }
            return "its host key is vouched for by a certificate authority, which libssh2 does not check"
        case .noIdentityAccepted:
            return try await hasUnusedIdentity(hops) ? "only ssh can use some of the keys" : nil
        default:
            return nil
        }
    }

    /// What the user has and could not use, each with the reason; nothing when the error is another one.
    func unusedIdentities(_ error: SSHError, _ hops: [SSHSettings]) async throws -> [String] {
        guard error.code == .noIdentityAccepted, let last = hops.last else { return [] }
        let found = try await Identities.find(for: last, privateAgent: privateAgent)
        return found.skipped.map { "not used: \($0.name), which \($0.reason)" }
    }

    private func hasUnusedIdentity(_ hops: [SSHSettings]) async throws -> Bool {
        for settings in hops {
            let found = try await Identities.find(for: settings, privateAgent: privateAgent)
            if !found.certificates.isEmpty || found.skipped.contains(where: \.needsSystemSSH) { return true }
        }
        return false
    }
}

extension SSHIdentity {
    fileprivate static func signer(_ signer: Signer) -> Self {
        .signer(name: signer.name, publicKey: signer.publicKey) { try await signer.sign($0, algorithm: $1) }
    }
}
