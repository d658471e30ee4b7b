extension YAMLNode {
    /// The value as YAML text in block style, ending with a line break; the same tree always gives the same text.
    package var yamlText: String {
        let (head, body) = emitted
        let lines = head.isEmpty ? body : [head] + body.indented
        return lines.joined(separator: "\n") + "\n"
    }

    /// `head` follows the key or the dash; the lines of `body` stand below it, one level deeper.
    fileprivate var emitted: (head: String, body: [String]) {
        let tag = tag.map { $0.hasPrefix("!") ? $0 : "!<\($0)>" }
        let (head, body) = untagged
        return ([tag, head].compactMap(\.self).joined(separator: " "), body)
    }

    private var untagged: (head: String?, body: [String]) {
        switch content {
        case .null: ("null", [])
        case .bool(let value): (value ? "true" : "false", [])
        case .int(let value): (String(value), [])
        case .bigInt(let digits): (digits, [])
        case .float(let value): (value.yamlText, [])
        case .string(let text): text.isFitForBlock ? (text.blockHeader, text.blockLines) : (text.yamlScalar, [])
        case .sequence(let items): items.isEmpty ? ("[]", []) : (nil, items.flatMap(\.itemLines))
        case .mapping(let entries): entries.isEmpty ? ("{}", []) : (nil, entries.flatMap(\.lines))
        }
    }

    private var itemLines: [String] {
        let (head, body) = emitted
        guard head.isEmpty, let first = body.first else { return ["- " + head] + body.indented }
        return ["- " + first] + body.dropFirst().indented
    }
}

extension YAMLNode.Entry {
    /// libyaml's limit for a key that is not announced by `?`, with room for the quotes and the colon.
    private static let keyLimit = 1000

    fileprivate var lines: [String] {
        let key = key.yamlScalar
        let (head, body) = value.emitted
        let behindColon = head.isEmpty ? ":" : ": " + head
        guard key.unicodeScalars.count > Self.keyLimit else { return [key + behindColon] + body.indented }
        return ["? " + key, behindColon] + body.indented
    }
}

extension Sequence<String> {
    fileprivate var indented: [String] { map { $0.isEmpty ? $0 : "  " + $0 } }
}

extension Double {
    fileprivate var yamlText: String {
        guard isFinite else { return isNaN ? ".nan" : self < 0 ? "-.inf" : ".inf" }
        return description
    }
}
