import SSHWire

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the unencrypted part of a private key says: the formats of OpenSSH (PROTOCOL.key), PEM and PKCS #8.
struct KeyHeader: Hashable {
    let kind: KeyFile.Kind?
    let isEncrypted: Bool
    let publicKey: [UInt8]?

    /// Reads the header; nil when the contents are no private key.
    init?(_ contents: [UInt8]) {
        let lines = String(decoding: contents, as: UTF8.self).split(whereSeparator: \.isNewline).map { $0.trimmed }
        guard let start = lines.firstIndex(where: { $0.hasPrefix("-----BEGIN ") }),
            let end = lines[start...].firstIndex(where: { $0.hasPrefix("-----END ") })
        else { return nil }
        let body = lines[(start + 1)..<end]
        switch lines[start] {
        case "-----BEGIN OPENSSH PRIVATE KEY-----": self.init(openSSH: body)
        case "-----BEGIN RSA PRIVATE KEY-----": self.init(.rsa, pem: body)
        case "-----BEGIN EC PRIVATE KEY-----": self.init(.ecdsa, pem: body)
        case "-----BEGIN DSA PRIVATE KEY-----": self.init(.dsa, pem: body)
        case "-----BEGIN PRIVATE KEY-----": self.init(pkcs8: body)
        case "-----BEGIN ENCRYPTED PRIVATE KEY-----": self.init(kind: nil, isEncrypted: true, publicKey: nil)
        default: return nil
        }
    }

    private init(kind: KeyFile.Kind?, isEncrypted: Bool, publicKey: [UInt8]?) {
        self.kind = kind
        self.isEncrypted = isEncrypted
        self.publicKey = publicKey
    }

    private init?(openSSH body: ArraySlice<String>) {
        guard let data = Data(base64Encoded: body.joined()) else { return nil }
        let magic = Array("openssh-key-v1\0".utf8)
        guard data.starts(with: magic) else { return nil }
        var reader = WireReader(data.dropFirst(magic.count))
        guard let cipher = reader.text(), reader.string() != nil, reader.string() != nil, reader.uint32() == 1,
            let publicKey = reader.string(), let key = HostKey(blob: publicKey)
        else { return nil }
        self.init(kind: KeyFile.Kind(keyType: key.type), isEncrypted: cipher != "none", publicKey: publicKey)
    }

    private init(_ kind: KeyFile.Kind, pem body: ArraySlice<String>) {
        let isEncrypted = body.contains { $0.hasPrefix("Proc-Type:") && $0.hasSuffix("ENCRYPTED") }
        self.init(kind: kind, isEncrypted: isEncrypted, publicKey: nil)
    }

    /// The algorithm's object identifier stands near the beginning: RFC 5958, section 2.
    private init?(pkcs8 body: ArraySlice<String>) {
        guard let data = Data(base64Encoded: body.joined()) else { return nil }
        let head = Array(data.prefix(40))
        let kinds: [(KeyFile.Kind, [UInt8])] = [
            (.rsa, [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]),
            (.ecdsa, [0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]),
            (.ed25519, [0x06, 0x03, 0x2B, 0x65, 0x70]),
        ]
        let found = kinds.first { kind in head.indices.contains { head[$0...].starts(with: kind.1) } }
        guard let found else { return nil }
        self.init(kind: found.0, isEncrypted: false, publicKey: nil)
    }
}
