/// A call to an engine that did not do what was asked.
package struct EngineError: Error, Hashable, Sendable, CustomStringConvertible {
    package struct Code: Hashable, Sendable {
        private let text: String
        /// No connection: nothing listens, no such socket, no permission, no route.
        package static let unreachable = Self(text: "unreachable")
        /// The engine did not answer in time; whether it did the work is unknown.
        package static let timedOut = Self(text: "timed-out")
        /// The connection ended before the answer was complete; whether it did the work is unknown.
        package static let connectionLost = Self(text: "connection-lost")
        /// The engine answered with an error status.
        package static let status = Self(text: "status")
        /// The answer is not what the API describes.
        package static let undecodable = Self(text: "undecodable")
        /// No API version that both sides speak.
        package static let versionMismatch = Self(text: "version-mismatch")
        /// Plain HTTP where TLS is spoken, or the reverse.
        package static let protocolMismatch = Self(text: "protocol-mismatch")
        /// The engine's certificate, or the authority that is trusted, is past its time or before it.
        package static let certificateExpired = Self(text: "certificate-expired")
        /// The engine's certificate is not signed by an authority that is trusted.
        package static let certificateUntrusted = Self(text: "certificate-untrusted")
        /// The engine's certificate is for other names and addresses.
        package static let certificateMismatch = Self(text: "certificate-mismatch")
        /// The engine wants a client certificate, or does not accept the one it was shown.
        package static let clientCertificate = Self(text: "client-certificate")
        /// A certificate or key of our own cannot be used.
        package static let badCertificateFile = Self(text: "bad-certificate-file")
        /// The answer sends us elsewhere; an engine never does.
        package static let redirected = Self(text: "redirected")
    }

    package let code: Code
    /// Method and path, such as `POST /containers/create`.
    package let route: String
    package let status: Int?
    /// The daemon's own message where it gave one.
    package let message: String

    package init(_ code: Code, route: String, status: Int? = nil, message: String) {
        self.code = code
        self.route = route
        self.status = status
        self.message = message
    }

    package var isNotFound: Bool { status == 404 }
    /// Podman answers 500 to a container's name that is taken.
    package var isConflict: Bool { status == 409 || status == 500 && message.contains("is already in use") }

    package var description: String {
        "\(message) (\(route)\(status.map { ", status \($0)" } ?? ""))"
    }
}
