/// The bytes of a file that is delivered to a container.
///
/// Copies share one buffer, so many instances cost what one does. It never prints itself: it may be a secret.
package struct FileContent: Hashable, Sendable {
    package let bytes: [UInt8]
    /// FNV-1a, 64 bits: tells contents apart quickly, and the same everywhere; it is no protection of any kind.
    package let checksum: UInt64

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        checksum = bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    package static func == (lhs: Self, rhs: Self) -> Bool { lhs.checksum == rhs.checksum && lhs.bytes == rhs.bytes }
    package func hash(into hasher: inout Hasher) { hasher.combine(checksum) }
}

extension FileContent: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { maskedValue }
    package var debugDescription: String { maskedValue }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The key under which contents are fingerprinted.
///
/// Without it nobody can find out a short secret by trying all. It never prints itself.
package struct FingerprintKey: Hashable, Sendable {
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }
}

extension FingerprintKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { maskedValue }
    package var debugDescription: String { maskedValue }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
