import RecastModel
import RecastYAML

/// Gives every value of a merged manifest its type and its canonical text: sizes in bytes, commands in words.
///
/// A value that cannot be read stays as it is, and is reported. Extensions are checked, and stay as they are: a tool
/// that knows nothing of them prints them so.
struct Typing {
    private(set) var report = Report()
    /// A text with a variable in it stays as it is.
    var leavesVariables = false

    mutating func type(_ node: YAMLNode, as shape: Shape, at path: TreePath) -> YAMLNode {
        switch (shape, node.content) {
        case (.anything, _): node
        case (_, .string) where leavesVariables && node.holdsVariable: node
        case (.scalar(let scalar), _) where node.isScalar, (.scalarOr(let scalar, _), _) where node.isScalar:
            type(node, as: scalar, at: path)
        case (.words(let words), .string(let text)): type(node, text, as: words, at: path)
        case (.hosts, .sequence(let items)): node.replacing(.sequence(hosts(items, at: path)))
        case (.list(let list), .sequence(let items)):
            node.replacing(.sequence(items.map { type($0, as: list.item, at: path) }))
        case (.pairs(let pairs), .mapping(let entries)):
            node.replacing(.mapping(entries.map { type($0, in: pairs, at: path) }))
        case (_, .mapping(let entries)):
            node.replacing(
                .mapping(
                    entries.map { entry in
                        let value = type(entry.value, as: shape.shape(of: entry.key), at: path.appending(entry.key))
                        return shape.isExtension(entry)
                            ? entry : YAMLNode.Entry(key: entry.key, keyPosition: entry.keyPosition, value: value)
                    }))
        default: node
        }
    }

    private mutating func type(_ entry: YAMLNode.Entry, in pairs: Pairs, at path: TreePath) -> YAMLNode.Entry {
        var entry = entry
        if entry.key.last?.isWhitespace ?? false {
            report.error(
                .badName, "'\(entry.key)' ends with a space", at: entry.keyPlace,
                help: "write KEY=VALUE without spaces around the `=`")
        }
        if entry.value.isNull {
            if pairs.emptiesNulls { entry.value = entry.value.replacing(.string("")) }
        } else if let text = report.text(entry.value) {
            entry.value = entry.value.replacing(.string(text))
        }
        return entry
    }
}

// MARK: - Single values

extension Typing {
    private mutating func type(_ node: YAMLNode, as scalar: Scalar, at path: TreePath) -> YAMLNode {
        guard !node.isNull else { return node }
        let field = Field(node, at: path)
        let content: YAMLNode.Content? =
            switch scalar {
            case .any, .text, .textOrNull, .parallelism, .plainBool, .plainInteger, .plainNumber: node.content
            case .printed, .numberOrText: report.text(node).map { .string($0) }
            case .bool: report.bool(field).map { .bool($0) }
            case .integer(let range): report.integer(field, in: range).map { .int($0) }
            case .truncated: truncated(field)
            case .number: number(field).map { .float($0) }
            case .cpus: number(field).map { .float(Double(Float($0).description) ?? $0) }
            case .bytes(_, let mayBeUnlimited): bytes(field, mayBeUnlimited: mayBeUnlimited)
            case .duration: duration(field)
            case .fileMode: fileMode(field)
            case .modeNumber: fileModeNumber(field)
            case .deviceCount: deviceCount(field)
            case .choice(let words): report.choice(field, words).map { .string($0) }
            case .containerName: containerName(field)
            case .pullPolicy: pullPolicy(field)
            }
        return content.map { node.replacing($0) } ?? node
    }

    private mutating func number(_ field: Field) -> Double? {
        switch field.node.content {
        case .int(let value): return Double(value)
        case .float(let value): return value
        case .string(let text):
            if let value = Double(text), value.isFinite { return value }
            fallthrough
        default:
            report.error(
                .wrongType, "\(field.path) must be a number, not \(report.described(field.node))", at: field.place)
            return nil
        }
    }

    private mutating func truncated(_ field: Field) -> YAMLNode.Content? {
        if case .float(let value) = field.node.content, value.isFinite, (0...1e15).contains(value) {
            report.warn(
                .changedText, "\(field.path) is cut to \(Int64(value))", at: field.place, help: "write a whole number")
            return .int(Int64(value))
        }
        return report.integer(field, in: 0...Int64.max).map { .int($0) }
    }

    private mutating func bytes(_ field: Field, mayBeUnlimited: Bool) -> YAMLNode.Content? {
        report.bytes(field, mayBeUnlimited: mayBeUnlimited).map { .string(String($0)) }
    }

    private mutating func duration(_ field: Field) -> YAMLNode.Content? {
        report.duration(field).map { .string(GoDuration(nanoseconds: $0).description) }
    }

    /// Printed in octal, as Docker Compose does.
    private mutating func fileMode(_ field: Field) -> YAMLNode.Content? {
        mode(field).map { .string("0" + String($0, radix: 8)) }
    }

    private mutating func fileModeNumber(_ field: Field) -> YAMLNode.Content? {
        if case .string(let text) = field.node.content, Int64(text) == nil {
            report.badValue(field, "is '\(text)', which is no number", help: "write 0700 without quotes")
            return nil
        }
        warnOfDecimal(field)
        return report.integer(field, in: 0...Int64(UInt32.max)).map { .int($0) }
    }

    /// A number as YAML reads it, `0440` in octal; text is octal.
    private mutating func mode(_ field: Field) -> Int64? {
        if case .string(let text) = field.node.content {
            return report.parsed(field.node) { () throws(GrammarError) in try FileMode.parse(text) }.map(Int64.init)
        }
        warnOfDecimal(field)
        return report.integer(field, in: 0...Int64.max)
    }

    private mutating func warnOfDecimal(_ field: Field) {
        guard case .int(let value) = field.node.content, value > 0, let text = field.node.text, !text.hasPrefix("0")
        else { return }
        report.warn(
            .changedText, "\(text) is decimal, so the mode is 0\(String(value, radix: 8))", at: field.place,
            help: "write 0\(text) for octal")
    }

    /// -1 is every device.
    private mutating func deviceCount(_ field: Field) -> YAMLNode.Content? {
        if case .string(let text) = field.node.content {
            if text.lowercased() == "all" { return .int(-1) }
            if let count = Int64(text) { return .int(count) }
            report.badValue(field, "is '\(text)'; it can be `all` or a number")
            return nil
        }
        return report.integer(field, in: -1...Int64(Int32.max)).map { .int($0) }
    }

    private mutating func containerName(_ field: Field) -> YAMLNode.Content? {
        guard let text = report.string(field) else { return nil }
        let runs = text.split { !($0.isASCIILetter || $0.isASCIIDigit || "_.-".contains($0)) }
        let isName = runs.contains { $0.drop { !($0.isASCIILetter || $0.isASCIIDigit) }.count > 1 }
        if !isName {
            report.badValue(
                field, "is '\(text)'",
                help: "use two or more letters, digits, `.`, `-` and `_`, a letter or digit first")
        }
        return .string(text)
    }

    private mutating func pullPolicy(_ field: Field) -> YAMLNode.Content? {
        guard let text = report.string(field) else { return nil }
        let words = ["always", "never", "build", "if_not_present", "missing", "refresh", "daily", "weekly"]
        let every = text.components(after: "every_")
        let isPeriod = every.map { $0.first?.isASCIIDigit ?? false && "wdhms".contains($0.last ?? " ") } ?? false
        guard words.contains(where: text.contains) || isPeriod else {
            return report.choice(field, words).map { .string($0) }
        }
        return .string(text)
    }
}

extension Shape {
    /// Where a person chooses the keys, `x-…` is a name like any other.
    fileprivate func isExtension(_ entry: YAMLNode.Entry) -> Bool {
        guard case .object = inner else { return false }
        return entry.isExtension
    }
}

extension YAMLNode {
    /// A text with a `$`.
    var holdsVariable: Bool { string?.utf8.contains(UInt8(ascii: "$")) ?? false }
}

extension String {
    /// What follows a word; `nil` without it.
    fileprivate func components(after word: String) -> Substring? {
        hasPrefix(word) ? dropFirst(word.count) : nil
    }
}

// MARK: - Commands and hosts

extension Typing {
    private mutating func type(_ node: YAMLNode, _ text: String, as words: Words, at path: TreePath) -> YAMLNode {
        switch words {
        case .test: return list(["CMD-SHELL", text], at: node)
        case .command:
            guard let split = report.shellWords(text, at: Field(node, at: path)) else { return node }
            return list(split, at: node)
        }
    }

    private func list(_ words: [String], at node: YAMLNode) -> YAMLNode {
        var list = node.replacing(.sequence(words.map { YAMLNode(.string($0), at: node.position) }))
        list.text = nil
        return list
    }

    /// `host=address`, one address an item, sorted as Docker Compose prints them.
    private mutating func hosts(_ items: [YAMLNode], at path: TreePath) -> [YAMLNode] {
        items.flatMap { item -> [YAMLNode] in
            guard let text = item.string, !(leavesVariables && item.holdsVariable) else { return [item] }
            let mark = text.firstIndex(of: "=") ?? text.firstIndex(of: ":")
            guard let mark, mark != text.startIndex, !text[..<mark].contains(":") else {
                report.error(
                    .badValue, "'\(text)' is no host=address", at: item.place, help: "write host=address")
                return [item]
            }
            let host = text[..<mark]
            return text[text.index(after: mark)...].split(separator: ",", omittingEmptySubsequences: false).map {
                part in
                let isBracketed = part.count > 2 && part.hasPrefix("[") && part.hasSuffix("]")
                return item.replacing(.string("\(host)=\(isBracketed ? part.dropFirst().dropLast() : part)"))
            }
        }.sorted { ($0.string ?? "") < ($1.string ?? "") }
    }
}
