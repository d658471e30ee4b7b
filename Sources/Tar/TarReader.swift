package import NIOCore

/// Takes an archive apart while it arrives, in whatever pieces it comes.
///
/// Beside the piece at hand it keeps one header.
package struct TarReader: Sendable {
    package enum Part: Hashable, Sendable {
        /// `raw`: the blocks that say it, those of pax before it included.
        case member(TarMember, raw: ByteBuffer)
        /// A piece of the last member's content.
        case content(ByteBuffer)
        /// The zeros behind a content.
        case padding(ByteBuffer)
        /// The archive is over; what follows is of no meaning.
        case end
    }

    private enum State {
        case header
        /// Records of pax, that many bytes of them, for the next member or for all.
        case pax(size: Int, isGlobal: Bool)
        case content(left: UInt64, padding: Int)
        case padding(left: Int)
        case ended
    }

    /// More than engines ever write: 64 KiB for each of some attributes.
    private static let largestPax = 4 << 20

    private var state = State.header
    private var pending = ByteBuffer()
    private var raw = ByteBuffer()
    private var records: [(key: String, value: [UInt8])] = []
    private var globals: [(key: String, value: [UInt8])] = []
    private var offset: UInt64 = 0

    package init() {}

    /// Whether the archive came to its end.
    package var isComplete: Bool {
        if case .ended = state { true } else { false }
    }

    /// It throws `TarError`.
    package mutating func parts(of bytes: ByteBuffer) throws -> [Part] {
        var bytes = bytes
        if pending.readableBytes > 0 {
            pending.writeBuffer(&bytes)
            (bytes, pending) = (pending, ByteBuffer())
        }
        var parts: [Part] = []
        while try step(&bytes, &parts) {}
        pending = bytes
        return parts
    }

    /// - Returns: whether there is more to do.
    private mutating func step(_ bytes: inout ByteBuffer, _ parts: inout [Part]) throws -> Bool {
        switch state {
        case .header:
            guard let block = take(TarBlock.size, from: &bytes) else { return false }
            try read(header: block, &parts)
        case .pax(let size, let isGlobal):
            let padded = size + TarBlock.padding(after: size).count
            guard let block = take(padded, from: &bytes) else { return false }
            try read(records: block, size, isGlobal)
            state = .header
        case .content(let left, let padding):
            guard bytes.readableBytes > 0 else { return false }
            guard let piece = take(Int(min(left, UInt64(bytes.readableBytes))), from: &bytes) else { return false }
            parts.append(.content(piece))
            enter(content: left - UInt64(piece.readableBytes), padding: padding)
        case .padding(let left):
            guard bytes.readableBytes > 0, let piece = take(min(left, bytes.readableBytes), from: &bytes) else {
                return false
            }
            parts.append(.padding(piece))
            state = left == piece.readableBytes ? .header : .padding(left: left - piece.readableBytes)
        case .ended:
            offset += UInt64(bytes.readableBytes)
            bytes.clear()
            return false
        }
        return true
    }

    private mutating func take(_ count: Int, from bytes: inout ByteBuffer) -> ByteBuffer? {
        guard let slice = bytes.readSlice(length: count) else { return nil }
        offset += UInt64(count)
        return slice
    }

    private mutating func enter(content left: UInt64, padding: Int) {
        state =
            left > 0
            ? .content(left: left, padding: padding) : padding > 0 ? .padding(left: padding) : .header
    }
}

// MARK: - Headers

extension TarReader {
    private mutating func read(header block: ByteBuffer, _ parts: inout [Part]) throws {
        let header = TarHeader(Array(block.readableBytesView))
        if header.isZero {
            state = .ended
            return parts.append(.end)
        }
        guard header.isIntact else { throw problem("a header is damaged") }
        guard let size = header.size else { throw problem("a header has no size") }
        raw.writeImmutableBuffer(block)
        switch header.type {
        case UInt8(ascii: "x"), UInt8(ascii: "g"):
            guard size <= Self.largestPax else { throw problem("an extended header is too large") }
            state = .pax(size: Int(size), isGlobal: header.type == UInt8(ascii: "g"))
        default:
            guard var member = header.member else {
                throw problem("a member of type '\(Unicode.Scalar(header.type))' cannot be read")
            }
            for record in globals + records { try apply(record, to: &member) }
            parts.append(.member(member, raw: raw))
            (raw, records) = (ByteBuffer(), [])
            enter(content: member.size, padding: Int((512 - member.size % 512) % 512))
        }
    }

    /// `LENGTH KEY=VALUE\n`, one after the other.
    private mutating func read(records block: ByteBuffer, _ size: Int, _ isGlobal: Bool) throws {
        raw.writeImmutableBuffer(block)
        var rest = ArraySlice(block.readableBytesView.prefix(size))
        while !rest.isEmpty {
            let digits = rest.prefix { $0 != UInt8(ascii: " ") }
            guard let length = Int(String(decoding: digits, as: UTF8.self)), length > digits.count + 1,
                length <= rest.count
            else { throw problem("an extended header is damaged") }
            let record = rest.prefix(length).dropFirst(digits.count + 1).dropLast()
            rest = rest.dropFirst(length)
            guard let equals = record.firstIndex(of: UInt8(ascii: "=")) else {
                throw problem("an extended header is damaged")
            }
            let key = String(decoding: record[..<equals], as: UTF8.self)
            let entry = (key: key, value: Array(record[record.index(after: equals)...]))
            if isGlobal { globals.append(entry) } else { records.append(entry) }
        }
    }

    private func apply(_ record: (key: String, value: [UInt8]), to member: inout TarMember) throws {
        let text = tarText(record.value)
        func number() throws -> UInt64 {
            guard let number = UInt64(text) else { throw problem("'\(record.key)' is no number") }
            return number
        }
        switch record.key {
        case "path": member.path = text
        case "linkpath": member.link = text
        case "size": member.size = try number()
        case "uid": member.user = try number()
        case "gid": member.group = try number()
        case "mtime": member.time = text
        case let key where key.hasPrefix(Self.attribute):
            member.attributes[String(key.dropFirst(Self.attribute.count))] = record.value
        default: break
        }
    }

    /// How Go's and star's archives spell extended attributes.
    private static let attribute = "SCHILY.xattr."

    private func problem(_ text: String) -> TarError { TarError(text, offset: offset) }
}
