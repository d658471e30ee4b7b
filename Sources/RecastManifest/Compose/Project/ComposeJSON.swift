import RecastYAML

/// Writes a tree as JSON the way `docker compose config` does.
///
/// Two spaces a level, keys sorted by their bytes, Go's numbers and escapes, and every `$` doubled, so that the text
/// can be read as a compose file again; infinities, which JSON lacks, are null.
struct ComposeJSON {
    private var bytes: [UInt8] = []
    private var depth = 0
    private let dollar: String

    private init(dollar: String) { self.dollar = dollar }

    /// UTF-8 without a line break at the end.
    static func bytes(of node: YAMLNode, doublesDollars: Bool = true) -> [UInt8] {
        var writer = ComposeJSON(dollar: doublesDollars ? "$$" : "$")
        writer.write(node)
        return writer.bytes
    }

    private mutating func write(_ node: YAMLNode) {
        switch node.content {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .int(let value): append(String(value))
        case .bigInt(let digits): append(digits)
        case .float(let value): append(value.goJSONText ?? "null")
        case .string(let text): writeString(text)
        case .sequence(let items): write(items)
        case .mapping(let entries): write(entries)
        }
    }

    private mutating func write(_ items: [YAMLNode]) {
        if items.isEmpty { return append("[]") }
        append("[")
        depth += 1
        for index in items.indices {
            beginLine(first: index == 0)
            write(items[index])
        }
        endLines()
        append("]")
    }

    private mutating func write(_ entries: [YAMLNode.Entry]) {
        if entries.isEmpty { return append("{}") }
        append("{")
        depth += 1
        let order = entries.indices.sorted { entries[$0].key.utf8.lexicographicallyPrecedes(entries[$1].key.utf8) }
        for (rank, index) in order.enumerated() {
            beginLine(first: rank == 0)
            writeString(entries[index].key)
            append(": ")
            write(entries[index].value)
        }
        endLines()
        append("}")
    }

    private mutating func beginLine(first: Bool) {
        append(first ? "\n" : ",\n")
        indent()
    }

    private mutating func endLines() {
        depth -= 1
        append("\n")
        indent()
    }

    private mutating func indent() {
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    // MARK: Strings

    private mutating func writeString(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.allSatisfy(Self.isPlain) { append(text) } else { writeEscaped(text) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Stands for itself whatever is beside it; the first byte of a separator does not.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case ..<0x20, 0xE2, UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"), UInt8(ascii: "<"),
            UInt8(ascii: ">"), UInt8(ascii: "&"):
            false
        default: true
        }
    }

    private mutating func writeEscaped(_ text: String) {
        var separator = 0
        for byte in text.utf8 {
            writeByte(byte)
            separator = Self.separatorProgress(separator, byte)
            guard separator == Self.lineSeparator.count else { continue }
            bytes.removeLast(separator)
            append(byte == 0xA8 ? "\\u2028" : "\\u2029")
            separator = 0
        }
    }

    private mutating func writeByte(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case UInt8(ascii: "$"): append(dollar)
        case UInt8(ascii: "\n"): append("\\n")
        case UInt8(ascii: "\r"): append("\\r")
        case UInt8(ascii: "\t"): append("\\t")
        case 0x08: append("\\b")
        case 0x0C: append("\\f")
        case ..<0x20, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"):
            append("\\u00")
            bytes.append(Self.digits[Int(byte >> 4)])
            bytes.append(Self.digits[Int(byte & 0xF)])
        default: bytes.append(byte)
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)
    /// U+2028; U+2029 differs in the last byte.
    private static let lineSeparator: [UInt8] = [0xE2, 0x80, 0xA8]

    /// How many bytes of a line or paragraph separator have been read.
    private static func separatorProgress(_ count: Int, _ byte: UInt8) -> Int {
        switch (count, byte) {
        case (1, 0x80): 2
        case (2, 0xA8), (2, 0xA9): 3
        default: byte == 0xE2 ? 1 : 0
        }
    }
}
