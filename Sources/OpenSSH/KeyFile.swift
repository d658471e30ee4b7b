import SmallFiles
import SystemPackage

/// A private key file, as far as can be seen without its passphrase.
package struct KeyFile: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case ed25519
        case ecdsa
        case rsa
        case dsa
        /// A key whose private part is in a FIDO token.
        case securityKey = "security key"
    }
    package let path: String
    /// Nil where only the passphrase would tell.
    package let kind: Kind?
    package let isEncrypted: Bool
    /// The encoded public key, from the file or from the `.pub` file beside it.
    package let publicKey: [UInt8]?
    package let contents: [UInt8]

    package enum Inspection: Hashable, Sendable {
        case key(KeyFile)
        case absent
        /// The file cannot be used, for the reason given.
        case skipped(String)
    }

    /// Looks at a file; of files larger than 1 MiB nothing is read, as in OpenSSH.
    package static func inspect(_ path: String) -> Inspection {
        do throws(Errno) {
            let attributes = try FilePath(path).stat()
            guard attributes.type == .regular else { return .skipped("is no file") }
            guard attributes.size <= SmallFile.usualLimit else {
                return .skipped("is larger than 1 MiB, so it is no key")
            }
            let mode = attributes.permissions.rawValue & 0o777
            if mode & 0o077 != 0, attributes.userID.rawValue == LocalUser.current.id {
                return .skipped("has permissions 0\(String(mode, radix: 8)), so others may read it: chmod 600 it")
            }
            let contents = try read(path)
            guard let header = KeyHeader(contents) else { return .skipped("holds no private key") }
            let publicKey = header.publicKey ?? publicKey(besides: path)
            let kind = header.kind ?? publicKey.flatMap(HostKey.init(blob:)).flatMap { Kind(keyType: $0.type) }
            return .key(
                KeyFile(
                    path: path, kind: kind, isEncrypted: header.isEncrypted, publicKey: publicKey, contents: contents))
        } catch {
            return error == .noSuchFileOrDirectory || error == .notDirectory
                ? .absent : .skipped("cannot be read: \(error)")
        }
    }

    private static func read(_ path: String) throws(Errno) -> [UInt8] {
        // A pipe would wait for its writer.
        guard try FilePath(path).stat().type == .regular else { throw .invalidArgument }
        do {
            return try SmallFile.contents(of: FilePath(path))
        } catch {
            throw error as? Errno ?? .fileTooLarge
        }
    }

    static func exists(_ path: String) -> Bool { (try? FilePath(path).stat()) != nil }

    /// The encoded public key of a file that may hold the private key, the public one or neither.
    ///
    /// An `IdentityFile` may name a public key whose private part is in an agent alone.
    static func publicKey(of path: String) -> [UInt8]? {
        if case .key(let file) = inspect(path) { return file.publicKey }
        return publicKey(in: path) ?? publicKey(besides: path)
    }

    /// The key in the `.pub` file beside a private key.
    private static func publicKey(besides path: String) -> [UInt8]? { publicKey(in: path + ".pub") }

    /// The key in a public key file: its type, the encoded key and a comment.
    private static func publicKey(in path: String) -> [UInt8]? {
        guard let contents = try? read(path) else { return nil }
        let fields = String(decoding: contents, as: UTF8.self).split(maxSplits: 2, whereSeparator: \.isWhitespace)
        guard fields.count >= 2, let key = HostKey(base64: fields[1]), key.type == fields[0] else { return nil }
        return key.blob
    }
}

extension KeyFile.Kind {
    /// The kind of a public key by the name of its type; nil for an unknown one and for certificates.
    init?(keyType: String) {
        switch keyType {
        case _ where keyType.contains("-cert-"): return nil
        case "ssh-ed25519": self = .ed25519
        case "ssh-rsa": self = .rsa
        case "ssh-dss": self = .dsa
        case _ where keyType.hasPrefix("ecdsa-sha2-"): self = .ecdsa
        case _ where keyType.hasPrefix("sk-"): self = .securityKey
        default: return nil
        }
    }
}
