extension JSON: CustomStringConvertible {
    /// Compact, with sorted keys.
    package var description: String { String(decoding: bytes, as: UTF8.self) }

    package var bytes: [UInt8] {
        var output: [UInt8] = []
        write(into: &output)
        return output
    }

    private func write(into output: inout [UInt8]) {
        switch self {
        case .null: output += "null".utf8
        case .bool(let value): output += (value ? "true" : "false").utf8
        case .int(let value): output += String(value).utf8
        case .double(let value): output += String(value).utf8
        case .string(let value): Self.write(value, into: &output)
        case .array(let elements): Self.write(elements, "[", "]", into: &output) { $0.write(into: &$1) }
        case .object(let members):
            Self.write(members.sorted { $0.key < $1.key }, "{", "}", into: &output) { member, output in
                Self.write(member.key, into: &output)
                output += ":".utf8
                member.value.write(into: &output)
            }
        }
    }

    private static func write<Element>(
        _ elements: [Element], _ open: String, _ close: String, into output: inout [UInt8],
        element write: (Element, inout [UInt8]) -> Void
    ) {
        output += open.utf8
        for (index, element) in elements.enumerated() {
            if index > 0 { output += ",".utf8 }
            write(element, &output)
        }
        output += close.utf8
    }

    private static func write(_ text: String, into output: inout [UInt8]) {
        output += "\"".utf8
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): output += "\\\"".utf8
            case UInt8(ascii: "\\"): output += "\\\\".utf8
            case 0..<0x20: output += ("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16)).utf8
            default: output.append(byte)
            }
        }
        output += "\"".utf8
    }
}
