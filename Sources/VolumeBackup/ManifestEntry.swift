import Crypto
import Tar

/// What is known of one member of a volume: enough to tell whether another is the same.
package struct ManifestEntry: Codable, Hashable, Sendable {
    /// Below the volume's root; `.` for the root.
    package let path: String
    package let kind: String
    /// Octal, the lower twelve bits.
    package let mode: String
    package let user: UInt64
    package let group: UInt64
    package let size: UInt64
    /// Seconds since 1970: engines give no fractions.
    package let time: String
    package let link: String?
    /// `MAJOR:MINOR`.
    package let device: String?
    /// Of a file's content, in hexadecimal digits.
    package internal(set) var sha256: String?
    /// Extended attributes, each by the SHA-256 of its value.
    package let attributes: [String: String]?

    init(_ member: TarMember) {
        path = Self.below(member.plainPath)
        kind = member.kind.rawValue
        mode = String(member.mode, radix: 8)
        user = member.user
        group = member.group
        size = member.size
        time = String(member.time.prefix { $0 != "." })
        let target = member.kind == .hardLink ? Self.below(member.link) : member.link
        link = target.isEmpty ? nil : target
        let isDevice = [.characterDevice, .blockDevice].contains(member.kind)
        device = isDevice ? "\(member.device.major):\(member.device.minor)" : nil
        attributes = member.attributes.isEmpty ? nil : member.attributes.mapValues { SHA256.hash(data: $0).digits }
    }

    private static func below(_ path: String) -> String {
        if path == VolumeDigest.folder { return "." }
        let prefix = VolumeDigest.folder + "/"
        return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
    }

    /// What differs, in words; `nil` when nothing does.
    func difference(from other: Self) -> String? {
        let fields: [(String, String?, String?)] = [
            ("kind", kind, other.kind), ("mode", mode, other.mode), ("user", "\(user)", "\(other.user)"),
            ("group", "\(group)", "\(other.group)"), ("size", "\(size)", "\(other.size)"),
            ("time", settableTime, other.settableTime), ("link", link, other.link), ("device", device, other.device),
            ("content", sha256, other.sha256),
            ("attributes", Self.text(attributes), Self.text(other.attributes)),
        ]
        let differing = fields.filter { $0.1 != $0.2 }.map(\.0)
        return differing.isEmpty ? nil : "\(path): \(differing.joined(separator: ", "))"
    }

    /// What an engine makes of the time: one before 1970, or too late for 64 bits of nanoseconds, becomes 1970
    /// (`chtimes` of moby's package `archive`).
    private var settableTime: String {
        guard let seconds = Int64(time), 0...9_223_372_036 ~= seconds else { return "0" }
        return time
    }

    private static func text(_ attributes: [String: String]?) -> String? {
        attributes.map { $0.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ",") }
    }
}

extension SHA256.Digest {
    /// In hexadecimal digits.
    var digits: String {
        reduce(into: "") { text, byte in
            let digits = String(byte, radix: 16)
            text += digits.count == 1 ? "0" + digits : digits
        }
    }
}
