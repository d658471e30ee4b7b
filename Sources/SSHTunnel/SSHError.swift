/// Why a tunnel cannot carry anything.
package struct SSHError: Error, CustomStringConvertible {
    /// The kind of an error; more may come.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        package let description: String

        package static let hostNotFound = Code(description: "host-not-found")
        package static let connectionRefused = Code(description: "connection-refused")
        package static let unreachable = Code(description: "unreachable")
        package static let timedOut = Code(description: "timed-out")
        package static let proxyCommandFailed = Code(description: "proxy-command-failed")
        package static let jumpRefused = Code(description: "jump-refused")
        package static let notSSH = Code(description: "not-ssh")
        package static let protocolViolation = Code(description: "protocol-violation")
        package static let noCommonAlgorithm = Code(description: "no-common-algorithm")
        package static let hostKeyRefused = Code(description: "host-key-refused")
        package static let identitiesUnavailable = Code(description: "identities-unavailable")
        package static let noIdentityAccepted = Code(description: "no-identity-accepted")
        package static let socketAbsent = Code(description: "socket-absent")
        package static let notASocket = Code(description: "not-a-socket")
        package static let permissionDenied = Code(description: "permission-denied")
        package static let nothingListens = Code(description: "nothing-listens")
        package static let forwardingProhibited = Code(description: "forwarding-prohibited")
        /// The server refused the socket and nothing could be learned about the reason.
        package static let socketRefused = Code(description: "socket-refused")
        package static let connectionLost = Code(description: "connection-lost")
        package static let localEndpoint = Code(description: "local-endpoint")
        package static let cancelled = Code(description: "cancelled")
        package static let closed = Code(description: "closed")
    }

    package var code: Code
    /// The name of the server that the error is about.
    package var host: String
    /// A sentence that says what is wrong and what can be done.
    package var message: String
    /// What the server offered and what was offered to it, when they have nothing in common.
    package var proposals: Proposals?
    /// The error of a closure of the hop, as thrown.
    package var cause: (any Error)?

    /// The two sides of a key exchange that failed.
    package struct Proposals: Sendable, Hashable {
        package var server: ServerProposal
        package var offered: ServerProposal
    }

    package init(_ code: Code, host: String, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.host = host
        self.message = message
        self.cause = cause
    }

    package var description: String { "\(host): \(message)" }
}
