/// Reads the data types of RFC 4251 section 5 from bytes.
struct WireReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Collection<UInt8>) {
        rest = ArraySlice(bytes)
    }

    mutating func byte() -> UInt8? { rest.popFirst() }

    mutating func uint32() -> UInt32? {
        guard rest.count >= 4 else { return nil }
        defer { rest = rest.dropFirst(4) }
        return rest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func skip(_ count: Int) -> Bool {
        guard rest.count >= count else { return false }
        rest = rest.dropFirst(count)
        return true
    }

    /// Bytes preceded by their count.
    mutating func string() -> ArraySlice<UInt8>? {
        guard let count = uint32(), rest.count >= Int(count) else { return nil }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }

    mutating func text() -> String? { string().map { String(decoding: $0, as: UTF8.self) } }

    mutating func nameList() -> [String]? {
        text().map { $0.split(separator: ",").map(String.init) }
    }
}

/// Writes the data types of RFC 4251 section 5.
enum WireWriter {
    static func uint32(_ value: Int) -> [UInt8] {
        withBigEndian(UInt32(truncatingIfNeeded: value))
    }

    static func string(_ bytes: some Collection<UInt8>) -> [UInt8] {
        uint32(bytes.count) + bytes
    }

    private static func withBigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
    }
}
