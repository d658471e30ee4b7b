import RecastModel
import RecastYAML

extension YAMLNode {
    var isScalar: Bool { items == nil && entries == nil }

    var isNull: Bool { content == .null }

    var items: [YAMLNode]? {
        guard case .sequence(let items) = content else { return nil }
        return items
    }

    var entries: [Entry]? {
        guard case .mapping(let entries) = content else { return nil }
        return entries
    }

    subscript(key: String) -> YAMLNode? { entry(key)?.value }

    func entry(_ key: String) -> Entry? { entries?.first { $0.key == key } }

    /// What a message calls such a value.
    var kind: String {
        switch content {
        case .null: "nothing"
        case .bool: "a boolean"
        case .int, .bigInt: "a number"
        case .float: "a number with a fraction"
        case .string: "a string"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    /// The same place with another value.
    func replacing(_ content: Content) -> YAMLNode {
        var copy = self
        copy.content = content
        return copy
    }

    var withoutTag: YAMLNode {
        var copy = self
        copy.tag = nil
        return copy
    }

    /// A list that holds just this.
    var singleton: YAMLNode { YAMLNode(.sequence([withoutTag]), at: position, tag: tag) }

    /// `KEY=VALUE` or `KEY` taken apart; `nil` when this is no string or has no key.
    var pair: Entry? {
        guard case .string(let whole) = content else { return nil }
        let mark = whole.firstIndex(of: "=") ?? whole.endIndex
        let key = String(whole[..<mark])
        let keyPosition = place(offset: 0, length: 1).position
        guard !key.isEmpty else { return nil }
        guard mark < whole.endIndex else {
            return Entry(key: key, keyPosition: keyPosition, value: YAMLNode(.null, at: keyPosition))
        }
        let value = String(whole[whole.index(after: mark)...])
        let start = place(offset: key.unicodeScalars.count + 1, length: 1).position
        let node = YAMLNode(.string(value), at: start, text: isAsWritten ? value : nil)
        return Entry(key: key, keyPosition: keyPosition, value: node)
    }
}

extension YAMLNode {
    /// The value alone, without its places.
    var bare: Content {
        let nowhere = SourcePosition(file: "", line: 0, column: 0)
        switch content {
        case .sequence(let items): return .sequence(items.map { YAMLNode($0.bare, at: nowhere) })
        case .mapping(let entries):
            return .mapping(
                entries.sorted { $0.key < $1.key }.map {
                    Entry(key: $0.key, keyPosition: nowhere, value: YAMLNode($0.value.bare, at: nowhere))
                })
        default: return content
        }
    }
}
