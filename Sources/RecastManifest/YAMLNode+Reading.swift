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
        var node = YAMLNode(.string(value), at: start, text: isAsWritten ? value : nil)
        node.trail = trail
        return Entry(key: key, keyPosition: keyPosition, value: node)
    }
}

extension YAMLNode.Entry {
    /// `x-…`: in an object with a closed set of keys, what compose-spec leaves to others.
    var isExtension: Bool { key.utf8.starts(with: "x-".utf8) }
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

// MARK: - Change in place

extension YAMLNode {
    /// The text of a string; `nil` for other scalars too.
    var string: String? {
        guard case .string(let text) = content else { return nil }
        return text
    }

    /// `nil` for anything but `true` and `false`.
    var bool: Bool? {
        guard case .bool(let value) = content else { return nil }
        return value
    }

    /// Changes the entries of a mapping without a copy; other values stay as they are.
    mutating func changeEntries(_ change: (inout [Entry]) -> Void) {
        guard case .mapping(var entries) = content else { return }
        content = .null
        change(&entries)
        content = .mapping(entries)
    }

    /// Changes each value of a mapping; other values stay as they are.
    mutating func changeValues(_ change: (inout Entry) -> Void) {
        changeEntries { entries in
            for index in entries.indices { change(&entries[index]) }
        }
    }

    /// Changes each item of a list without a copy; other values stay as they are.
    mutating func changeItems(_ change: (inout YAMLNode) -> Void) {
        guard case .sequence(var items) = content else { return }
        content = .null
        for index in items.indices { change(&items[index]) }
        content = .sequence(items)
    }

    /// Changes the value of a key that is there.
    mutating func change(_ key: String, _ change: (inout YAMLNode) -> Void) {
        changeEntries { entries in
            guard let index = entries.firstIndex(where: { $0.key == key }) else { return }
            change(&entries[index].value)
        }
    }

    /// Gives a key of a mapping a value: in its place, or as a last entry that stands where the value does.
    mutating func set(_ key: String, to value: YAMLNode) {
        changeEntries { entries in
            if let index = entries.firstIndex(where: { $0.key == key }) {
                entries[index].value = value
            } else {
                entries.append(Entry(key: key, keyPosition: value.position, value: value))
            }
        }
    }

    /// Gives a key a text where it has no value.
    mutating func setDefault(_ key: String, _ text: @autoclosure () -> String) {
        guard entries != nil, self[key]?.isNull ?? true else { return }
        set(key, to: YAMLNode(.string(text()), at: position))
    }

    mutating func remove(_ key: String) {
        changeEntries { entries in entries.removeAll { $0.key == key } }
    }
}
