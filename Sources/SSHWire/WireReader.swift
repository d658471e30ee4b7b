/// Reads the data types of RFC 4251, section 5; nothing is ever read beyond the end.
package struct WireReader {
    package private(set) var rest: ArraySlice<UInt8>

    package init(_ bytes: some Sequence<UInt8>) {
        rest = ArraySlice(bytes)
    }

    package mutating func byte() -> UInt8? { rest.popFirst() }

    package mutating func uint32() -> UInt32? {
        guard rest.count >= 4 else { return nil }
        defer { rest = rest.dropFirst(4) }
        return rest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    package mutating func skip(_ count: Int) -> Bool {
        guard rest.count >= count else { return false }
        rest = rest.dropFirst(count)
        return true
    }

    /// Bytes preceded by their count, in four bytes.
    package mutating func string() -> [UInt8]? {
        var ahead = self
        guard let count = ahead.uint32(), ahead.rest.count >= Int(count) else { return nil }
        self = ahead
        defer { rest = rest.dropFirst(Int(count)) }
        return Array(rest.prefix(Int(count)))
    }

    package mutating func text() -> String? { string().map { String(decoding: $0, as: UTF8.self) } }

    package mutating func nameList() -> [String]? {
        text().map { $0.split(separator: ",").map(String.init) }
    }
}
