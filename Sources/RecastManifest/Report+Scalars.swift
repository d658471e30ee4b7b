import RecastModel
import RecastYAML

/// Typed reading of single values: each returns `nil` for what is absent, and for what it has reported.
extension Report {
    /// Text that must be text: `user: 1000` is a mistake that Docker Compose refuses too.
    mutating func string(_ field: Field?) -> String? {
        guard let field else { return nil }
        if case .string(let text) = field.node.content { return text }
        error(
            .wrongType, "\(field.path) must be a string, not \(field.node.kind)", at: field.place,
            help: field.node.text.map { "write \"\($0)\"" })
        return nil
    }

    /// Text that must say something.
    mutating func word(_ field: Field?) -> String? {
        guard let field, let text = string(field) else { return nil }
        guard text.isEmpty else { return text }
        badValue(field, "is empty")
        return nil
    }

    /// Text that says nothing when it is empty, as when a variable's default is.
    mutating func optionalWord(_ field: Field?) -> String? {
        string(field).flatMap { $0.isEmpty ? nil : $0 }
    }

    mutating func bool(_ field: Field?) -> Bool? {
        guard let field else { return nil }
        switch field.node.content {
        case .bool(let value): return value
        case .string(let text):
            guard let value = Self.booleanWords[text.lowercased()] else { break }
            if field.node.isAsWritten, text != "true", text != "false" {
                warn(.changedText, "'\(text)' is read as \(value)", at: field.place, help: "write \(value)")
            }
            return value
        default: break
        }
        error(.wrongType, "\(field.path) must be true or false, not \(described(field.node))", at: field.place)
        return nil
    }

    private static let booleanWords = [
        "true": true, "yes": true, "on": true, "y": true, "false": false, "no": false, "off": false, "n": false,
    ]

    mutating func integer(_ field: Field?, in range: ClosedRange<Int64>) -> Int64? {
        guard let field else { return nil }
        guard let value = field.node.wholeNumber else {
            error(.wrongType, "\(field.path) must be a whole number, not \(described(field.node))", at: field.place)
            return nil
        }
        guard range.contains(value) else {
            badValue(field, "is \(value), outside of \(range.description(upTo: .max))")
            return nil
        }
        return value
    }

    /// One of a few words.
    mutating func choice(_ field: Field?, _ allowed: [String]) -> String? {
        guard let field, let text = string(field) else { return nil }
        guard !allowed.contains(text) else { return text }
        badValue(
            field, "is '\(text)'; it can be \(allowed.joined(separator: ", "))",
            help: nearest(to: text, in: allowed).map { "did you mean '\($0)'?" })
        return nil
    }

    /// The strings of a list; numbers too where compose takes them.
    mutating func strings(_ field: Field?, numbers: Bool = false) -> [String] {
        located(field, numbers: numbers).map(\.value)
    }

    mutating func located(_ field: Field?, numbers: Bool = false) -> [Located<String>] {
        guard let field else { return [] }
        return field.items.compactMap { item in
            if case .string(let text) = item.content { return Located(text, at: item.place) }
            if numbers, item.wholeNumber != nil, let text = item.formattedText { return Located(text, at: item.place) }
            error(
                .wrongType, "an item of \(field.path) must be a string, not \(item.kind)", at: item.place,
                help: item.text.map { "write \"\($0)\"" })
            return nil
        }
    }

    /// A scalar in a place for text, as Docker Compose prints it; says so when that is not what was written.
    mutating func text(_ node: YAMLNode) -> String? {
        guard let formatted = node.formattedText else { return nil }
        if case .string = node.content { return formatted }
        if case .float(let value) = node.content, !value.isFinite {
            error(
                .wrongType, "\(described(node)) is no value for text", at: node.place,
                help: "write \"\(node.text ?? formatted)\"")
            return nil
        }
        if let written = node.text, written != formatted {
            warn(
                .changedText, "\(written) becomes \"\(formatted)\"", at: node.place,
                help: "write \"\(written)\" to keep the text")
        }
        return formatted
    }

    /// `KEY: value` with the values as text; nothing is `nil`.
    mutating func pairs(_ field: Field?) -> [String: String?] {
        var pairs: [String: String?] = [:]
        for entry in field?.entries ?? [] {
            pairs[entry.key] = .some(text(entry.node))
        }
        return pairs
    }

    /// The same where nothing means the empty text, as in labels.
    mutating func texts(_ field: Field?) -> [String: String] {
        pairs(field).mapValues { $0 ?? "" }
    }

    mutating func badValue(_ field: Field, _ problem: String, help: String? = nil) {
        error(.badValue, "\(field.path) \(problem)", at: field.place, help: help)
    }

    func described(_ node: YAMLNode) -> String {
        guard let text = node.text else { return node.kind }
        return node.isAsWritten || !node.isScalar ? "'\(text)'" : "\(node.kind) ('\(text)')"
    }
}

extension YAMLNode {
    /// An integer, also one in quotes or from a variable.
    var wholeNumber: Int64? {
        switch content {
        case .int(let value): value
        case .string(let text): Int64(text)
        case .float(let value) where value == value.rounded(): Int64(exactly: value)
        default: nil
        }
    }
}

extension ClosedRange<Int64> {
    func description(upTo limit: Int64) -> String {
        upperBound == limit ? "\(lowerBound) and more" : "\(lowerBound)…\(upperBound)"
    }
}
