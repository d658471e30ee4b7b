package import SSHAddressing

/// What the user's configuration says about the connection to one host: the answer of `ssh -G`.
package struct SSHSettings: Hashable, Sendable {
    /// What happens to a host key that is not known.
    package enum HostKeyPolicy: Hashable, Sendable {
        /// `yes` and `ask`: refused. Nobody is there to be asked, and silence is no consent.
        case refuse
        /// `accept-new`, and `no` and `off` as well: a new key is kept, a changed one refused. Checking is never off.
        case acceptNew
    }

    /// Which agent is asked for keys.
    package enum Agent: Hashable, Sendable {
        case none
        case socket(String)
    }

    /// The name that the user has written.
    package let alias: String
    /// The name or address that is connected to.
    package let host: String
    package let port: Int
    package let user: String
    /// Private key files in the order of the configuration, expanded; the default ones are listed whether they exist or not.
    package let identityFiles: [String]
    package let certificateFiles: [String]
    package let identitiesOnly: Bool
    package let agent: Agent
    package let userKnownHostsFiles: [String]
    package let globalKnownHostsFiles: [String]
    package let hashKnownHosts: Bool
    package let hostKeyAlias: String?
    package let hostKeyPolicy: HostKeyPolicy
    /// In the order of preference of the configuration.
    package let hostKeyAlgorithms: [String]
    package let proxy: Proxy
    /// In seconds; nil is the system's own limit.
    package let connectTimeout: Int?
    /// In seconds; nil when the configuration asks for no keep-alive.
    package let serverAliveInterval: Int?
    package let serverAliveCountMax: Int

    /// What stands between this machine and the host.
    package enum Proxy: Hashable, Sendable {
        case none
        /// A command for the user's shell, tokens expanded, whose standard input and output are the connection.
        case command(String)
        case jumps([SSHAddress])
    }
}

/// A configuration that cannot be used.
package struct SSHSettingsError: Error, Hashable, CustomStringConvertible {
    package enum Problem: Hashable, Sendable {
        /// `ssh` refuses its configuration; the text is its own.
        case refused(String)
        /// A keyword is absent from the answer of `ssh -G`, or its value has no meaning.
        case unreadable(String)
        /// A stop of `ProxyJump`.
        case jump(String, SSHAddressError.Problem)
        /// More than 16 hosts on the way: the jumps go round in a circle.
        case circle
    }
    package let host: String
    package let problem: Problem

    package var description: String {
        switch problem {
        case .refused(let reason): "ssh refuses its configuration for '\(host)': \(reason.printable)"
        case .unreadable(let keyword): "the setting '\(keyword)' that ssh gives for '\(host)' has no usable value"
        case .jump(let jump, _): "'\(jump.printable)' in ProxyJump of '\(host)' is no host"
        case .circle: "the ProxyJump settings of '\(host)' lead in a circle"
        }
    }
}
