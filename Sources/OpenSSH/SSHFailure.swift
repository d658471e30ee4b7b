import SSHAddressing

/// Why the system's `ssh` has no connection, or has lost it.
package struct SSHFailure: Error, Hashable, CustomStringConvertible {
    package enum Category: Hashable, Sendable {
        case nameNotResolved
        case refused
        case unreachable
        case timedOut
        case hostKeyUnknown
        case hostKeyChanged
        case hostKeyRevoked
        case permissionDenied
        /// Nothing in common: the text says what the server offers.
        case noCommonAlgorithm
        case configuration
        case localSocket
        /// The connection is there; the server does not open the socket, or may not.
        case forwardingRefused
        case closed
        case other
    }
    package let host: String
    package let category: Category
    /// What `ssh` has written, in at most 64 lines.
    package let lines: [String]

    init(host: String, lines: [String]) {
        self.host = host
        self.lines = lines
        let sign = Self.signs.first { sign in lines.contains { $0.contains(sign.text) } }
        category = sign?.category ?? .other
    }

    init(host: String, category: Category, lines: [String] = []) {
        self.host = host
        self.category = category
        self.lines = lines
    }

    package var description: String {
        // Without the frame that ssh draws around a warning.
        let said = lines.filter { !$0.hasPrefix("@") }.map(\.printable).joined(separator: " / ")
        return "ssh to '\(host)': \(summary)\(said.isEmpty ? "" : ": \(said)")"
    }

    private var summary: String {
        switch category {
        case .nameNotResolved: "the name does not resolve"
        case .refused: "the connection is refused; is sshd running there?"
        case .unreachable: "the network, or the jump host, does not reach it"
        case .timedOut: "no answer in time"
        case .hostKeyUnknown: "its host key is not known; log in by hand once to see its fingerprint and accept it"
        case .hostKeyChanged: "its host key has changed, or somebody is in between"
        case .hostKeyRevoked: "its host key is revoked"
        case .permissionDenied: "it accepts none of the keys; one with a passphrase has to be in an agent"
        case .noCommonAlgorithm: "client and server have no algorithm in common"
        case .configuration: "the configuration is refused"
        case .localSocket: "the local socket cannot be made"
        case .forwardingRefused: "it does not forward to the socket: absent, not permitted, or forwarding is forbidden"
        case .closed: "the connection was closed"
        case .other: "the connection has ended"
        }
    }

    /// Parts of OpenSSH's messages and what they stand for; the first that is found in any line decides.
    private static let signs: [(text: String, category: Category)] = [
        ("REMOTE HOST IDENTIFICATION HAS CHANGED", .hostKeyChanged),
        ("REVOKED HOST KEY DETECTED", .hostKeyRevoked),
        ("host key is known for", .hostKeyUnknown),
        ("Host key verification failed", .hostKeyUnknown),
        ("stdio forwarding failed", .unreachable),
        ("Could not resolve hostname", .nameNotResolved),
        ("no matching ", .noCommonAlgorithm),
        ("Permission denied (", .permissionDenied),
        ("Too many authentication failures", .permissionDenied),
        (": open failed: ", .forwardingRefused),
        ("Could not request local forwarding", .localSocket),
        ("cannot listen to", .localSocket),
        ("unix_listener", .localSocket),
        ("Bad configuration option", .configuration),
        ("bad configuration options", .configuration),
        ("Bad owner or permissions on", .configuration),
        ("Can't open user config file", .configuration),
        ("Connection refused", .refused),
        ("timed out", .timedOut),
        ("not responding", .timedOut),
        ("No route to host", .unreachable),
        ("Network is unreachable", .unreachable),
        ("Connection closed by", .closed),
        ("Connection reset by", .closed),
        ("closed by remote host", .closed),
        ("Broken pipe", .closed),
    ]
}
