/// One member of a tar archive.
package struct TarEntry: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case file([UInt8])
        case folder
        case symbolicLink(to: String)
    }

    /// Relative, without `.` and `..`.
    package let path: String
    package let kind: Kind
    /// The lower twelve bits, as chmod(2) takes them.
    package let mode: UInt16
    package let user: UInt32
    package let group: UInt32
    /// Seconds since 1970.
    package let time: UInt32

    package init(_ path: String, _ kind: Kind, mode: UInt16, user: UInt32 = 0, group: UInt32 = 0, time: UInt32) {
        self.path = path
        self.kind = kind
        self.mode = mode
        self.user = user
        self.group = group
        self.time = time
    }

    var content: [UInt8] {
        if case .file(let bytes) = kind { bytes } else { [] }
    }

    /// All blocks before the content: the header, and before it a pax header for what does not fit into one.
    ///
    /// POSIX.1-2001, `pax`, "ustar Interchange Format" and "pax Extended Header".
    var header: [UInt8] {
        let records = paxRecords
        guard !records.isEmpty else { return block }
        let pax = TarBlock(name: "pax", type: "x", size: records.count, mode: 0o644)
        return pax.bytes + records + TarBlock.padding(after: records.count) + block
    }

    private var name: String { kind == .folder ? path + "/" : path }

    private var link: String {
        if case .symbolicLink(let target) = kind { target } else { "" }
    }

    private var block: [UInt8] {
        let type: Unicode.Scalar =
            switch kind {
            case .file: "0"
            case .folder: "5"
            case .symbolicLink: "2"
            }
        return TarBlock(
            name: name, type: type, size: content.count, mode: mode, user: user, group: group, time: time, link: link
        ).bytes
    }

    private var paxRecords: [UInt8] {
        var records: [UInt8] = []
        if name.utf8.count > TarBlock.nameLength { records += Self.record("path", name) }
        if link.utf8.count > TarBlock.nameLength { records += Self.record("linkpath", link) }
        if user > TarBlock.largestID { records += Self.record("uid", String(user)) }
        if group > TarBlock.largestID { records += Self.record("gid", String(group)) }
        return records
    }

    /// `LENGTH KEY=VALUE\n`, where the length counts itself.
    private static func record(_ key: String, _ value: String) -> [UInt8] {
        let rest = Array(" \(key)=\(value)\n".utf8)
        var length = rest.count + 1
        while String(length).utf8.count + rest.count != length { length = String(length).utf8.count + rest.count }
        return Array(String(length).utf8) + rest
    }
}

/// A header of 512 bytes.
struct TarBlock {
    static let size = 512
    static let nameLength = 100
    /// Seven octal digits.
    static let largestID: UInt32 = 0o7777777

    let name: String
    let type: Unicode.Scalar
    let size: Int
    let mode: UInt16
    var user: UInt32 = 0
    var group: UInt32 = 0
    var time: UInt32 = 0
    var link = ""

    /// Zeros up to the next block.
    static func padding(after count: Int) -> [UInt8] { Array(repeating: 0, count: (size - count % size) % size) }

    var bytes: [UInt8] {
        let start = text(name, 100) + octal(mode, 8) + octal(id(user), 8) + octal(id(group), 8)
        let middle = octal(size, 12) + octal(time, 12)
        let end =
            [UInt8(ascii: type)] + text(link, 100) + Array("ustar\u{0}00".utf8) + text("", 64) + octal(0, 8)
            + octal(0, 8) + text("", 167)
        let sum = (start + middle + end).reduce(8 * 0x20) { $0 + Int($1) }
        return start + middle + octal(sum, 7) + [0x20] + end
    }

    private func id(_ number: UInt32) -> UInt32 { min(number, Self.largestID) }

    private func text(_ text: String, _ length: Int) -> [UInt8] {
        let bytes = text.utf8.prefix(length)
        return Array(bytes) + Array(repeating: 0, count: length - bytes.count)
    }

    /// Digits with zeros before them and a zero byte behind.
    private func octal(_ number: some BinaryInteger, _ length: Int) -> [UInt8] {
        let digits = Array(String(number, radix: 8).utf8)
        return Array(repeating: UInt8(ascii: "0"), count: max(length - 1 - digits.count, 0)) + digits + [0]
    }
}
