import RecastModel

/// A mapping while its entries are read: keys must be text and unique, and `<<` brings in the entries of others.
struct MappingDraft {
    private var own: [YAMLNode.Entry] = []
    private var indices: [String: Int] = [:]
    private var merge: (key: YAMLNode, index: Int, entries: [YAMLNode.Entry])?

    /// Own entries win over merged ones, which stand where the `<<` stood.
    var entries: [YAMLNode.Entry] {
        guard let merge else { return own }
        let merged = merge.entries.filter { indices[$0.key] == nil }
        return own[..<merge.index] + merged + own[merge.index...]
    }

    mutating func add(_ key: YAMLNode, _ value: YAMLNode) throws(Refusal) {
        guard !key.isMergeKey else { return try add(merge: value, key) }
        guard case .string(let name) = key.content else { throw notText(key) }
        if let index = indices[name] { throw duplicate(key, name, first: own[index].keyPosition) }
        indices[name] = own.count
        own.append(YAMLNode.Entry(key: name, keyPosition: key.position, value: value))
    }

    private mutating func add(merge value: YAMLNode, _ key: YAMLNode) throws(Refusal) {
        if let merge { throw duplicate(key, "<<", first: merge.key.position) }
        merge = (key, own.count, [])
        var seen: Set<String> = []
        for source in try mergeSources(value) where !source.isUnresolvedAlias {
            guard case .mapping(let entries) = source.content else { throw badMerge(source) }
            merge?.entries += entries.filter { seen.insert($0.key).inserted }
        }
    }

    private func mergeSources(_ value: YAMLNode) throws(Refusal) -> [YAMLNode] {
        switch value.content {
        case .mapping: [value]
        case .sequence(let values): values
        case .null where value.isUnresolvedAlias: []
        default: throw badMerge(value)
        }
    }
}

extension MappingDraft {
    private func badMerge(_ value: YAMLNode) -> Refusal {
        Refusal(
            .badMerge, "'<<' takes a mapping or a list of mappings, not \(value.kindName)", at: value.position,
            help: "write  <<: *anchor  or  <<: [*first, *second]")
    }

    private func duplicate(_ key: YAMLNode, _ name: String, first: SourcePosition) -> Refusal {
        Refusal(
            .duplicateKey, "the key '\(name)' is declared twice", at: key.position, length: key.width,
            help: name == "<<" ? "write one  <<: [*first, *second]" : "keep one of the two",
            notes: [Diagnostic.Note("first declared here", at: first)])
    }

    private func notText(_ key: YAMLNode) -> Refusal {
        guard let text = key.text else {
            return Refusal(.keyNotText, "\(key.kindName) cannot be a key", at: key.position)
        }
        guard !text.isEmpty else {
            return Refusal(.keyNotText, "a key is missing here", at: key.position)
        }
        return Refusal(
            .keyNotText, "a key must be text; '\(text)' is \(key.kindName)", at: key.position, length: key.width,
            help: "write \"\(text)\"")
    }
}

extension YAMLNode {
    fileprivate var isMergeKey: Bool { !quoted && tag == nil && content == .string("<<") }

    /// Stands for an alias without an anchor, which is reported already.
    fileprivate var isUnresolvedAlias: Bool { content == .null && text == nil }

    /// Characters under a caret that marks the scalar.
    fileprivate var width: Int { max(1, (text ?? "").unicodeScalars.count + (quoted ? 2 : 0)) }

    /// The kind of value, with its article, for messages: `a number`, `a list`.
    package var kindName: String {
        switch content {
        case .null: "null"
        case .bool: "a boolean"
        case .int, .bigInt, .float: "a number"
        case .string: "text"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}
