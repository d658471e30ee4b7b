/// The way to one socket of a remote host.
package struct SSHRoute: Sendable {
    /// The servers on the way in the order of travel; the last one owns the socket.
    package var hops: [SSHHop]
    /// The absolute path of the Unix socket on the last server.
    package var socketPath: String

    package init(hops: [SSHHop], socketPath: String) {
        self.hops = hops
        self.socketPath = socketPath
    }
}

/// One server on the way.
package struct SSHHop: Sendable {
    /// What carries the bytes of the first hop; every later hop runs inside a channel of the one before.
    package enum Transport: Sendable {
        case tcp
        /// The standard input and output of a process: its program and arguments, as `ProxyCommand` has them.
        case command([String])
    }

    package var host: String
    package var port: Int
    package var user: String
    package var transport: Transport
    /// Covers name resolution, TCP, the identification string and the key exchange.
    package var connectTimeout: Duration
    /// The host key algorithms in the order of preference; empty stands for all that are safe.
    package var hostKeyAlgorithms: [String]
    /// Ends the connection with the error that it throws.
    package var verify: @Sendable (SSHHostKey) async throws -> Void
    /// Asked after the host key was accepted, and only when the server wants an identity.
    package var identities: @Sendable () async throws -> [SSHIdentity]

    package init(
        host: String, port: Int = 22, user: String, transport: Transport = .tcp,
        connectTimeout: Duration = .seconds(10), hostKeyAlgorithms: [String] = [],
        verify: @escaping @Sendable (SSHHostKey) async throws -> Void,
        identities: @escaping @Sendable () async throws -> [SSHIdentity]
    ) {
        self.host = host
        self.port = port
        self.user = user
        self.transport = transport
        self.connectTimeout = connectTimeout
        self.hostKeyAlgorithms = hostKeyAlgorithms
        self.verify = verify
        self.identities = identities
    }
}

/// The public key with which a server proved who it is.
package struct SSHHostKey: Sendable, Hashable {
    /// The type that the blob names, such as `ssh-ed25519`.
    package var type: String
    /// The key in the wire format, as known_hosts holds it in base64.
    package var blob: [UInt8]
}

/// Something that can prove who the user is.
package enum SSHIdentity: Sendable {
    /// An unencrypted private key in OpenSSH or PEM format, ed25519 or ecdsa.
    case key(name: String, privateKey: [UInt8])
    /// A key held elsewhere: `sign` returns the signature without the name of its algorithm.
    case signer(
        name: String, publicKey: [UInt8],
        sign: @Sendable (_ data: [UInt8], _ algorithm: String) async throws -> [UInt8])

    /// A key that is loaded when its turn comes; `load` returns one of the other kinds.
    case deferred(name: String, load: @Sendable () async throws -> SSHIdentity)

    package var name: String {
        switch self {
        case .key(let name, _), .signer(let name, _, _), .deferred(let name, _): name
        }
    }
}
