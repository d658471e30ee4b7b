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
