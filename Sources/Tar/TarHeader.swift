/// A header of 512 bytes as it was read.
struct TarHeader {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isZero: Bool { bytes.allSatisfy { $0 == 0 } }
    var type: UInt8 { bytes[156] }
    var size: UInt64? { number(124, 12) }

    /// The sum over all bytes, those of the sum itself counted as blanks.
    var isIntact: Bool {
        guard let sum = number(148, 8) else { return false }
        let counted = bytes.enumerated().reduce(0) { $0 + (148..<156 ~= $1.offset ? 0x20 : UInt64($1.element)) }
        return counted == sum
    }

    /// `nil` for types that no engine writes.
    var member: TarMember? {
        guard let kind else { return nil }
        let (name, prefix) = (text(0, 100), isUstar ? text(345, 155) : "")
        var member = TarMember()
        member.path = prefix.isEmpty ? name : "\(prefix)/\(name)"
        member.kind = kind
        member.mode = UInt32((number(100, 8) ?? 0) & 0o7777)
        member.user = number(108, 8) ?? 0
        member.group = number(116, 8) ?? 0
        member.size = kind == .file ? size ?? 0 : 0
        member.time = String(Int64(bitPattern: number(136, 12) ?? 0))
        member.link = text(157, 100)
        member.device = .init(major: number(329, 8) ?? 0, minor: number(337, 8) ?? 0)
        return member
    }

    private var isUstar: Bool { bytes[257..<262].elementsEqual("ustar".utf8) }

    private var kind: TarMember.Kind? {
        switch type {
        case 0, UInt8(ascii: "0"): .file
        case UInt8(ascii: "1"): .hardLink
        case UInt8(ascii: "2"): .symbolicLink
        case UInt8(ascii: "3"): .characterDevice
        case UInt8(ascii: "4"): .blockDevice
        case UInt8(ascii: "5"): .folder
        case UInt8(ascii: "6"): .pipe
        default: nil
        }
    }

    private func text(_ start: Int, _ length: Int) -> String {
        tarText(bytes[start..<start + length].prefix { $0 != 0 })
    }

    /// Octal digits, or with the first bit set a binary number.
    private func number(_ start: Int, _ length: Int) -> UInt64? {
        let field = bytes[start..<start + length]
        guard let first = field.first else { return nil }
        if first & 0x80 != 0 {
            return field.dropFirst().reduce(UInt64(first & 0x7f)) { $0 << 8 | UInt64($1) }
        }
        let digits = field.filter { $0 != 0 && $0 != UInt8(ascii: " ") }
        return digits.isEmpty ? 0 : UInt64(String(decoding: digits, as: UTF8.self), radix: 8)
    }
}
