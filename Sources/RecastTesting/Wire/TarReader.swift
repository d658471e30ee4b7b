import RecastModel

/// Reads the kinds of tar members that an engine is sent: ustar, with pax headers.
struct TarReader {
    struct Member: Hashable, Sendable {
        /// As it stands in the archive, without a slash at the end.
        let path: String
        let entry: SimulatedFile
    }

    private var rest: ArraySlice<UInt8>
    private var extensions: [String: String] = [:]

    /// `nil` when the bytes are no complete archive.
    static func members(of bytes: [UInt8]) -> [Member]? {
        var reader = Self(rest: bytes[...])
        var members: [Member] = []
        while let block = reader.take(512), block.contains(where: { $0 != 0 }) {
            guard isIntact(block), let member = reader.read(Array(block), into: &members), member else { return nil }
        }
        return reader.rest.allSatisfy { $0 == 0 } ? members : nil
    }

    private static func isIntact(_ block: ArraySlice<UInt8>) -> Bool {
        let bytes = Array(block)
        let sum = bytes.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 0x20 : Int($1.element)) }
        return sum == number(bytes[148..<156])
    }

    private mutating func read(_ block: [UInt8], into members: inout [Member]) -> Bool? {
        guard let size = Self.number(block[124..<136]), let content = take(size), take((512 - size % 512) % 512) != nil
        else { return nil }
        if block[156] == UInt8(ascii: "x") {
            extensions = Self.records(content)
            return true
        }
        let link = extensions["linkpath"] ?? Self.text(block[157..<257])
        let kinds: [UInt8: SimulatedFile.Kind] = [
            UInt8(ascii: "0"): .file(Array(content)), UInt8(ascii: "5"): .folder,
            UInt8(ascii: "2"): .symbolicLink(to: link),
        ]
        guard let kind = kinds[block[156]] else { return nil }
        let path = extensions["path"] ?? Self.text(block[..<100])
        let entry = SimulatedFile(
            kind: kind, mode: Self.number(block[100..<108]) ?? 0,
            user: extensions["uid"].flatMap { Int($0) } ?? Self.number(block[108..<116]) ?? 0,
            group: extensions["gid"].flatMap { Int($0) } ?? Self.number(block[116..<124]) ?? 0)
        members.append(Member(path: path.hasSuffix("/") ? String(path.dropLast()) : path, entry: entry))
        extensions = [:]
        return true
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }

    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        Int(text(field).filter { $0 != " " }, radix: 8)
    }

    /// `LENGTH KEY=VALUE\n`, one after the other.
    private static func records(_ bytes: ArraySlice<UInt8>) -> [String: String] {
        var found: [String: String] = [:]
        var rest = bytes
        while let blank = rest.firstIndex(of: 0x20), let length = Int(text(rest[..<blank])), length <= rest.count {
            let record = rest.prefix(length).dropFirst(blank - rest.startIndex + 1).dropLast()
            if let mark = record.firstIndex(of: UInt8(ascii: "=")) {
                found[text(record[..<mark])] = text(record[(mark + 1)...])
            }
            rest = rest.dropFirst(length)
        }
        return found
    }
}
