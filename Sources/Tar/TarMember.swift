/// One member of an archive that is read: what POSIX.1-2001 ("ustar Interchange Format", "pax Extended Header") says
/// of it.
package struct TarMember: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case file
        case hardLink = "hard-link"
        case symbolicLink = "symbolic-link"
        case characterDevice = "character-device"
        case blockDevice = "block-device"
        case folder, pipe
    }

    /// As it stands in the archive.
    package var path = ""
    package var kind = Kind.file
    package var mode: UInt32 = 0
    package var user: UInt64 = 0
    package var group: UInt64 = 0
    /// Bytes of content.
    package var size: UInt64 = 0
    /// Seconds since 1970, with a fraction where the archive has one.
    package var time = "0"
    /// What a link points to.
    package var link = ""
    package var device = Device()
    /// Extended attributes by name, as the archive spells their values.
    package var attributes: [String: [UInt8]] = [:]

    package struct Device: Hashable, Sendable {
        package var major: UInt64 = 0
        package var minor: UInt64 = 0
    }

    /// Without `./` before it and `/` behind it; `.` where nothing is left.
    package var plainPath: String {
        var parts = path.split(separator: "/", omittingEmptySubsequences: true)
        parts.removeAll { $0 == "." }
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }
}

/// A name as text that no other name has: where a name is no UTF-8, its bytes from 0x80 on are written as `\\xNN`, and
/// backslashes are doubled in every name.
func tarText(_ bytes: some Collection<UInt8>) -> String {
    if !bytes.contains(UInt8(ascii: "\\")), let text = String(validating: bytes, as: UTF8.self) { return text }
    let isText = String(validating: bytes, as: UTF8.self) != nil
    var written: [UInt8] = []
    for byte in bytes {
        if byte == UInt8(ascii: "\\") {
            written += [byte, byte]
        } else if byte < 0x80 || isText {
            written.append(byte)
        } else {
            written += Array("\\x\(String(byte, radix: 16))".utf8)
        }
    }
    return String(decoding: written, as: UTF8.self)
}

/// What makes a stream no archive that can be used.
package struct TarError: Error, Hashable, Sendable, CustomStringConvertible {
    package let problem: String
    /// Bytes from the start of the archive.
    package let offset: UInt64

    package init(_ problem: String, offset: UInt64) {
        self.problem = problem
        self.offset = offset
    }

    package var description: String { "\(problem) at byte \(offset) of the archive" }
}
