import RecastModel
import RecastYAML

/// The short texts of compose files, with the offset of a fault turned into a place.
extension Report {
    mutating func error(_ problem: GrammarError, in node: YAMLNode, _ code: Code = .badValue, prefix: String = "") {
        error(
            code, prefix + problem.message, at: node.place(offset: problem.offset, length: problem.length),
            help: problem.help)
    }

    mutating func warn(_ problem: GrammarError, in node: YAMLNode, _ code: Code) {
        warn(code, problem.message, at: node.place(offset: problem.offset, length: problem.length), help: problem.help)
    }

    /// The result of a grammar, or `nil` and a report.
    mutating func parsed<Value>(
        _ node: YAMLNode, _ code: Code = .badValue, prefix: String = "",
        _ parse: () throws(GrammarError) -> Value
    ) -> Value? {
        do throws(GrammarError) {
            return try parse()
        } catch {
            self.error(error, in: node, code, prefix: prefix)
            return nil
        }
    }

    /// Nanoseconds; a number alone has no unit and is a mistake.
    mutating func duration(_ field: Field?) -> Int64? {
        guard let field else { return nil }
        guard case .string(let text) = field.node.content else {
            error(
                .badValue, "\(field.path) must be a duration, not \(described(field.node))", at: field.place,
                help: field.node.wholeNumber.map { "write \($0)s" } ?? "write a number and a unit, such as 10s")
            return nil
        }
        return parsed(field.node, prefix: "\(field.path): ") { () throws(GrammarError) in
            try GoDuration(text).nanoseconds
        }
    }

    mutating func bytes(_ field: Field?, mayBeUnlimited: Bool) -> Int64? {
        guard let field else { return nil }
        if case .float = field.node.content {
            badValue(field, "must be a whole number of bytes, or text with a unit", help: "write 512m")
            return nil
        }
        guard let text = field.node.formattedText else { return nil }
        let size = parsed(field.node, prefix: "\(field.path): ") { () throws(GrammarError) in try ByteSize(text) }
        guard let bytes = size?.bytes else { return nil }
        if bytes == -1, !mayBeUnlimited {
            badValue(field, "cannot be unlimited", help: "leave the key out")
            return nil
        }
        return bytes
    }

    mutating func nanoCPUs(_ field: Field?) -> Int64? {
        guard let field, let text = field.node.decimalText else { return nil }
        return parsed(field.node, prefix: "\(field.path): ") { () throws(GrammarError) in try NanoCPUs.parse(text) }
    }

    /// A share between 0 and 1.
    mutating func ratio(_ field: Field?) -> Double? {
        guard let field else { return nil }
        guard let value = field.node.formattedText.flatMap({ Double($0) }), (0...1).contains(value) else {
            badValue(field, "must be a number between 0 and 1, not \(described(field.node))")
            return nil
        }
        return value
    }

    /// Without a shell; what would need one is warned of.
    mutating func shellWords(_ text: String, at field: Field) -> [String]? {
        let split = parsed(field.node, .badCommand) { () throws(GrammarError) in try ShellWords(text) }
        guard let split else { return nil }
        if let cut = split.cutOffset {
            let length = text.unicodeScalars.count - cut
            warn(
                .badCommand, "no shell reads this: the rest of the command is left out",
                at: field.node.place(offset: cut, length: length), help: "write [\"sh\", \"-c\", \"…\"]")
        }
        return split.words
    }
}

extension YAMLNode {
    /// A number as it was written, so that no float stands between `0.1` and its meaning.
    fileprivate var decimalText: String? {
        if case .float = content, let text, !text.contains(where: { "eE_".contains($0) }) { return text }
        return formattedText
    }
}

/// The word of the candidates that was probably meant.
func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
    Suggestion.nearest(to: word, among: candidates.sorted())
}
