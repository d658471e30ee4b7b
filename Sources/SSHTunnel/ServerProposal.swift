import SSHWire

/// The algorithms that one side of a key exchange offers, each list in its order of preference.
///
/// The fields are those of `SSH_MSG_KEXINIT`, RFC 4253 section 7.1.
package struct ServerProposal: Hashable, Sendable {
    package var keyExchange: [String] = []
    package var hostKey: [String] = []
    package var ciphersToServer: [String] = []
    package var ciphersToClient: [String] = []
    package var macsToServer: [String] = []
    package var macsToClient: [String] = []

    package init() {}

    /// Reads the payload of a KEXINIT message, its type included; nil when it is none.
    package init?(payload: some Collection<UInt8>) {
        var reader = WireReader(payload)
        guard reader.byte() == Self.messageType, reader.skip(Self.cookieLength),
            let keyExchange = reader.nameList(), let hostKey = reader.nameList(),
            let ciphersToServer = reader.nameList(), let ciphersToClient = reader.nameList(),
            let macsToServer = reader.nameList(), let macsToClient = reader.nameList()
        else { return nil }
        self.keyExchange = keyExchange
        self.hostKey = hostKey
        self.ciphersToServer = ciphersToServer
        self.ciphersToClient = ciphersToClient
        self.macsToServer = macsToServer
        self.macsToClient = macsToClient
    }

    private static let messageType: UInt8 = 20
    private static let cookieLength = 16

    /// The kinds of algorithm of which this side has none that the other one has, with this side's list.
    package func kindsWithout(_ other: ServerProposal) -> [(kind: String, offered: [String], wanted: [String])] {
        let kinds: [(String, KeyPath<ServerProposal, [String]>)] = [
            ("key exchange", \.keyExchange), ("host key", \.hostKey), ("cipher", \.ciphersToServer),
            ("cipher", \.ciphersToClient), ("MAC", \.macsToServer), ("MAC", \.macsToClient),
        ]
        var found: [(kind: String, offered: [String], wanted: [String])] = []
        for (kind, list) in kinds where found.last?.kind != kind {
            let wanted = other[keyPath: list]
            if !self[keyPath: list].contains(where: wanted.contains) {
                found.append((kind, self[keyPath: list], wanted))
            }
        }
        return found
    }
}
