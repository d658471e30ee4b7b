/// A host whose key is not trusted.
package struct HostKeyError: Error, Hashable, CustomStringConvertible {
    package enum Problem: Hashable, Sendable {
        case unknown
        case changed(KnownHostEntry)
        case revoked(KnownHostEntry)
        case onlyAuthority(KnownHostEntry)

        /// The reason not to trust a key; nil when it is trusted.
        init?(_ verdict: KnownHosts.Verdict) {
            switch verdict {
            case .trusted: return nil
            case .unknown: self = .unknown
            case .changed(let entry): self = .changed(entry)
            case .revoked(let entry): self = .revoked(entry)
            case .onlyAuthority(let entry): self = .onlyAuthority(entry)
            }
        }
    }
    /// The host as the user has named it.
    package let host: String
    package let key: HostKey
    package let problem: Problem
    /// A shell command that accepts the key; run by a person who has compared the fingerprint.
    package let remedy: String?

    init(_ problem: Problem, _ settings: SSHSettings, _ key: HostKey) {
        host = settings.alias
        self.key = key
        self.problem = problem
        remedy = Self.remedy(problem, settings, key)
    }

    package var description: String {
        let shown = "\(key.type) \(key.fingerprint)"
        switch problem {
        case .unknown:
            return "the host key of '\(host)' is not known: it shows \(shown). " + advice
        case .changed(let entry):
            return "the host key of '\(host)' has changed, or somebody is in between: it shows \(shown), known is "
                + "\(entry.key.type) \(entry.key.fingerprint) (\(entry.file):\(entry.line)). " + advice
        case .revoked(let entry):
            return "the host key of '\(host)', \(shown), is revoked (\(entry.file):\(entry.line)): do not connect; "
                + "give the host a new key"
        case .onlyAuthority(let entry):
            return "the host key of '\(host)', \(shown), is not known; only an authority is "
                + "(\(entry.file):\(entry.line)), and its certificates are checked by the system's ssh alone: "
                + "use ?via=openssh"
        }
    }

    private var advice: String {
        guard let remedy else { return "Add it to a known-hosts file when the host's owner confirms it" }
        return "When the host's owner confirms this fingerprint, accept it: \(remedy)"
    }

    private static func remedy(_ problem: Problem, _ settings: SSHSettings, _ key: HostKey) -> String? {
        let name = HostKeyNames(settings).name
        switch problem {
        case .unknown:
            return settings.userKnownHostsFiles.first.map { add(key, named: name, to: $0) }
        case .changed(let entry):
            let remove = "ssh-keygen -R \(name.shellWord) -f \(entry.file.shellWord)"
            guard let file = settings.userKnownHostsFiles.first else { return remove }
            return remove + " && " + add(key, named: name, to: file)
        case .revoked, .onlyAuthority:
            return nil
        }
    }

    /// The very key that was shown: asking the host for it again might get another.
    private static func add(_ key: HostKey, named name: String, to file: String) -> String {
        "echo \("\(name) \(key.type) \(key.base64)".shellWord) >> \(file.shellWord)"
    }
}
