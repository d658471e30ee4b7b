import NIOCore

/// What an engine's certificate is checked against, and what the engine is shown.
///
/// Verification cannot be switched off: the chain, its dates and the name or address are always checked.
package struct EngineTLS: Hashable, Sendable {
    /// A PEM file with the authorities that are trusted; `nil`: those of the system.
    package let authorityFile: String?
    /// A PEM file with the certificate that the engine is shown, and those that it was signed with.
    package let certificateFile: String?
    /// A PEM file with the certificate's private key.
    package let keyFile: String?
    /// The name that the certificate must be for where it is another than the address.
    package let serverName: String?

    package init(
        authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil, serverName: String? = nil
    ) {
        self.authorityFile = authorityFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.serverName = serverName
    }

    /// The name that the certificate must be for; `nil`: the address.
    func expectedName(at host: String) -> String? {
        if let serverName { return serverName }
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return isAddress ? nil : host
    }

    /// How a message names what the engine's certificate was checked against.
    var authorityName: String { authorityFile.map { "'\($0)'" } ?? "the list of this system" }
}
