import SSHAddressing
import SystemPackage

/// What the known-hosts files say about one host.
package struct KnownHosts: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        case trusted
        /// Nothing is known about the host.
        case unknown
        /// Another key is known, in this entry.
        case changed(KnownHostEntry)
        case revoked(KnownHostEntry)
        /// Only authorities that sign keys are known: the system's `ssh` can check the server's certificate.
        case onlyAuthority(KnownHostEntry)
    }

    /// Entries for the host and its port.
    let entries: [KnownHostEntry]
    /// Entries for the plain name, where the port is not 22: they can confirm a key and not contradict it.
    var plainEntries: [KnownHostEntry]

    /// What is to be thought of a key that a server has shown.
    ///
    /// As in OpenSSH, a key is changed when only others are known, whatever their type; see
    /// `check_key_in_hostkeys` and `check_host_key`.
    package func verdict(on key: HostKey) -> Verdict {
        let both = entries + plainEntries
        if let revoked = both.first(where: { $0.marker == .revoked && $0.key.blob == key.blob }) {
            return .revoked(revoked)
        }
        let known = entries.filter { $0.marker == .none }
        if both.contains(where: { $0.marker == .none && $0.key.blob == key.blob }) { return .trusted }
        if let other = known.first(where: { $0.key.type == key.type }) ?? known.first { return .changed(other) }
        if let authority = both.first(where: { $0.marker == .certificateAuthority }) {
            return .onlyAuthority(authority)
        }
        return .unknown
    }

    /// The host key algorithms to ask the server for: those of known keys first, each part in the order of preference.
    ///
    /// Algorithms for certificates are left out.
    package func algorithms(preferring preference: [String]) -> [String] {
        let plain = preference.filter { !$0.contains("-cert-") }
        let trusted = (entries + plainEntries).filter { $0.marker == .none }
        let known = Set(trusted.flatMap { HostKey.algorithms(of: $0.key.type) })
        return plain.filter(known.contains) + plain.filter { !known.contains($0) }
    }
}

/// Reads and extends the known-hosts files of the user.
package struct KnownHostsFiles: Sendable {
    private let installation: Installation
    let turnstile = Turnstile(places: 8)
    /// Keys are appended one at a time.
    let appending = Turnstile(places: 1)

    package init(_ installation: Installation) {
        self.installation = installation
    }

    /// Everything that the files say about a host, in the order user's files, global files.
    ///
    /// - Throws: ``ProgramError``, ``HostKeyFileError`` or `CancellationError`.
    package func knownHosts(for settings: SSHSettings) async throws -> KnownHosts {
        let names = HostKeyNames(settings)
        var known = KnownHosts(entries: try await entries(for: names.name, settings), plainEntries: [])
        if let plain = names.plain { known.plainEntries = try await entries(for: plain, settings) }
        return known
    }

    private func entries(for name: String, _ settings: SSHSettings) async throws -> [KnownHostEntry] {
        var entries: [KnownHostEntry] = []
        for file in settings.userKnownHostsFiles + settings.globalKnownHostsFiles {
            guard let attributes = try? FilePath(file).stat(), attributes.type == .regular, attributes.size > 0 else {
                continue
            }
            let outcome = try await turnstile.pass {
                try await installation.run(installation.keygen, ["-F", name, "-f", file])
            }
            // ssh-keygen ends with 1 when it has found nothing.
            guard outcome.status <= 1 else { throw HostKeyFileError(file: file, reason: outcome.reason) }
            entries += KnownHostEntry.entries(in: outcome.output, of: file)
        }
        return entries
    }
}

/// The names by which known-hosts files know a host.
struct HostKeyNames: Hashable {
    /// The alias, the plain name for port 22, or `[name]:port`.
    let name: String
    /// The plain name to try as well; see `check_host_key` of OpenSSH.
    let plain: String?

    init(_ settings: SSHSettings) {
        let host = settings.host.lowercased()
        if let alias = settings.hostKeyAlias {
            name = alias
            plain = nil
        } else if settings.port == 22 {
            name = host
            plain = nil
        } else {
            name = "[\(host)]:\(settings.port)"
            plain = host
        }
    }
}

/// A known-hosts file that cannot be read or written.
package struct HostKeyFileError: Error, Hashable, CustomStringConvertible {
    package let file: String
    package let reason: String

    package var description: String { "the known-hosts file \(file.printable) cannot be used: \(reason.printable)" }
}
