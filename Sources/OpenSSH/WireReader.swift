/// Reads the values of RFC 4251, section 5; nothing is ever read beyond the end.
struct WireReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) {
        rest = ArraySlice(bytes)
    }

    mutating func byte() -> UInt8? { rest.popFirst() }

    mutating func uint32() -> UInt32? {
        guard rest.count >= 4 else { return nil }
        defer { rest = rest.dropFirst(4) }
        return rest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// A length of four bytes, and as many bytes.
    mutating func string() -> [UInt8]? {
        var ahead = self
        guard let length = ahead.uint32(), ahead.rest.count >= Int(length) else { return nil }
        self = ahead
        defer { rest = rest.dropFirst(Int(length)) }
        return Array(rest.prefix(Int(length)))
    }

    mutating func text() -> String? { string().map { String(decoding: $0, as: UTF8.self) } }
}

extension [UInt8] {
    mutating func append(uint32 value: UInt32) {
        for shift in [24, 16, 8, 0] as [UInt32] { append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    mutating func append(string bytes: some Collection<UInt8>) {
        append(uint32: UInt32(bytes.count))
        append(contentsOf: bytes)
    }
}
