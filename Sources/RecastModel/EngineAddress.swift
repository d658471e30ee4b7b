/// Where a host's engine is reached, as the text after `engine:` says.
package enum EngineAddress: Hashable, Sendable {
    case unix(path: String)
    /// `port`: `nil` where none is written.
    case tcp(host: String, port: Int?)
    case ssh(SSHAddress)
    /// A context of the docker CLI.
    case context(name: String)
}

/// `ssh://[user@]host[:port][/path][?via=libssh2|openssh]`, percent-decoded.
package struct SSHAddress: Hashable, Sendable {
    /// Which program carries the connection.
    package enum Carrier: String, Hashable, Sendable, CaseIterable {
        case libssh2, openssh
    }

    package let user: String?
    /// A name that `~/.ssh/config` may know otherwise, or an address without brackets.
    package let host: String
    package let port: Int?
    /// The absolute path of the engine's socket on the host.
    package let socket: String
    /// `nil`: whatever fits the host.
    package let carrier: Carrier?

    package static let usualSocket = "/var/run/docker.sock"

    package init(
        user: String? = nil, host: String, port: Int? = nil, socket: String = usualSocket, carrier: Carrier? = nil
    ) {
        self.user = user
        self.host = host
        self.port = port
        self.socket = socket
        self.carrier = carrier
    }
}

/// Files for a TLS connection, and the name that the other side's certificate must be for.
package struct TLSFiles: Hashable, Sendable {
    /// The authorities that are trusted; `nil`: those of the system.
    package let authority: String?
    package let certificate: String?
    package let key: String?
    /// `nil`: the host's address.
    package let serverName: String?

    package init(
        authority: String? = nil, certificate: String? = nil, key: String? = nil, serverName: String? = nil
    ) {
        self.authority = authority
        self.certificate = certificate
        self.key = key
        self.serverName = serverName
    }
}
