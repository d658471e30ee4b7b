/// Reads JSON, quicker than a decoder that has to try every type.
struct JSONParser {
    struct Malformed: Error, CustomStringConvertible {
        let offset: Int
        var description: String { "no JSON at byte \(offset)" }
    }

    private let bytes: [UInt8]
    private var offset = 0

    static func value(of bytes: some Collection<UInt8>) throws(Malformed) -> JSON {
        var parser = Self(bytes: Array(bytes))
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.offset == parser.bytes.count else { throw parser.malformed }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var malformed: Malformed { Malformed(offset: offset) }
    private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { offset += 1 }
    }

    private mutating func take(_ text: StaticString) -> Bool {
        let wanted = Array(text.description.utf8)
        guard bytes[offset...].starts(with: wanted) else { return false }
        offset += wanted.count
        return true
    }

    private mutating func value(depth: Int) throws(Malformed) -> JSON {
        skipSpace()
        guard depth < 512 else { throw malformed }
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t") where take("true"): return .bool(true)
        case UInt8(ascii: "f") where take("false"): return .bool(false)
        case UInt8(ascii: "n") where take("null"): return .null
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(Malformed) -> JSON {
        var members: [String: JSON] = [:]
        try elements(until: UInt8(ascii: "}")) { parser throws(Malformed) in
            let key = try parser.string()
            parser.skipSpace()
            guard parser.take(":") else { throw parser.malformed }
            members[key] = try parser.value(depth: depth)
        }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(Malformed) -> JSON {
        var items: [JSON] = []
        try elements(until: UInt8(ascii: "]")) { parser throws(Malformed) in
            items.append(try parser.value(depth: depth))
        }
        return .array(items)
    }

    private mutating func elements(
        until close: UInt8, _ element: (inout Self) throws(Malformed) -> Void
    ) throws(Malformed) {
        offset += 1
        skipSpace()
        var isFirst = true
        while next != close {
            if !isFirst, !take(",") { throw malformed }
            isFirst = false
            skipSpace()
            try element(&self)
            skipSpace()
        }
        offset += 1
    }

    private mutating func number() throws(Malformed) -> JSON {
        let start = offset
        while let byte = next, byte < 0x80, "+-.0123456789eE".unicodeScalars.contains(Unicode.Scalar(byte)) {
            offset += 1
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if let value = Int64(text) { return .int(value) }
        guard let value = Double(text) else { throw malformed }
        return .double(value)
    }

    private mutating func string() throws(Malformed) -> String {
        guard next == UInt8(ascii: "\"") else { throw malformed }
        offset += 1
        var text: [UInt8] = []
        while let byte = next, byte != UInt8(ascii: "\"") {
            offset += 1
            if byte == UInt8(ascii: "\\") { try escape(into: &text) } else { text.append(byte) }
        }
        guard next != nil else { throw malformed }
        offset += 1
        return String(decoding: text, as: UTF8.self)
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "n"): 0x0A, UInt8(ascii: "t"): 0x09, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "b"): 0x08,
        UInt8(ascii: "f"): 0x0C, UInt8(ascii: "/"): UInt8(ascii: "/"), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
        UInt8(ascii: "\""): UInt8(ascii: "\""),
    ]

    private mutating func escape(into text: inout [UInt8]) throws(Malformed) {
        guard let mark = next else { throw malformed }
        offset += 1
        if let byte = Self.escapes[mark] {
            text.append(byte)
            return
        }
        guard mark == UInt8(ascii: "u") else { throw malformed }
        var units = [try hexDigits()]
        if UTF16.isLeadSurrogate(units[0]), take("\\u") { units.append(try hexDigits()) }
        text += String(decoding: units, as: UTF16.self).utf8
    }

    private mutating func hexDigits() throws(Malformed) -> UInt16 {
        let end = offset + 4
        guard end <= bytes.count, let unit = UInt16(String(decoding: bytes[offset..<end], as: UTF8.self), radix: 16)
        else { throw malformed }
        offset = end
        return unit
    }
}
