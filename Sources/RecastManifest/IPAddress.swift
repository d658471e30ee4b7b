/// An IPv4 or IPv6 address, compared by value: `::1` and `0:0::1` are one.
struct IPAddress: Hashable {
    /// 4 or 16 bytes.
    let bytes: [UInt8]

    var isIPv4: Bool { bytes.count == 4 }

    /// 127.0.0.0/8 and ::1.
    var isLoopback: Bool {
        isIPv4 ? bytes[0] == 127 : bytes == Array(repeating: 0, count: 15) + [1]
    }

    /// 0.0.0.0 and ::.
    var isUnspecified: Bool { bytes.allSatisfy { $0 == 0 } }

    init?(_ text: some StringProtocol) {
        guard let bytes = text.contains(":") ? Self.sixteen(text) : Self.four(text) else { return nil }
        self.bytes = bytes
    }

    private static func four(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { $0.allSatisfy(\.isASCIIDigit) && $0.count <= 3 ? UInt8($0) : nil }
        return parts.count == 4 && bytes.count == 4 ? bytes : nil
    }

    private static func sixteen(_ text: some StringProtocol) -> [UInt8]? {
        let halves = String(text).split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
        let groups = halves.map(bytes(ofGroups:))
        switch (groups.first, groups.dropFirst().first, groups.count) {
        case (let whole??, _, 1): return whole.count == 16 ? whole : nil
        case (let head??, let tail??, 2):
            let missing = 16 - head.count - tail.count
            return missing >= 2 ? head + Array(repeating: 0, count: missing) + tail : nil
        default: return nil
        }
    }

    private static func bytes(ofGroups text: Substring) -> [UInt8]? {
        if text.isEmpty { return [] }
        var bytes: [UInt8] = []
        let groups = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, group) in groups.enumerated() {
            if index == groups.count - 1, let last = four(group) {
                bytes += last
            } else if (1...4).contains(group.count), let value = UInt16(group, radix: 16), group.first != "+" {
                bytes += [UInt8(value >> 8), UInt8(value & 0xFF)]
            } else {
                return nil
            }
        }
        return bytes
    }
}

/// `address/bits`.
struct IPPrefix {
    let address: IPAddress
    let bits: Int

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(parts[0]), let bits = Int(parts[1]),
            (0...address.bytes.count * 8).contains(bits)
        else { return nil }
        self.address = address
        self.bits = bits
    }
}

extension Character {
    var isASCIIDigit: Bool { isASCII && isNumber }
}
