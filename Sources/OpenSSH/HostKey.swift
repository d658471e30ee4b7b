import Crypto
import SSHWire

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The public key of a host.
package struct HostKey: Hashable, Sendable {
    /// The name of the key's type, such as `ssh-ed25519`: the first string of its encoding.
    package let type: String
    /// The encoding of RFC 4253, section 6.6.
    package let blob: [UInt8]

    /// Reads an encoded key; nil when it does not begin with the name of a type.
    package init?(blob: [UInt8]) {
        var reader = WireReader(blob)
        guard let name = reader.string(), let type = String(validating: name, as: UTF8.self), !type.isEmpty,
            type.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !reader.rest.isEmpty
        else { return nil }
        self.type = type
        self.blob = blob
    }

    init?(base64: some StringProtocol) {
        guard let data = Data(base64Encoded: String(base64)) else { return nil }
        self.init(blob: Array(data))
    }

    var base64: String { Data(blob).base64EncodedString() }

    /// The fingerprint as `ssh-keygen -l` prints it.
    package var fingerprint: String { Self.fingerprint(of: blob) }

    static func fingerprint(of blob: [UInt8]) -> String {
        var digest = Data(SHA256.hash(data: blob)).base64EncodedString()
        while digest.last == "=" { digest.removeLast() }
        return "SHA256:" + digest
    }

    /// The names by which a server can be asked to prove that it holds a key of a type.
    static func algorithms(of type: String) -> [String] {
        type == "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"] : [type]
    }
}
