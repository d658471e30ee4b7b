/// Where a Docker daemon is behind SSH: `ssh://[user@]host[:port][/path/to/docker.sock][?via=libssh2|openssh]`.
///
/// User, host and path are percent-decoded. Host and user obey the rules that `ssh` itself has for its command line, so
/// neither can be mistaken for an option or reach a shell through a token of the configuration.
package struct SSHAddress: Hashable, Sendable {
    /// Which implementation carries the session.
    package enum Transport: String, Hashable, Sendable {
        case libssh2
        case openssh
    }

    package let user: String?
    /// A name of the configuration, a DNS name or an IP address without brackets.
    package let host: String
    package let port: Int?
    package let socketPath: String
    /// The forced transport, or nil to choose one.
    package let transport: Transport?

    package static let defaultSocketPath = "/var/run/docker.sock"

    /// Reads an address.
    ///
    /// - Throws: ``SSHAddressError`` with what is wrong.
    package init(_ text: String) throws(SSHAddressError) {
        do {
            self = try Self.parse(text)
        } catch {
            throw SSHAddressError(text: text, problem: error)
        }
    }

    package init(
        user: String? = nil, host: String, port: Int? = nil, socketPath: String = Self.defaultSocketPath,
        transport: Transport? = nil
    ) {
        self.user = user
        self.host = host
        self.port = port
        self.socketPath = socketPath
        self.transport = transport
    }
}

/// An address that cannot be used, and why.
package struct SSHAddressError: Error, Hashable, CustomStringConvertible {
    package enum Problem: Error, Hashable, Sendable {
        case scheme
        case host(String)
        case user(String)
        case port(String)
        case socketPath(String)
        case password
        case query(String)
        case fragment
        case percentEncoding
    }
    package let text: String
    package let problem: Problem

    package init(text: String, problem: Problem) {
        self.text = text
        self.problem = problem
    }

    package var description: String {
        // Where there is a password, the address is nobody's business.
        problem == .password ? reason : "'\(text.printable)' is no address of a host: \(reason)"
    }

    private var reason: String {
        switch problem {
        case .scheme: "it has to begin with ssh://"
        case .host(let reason): "the host \(reason)"
        case .user(let reason): "the user \(reason)"
        case .port(let port): "'\(port.printable)' is no port from 1 to 65535"
        case .socketPath(let reason): "the socket's path \(reason)"
        case .password: "an ssh address has no place for a password; use a key"
        case .query(let query): "'?\(query.printable)' is unknown; ?via=libssh2 and ?via=openssh are possible"
        case .fragment: "a part after '#' has no meaning"
        case .percentEncoding: "'%' has to be followed by two hexadecimal digits that make valid UTF-8"
        }
    }
}

extension String {
    /// The text with control characters made visible, safe to show on a terminal.
    package var printable: String {
        var result = ""
        for scalar in unicodeScalars {
            let isControl =
                scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
            result += isControl ? scalar.escaped(asASCII: true) : String(Character(scalar))
        }
        return result
    }
}
