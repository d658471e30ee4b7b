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
