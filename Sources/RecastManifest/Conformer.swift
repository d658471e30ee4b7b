import RecastModel
import RecastYAML

/// Checks one file against the schema and gives it the canonical form that merging needs: every mapping that may also
/// be written as a list is a mapping, every list that may also be written as one value is a list.
struct Conformer {
    private(set) var report: Report
    /// What the whole file is called in a message.
    private let title: String

    init(domain: Domain = .manifest) {
        report = Report(domain: domain)
        title = domain == .manifest ? "a manifest" : "an environment"
    }

    /// `nil` when the value cannot be used; the reason has been reported.
    mutating func conform(_ node: YAMLNode, to shape: Shape, at path: TreePath) -> YAMLNode? {
        if let tag = node.tag, !Self.mergeTags.contains(tag) {
            report.error(
                .unknownTag, "unknown tag '\(tag)'", at: node.place, help: "compose knows `!reset` and `!override`")
            return nil
        }
        if node.tag == "!reset" { return node.replacing(.null) }
        if case .null = node.content { return node }
        return conformValue(node, to: shape, at: path)
    }

    private static let mergeTags: Set<String> = ["!reset", "!override"]

    private mutating func conformValue(_ node: YAMLNode, to shape: Shape, at path: TreePath) -> YAMLNode? {
        switch (shape, node.content) {
        case (.anything, _), (.unsupported, _): node
        case (.whole, .sequence(let items)): node.replacing(.sequence(conform(items: items, of: nil, at: path)))
        case (.list(let object), .sequence(let items)), (.oneOrMany(let object), .sequence(let items)):
            node.replacing(.sequence(conform(items: items, of: object, at: path)))
        case (.keyed(let object, _), .sequence(let items)):
            node.replacing(.sequence(conform(items: items, of: object, at: path)))
        case (.pairs, .mapping(let entries)):
            node.replacing(.mapping(entries.compactMap { conform($0, to: .scalar, at: path) }))
        case (.pairs, .sequence(let items)): node.replacing(.mapping(pairs(items, at: path)))
        case (.hosts, .mapping(let entries)): node.replacing(.sequence(hosts(entries, at: path)))
        case (.hosts, .sequence(let items)): node.replacing(.sequence(conform(items: items, of: nil, at: path)))
        case (.names(let object, _), .mapping(let entries)):
            node.replacing(.mapping(entries.compactMap { conform($0, to: .object(object), at: path) }))
        case (.names(_, let listed), .sequence(let items)):
            node.replacing(.mapping(names(items, listed: listed, at: path)))
        case (.map(let value), .mapping(let entries)):
            node.replacing(.mapping(entries.compactMap { conform($0, to: value, at: path) }))
        case (.object(let object), .mapping(let entries)), (.scalarOr(let object), .mapping(let entries)):
            node.replacing(.mapping(conform(entries, to: object, at: path)))
        case (.oneOrMany, _) where node.isScalar: node.singleton
        case (.scalar, _) where node.isScalar, (.whole, _) where node.isScalar, (.scalarOr, _) where node.isScalar: node
        default: refuse(node, shape, at: path)
        }
    }

    private mutating func refuse(_ node: YAMLNode, _ shape: Shape, at path: TreePath) -> YAMLNode? {
        let subject = path.keys.isEmpty ? title : path.description
        report.error(
            .wrongType, "\(subject) must be \(shape.expectation), not \(node.kind)", at: node.place)
        return nil
    }
}

// MARK: - Mappings

extension Conformer {
    private mutating func conform(_ entry: YAMLNode.Entry, to shape: Shape, at path: TreePath) -> YAMLNode.Entry? {
        guard let value = conform(entry.value, to: shape, at: path.appending(entry.key)) else { return nil }
        return YAMLNode.Entry(key: entry.key, keyPosition: entry.keyPosition, value: value)
    }

    private mutating func conform(
        _ entries: [YAMLNode.Entry], to object: Object, at path: TreePath
    ) -> [YAMLNode.Entry] {
        entries.compactMap { entry in
            switch object.fields[entry.key] {
            case let shape?: return conform(entry, to: shape, at: path)
            case nil: reportUnknown(entry, of: object, at: path)
            }
            return nil
        }
    }

    private mutating func reportUnknown(_ entry: YAMLNode.Entry, of object: Object, at path: TreePath) {
        let key = entry.key
        if key.hasPrefix("x-"), object.extensible, key != "x-recast" { return }
        if key == "x-recast" {
            reportExtension(entry)
        } else {
            report.error(
                .unknownKey, "unknown key '\(key)' in \(subject(path))", at: entry.keyPlace,
                help: advice(for: entry, of: object, at: path))
        }
    }

    /// `x-recast` is reserved: every word under it will be Recast's own, and none is yet.
    private mutating func reportExtension(_ entry: YAMLNode.Entry) {
        guard let words = entry.value.entries, !words.isEmpty else { return }
        for word in words {
            report.error(.unknownKey, "unknown key '\(word.key)' in x-recast", at: word.keyPlace)
        }
    }

    private func advice(for entry: YAMLNode.Entry, of object: Object, at path: TreePath) -> String? {
        if let hint = object.hints[entry.key] { return "write `\(hint)`" }
        if let near = nearest(to: entry.key, in: object.fields.keys) { return "did you mean '\(near)'?" }
        guard path.keys.isEmpty else { return nil }
        if Schema.service.fields[entry.key] != nil {
            return "'\(entry.key)' is a key of a service: indent it under one in `services:`"
        }
        let looksLikeService = entry.value.entries?.contains { $0.key == "image" || $0.key == "build" } ?? false
        return looksLikeService ? "services stand under `services:`" : nil
    }

    private func subject(_ path: TreePath) -> String { path.keys.isEmpty ? title : path.description }
}

// MARK: - Lists

extension Conformer {
    private mutating func conform(items: [YAMLNode], of object: Object?, at path: TreePath) -> [YAMLNode] {
        items.compactMap { item in
            guard isUsable(item, at: path) else { return nil }
            if let object, case .mapping(let entries) = item.content {
                return item.replacing(.mapping(conform(entries, to: object, at: path)))
            }
            guard item.isScalar else {
                report.error(
                    .wrongType, "an item of \(path) must be a single value, not \(item.kind)", at: item.place,
                    help: item.entries == nil ? nil : "quote the text if its `: ` is meant literally")
                return nil
            }
            return item
        }
    }

    /// A tag on an item has no meaning in compose, and nothing at all is a slip of the pen.
    private mutating func isUsable(_ item: YAMLNode, at path: TreePath) -> Bool {
        if let tag = item.tag {
            report.error(
                .tagInList, "'\(tag)' has no effect on an item of a list", at: item.place,
                help: "put it on \(path.keys.last ?? "the list") itself")
            return false
        }
        if case .null = item.content {
            report.error(.wrongType, "an item of \(path) is empty", at: item.place)
            return false
        }
        return true
    }

    private mutating func pairs(_ items: [YAMLNode], at path: TreePath) -> [YAMLNode.Entry] {
        var entries: [YAMLNode.Entry] = []
        for item in items where isUsable(item, at: path) {
            guard let entry = item.pair else {
                report.error(
                    .wrongType, "an item of \(path) must be KEY=VALUE, not \(item.kind)", at: item.place,
                    help: "quote it, or write the whole as a mapping")
                continue
            }
            if let index = entries.firstIndex(where: { $0.key == entry.key }) {
                reportRepeated(entry, first: entries[index], at: path)
                entries[index] = entry
            } else {
                entries.append(entry)
            }
        }
        return entries
    }

    private mutating func reportRepeated(_ entry: YAMLNode.Entry, first: YAMLNode.Entry, at path: TreePath) {
        report.warn(
            .repeatedItem, "'\(entry.key)' stands twice in \(path); the last one holds", at: entry.keyPlace,
            notes: [.init("first here", at: first.keyPosition)])
    }

    private mutating func names(
        _ items: [YAMLNode], listed: [String: String], at path: TreePath
    ) -> [YAMLNode.Entry] {
        var entries: [YAMLNode.Entry] = []
        for item in items where isUsable(item, at: path) {
            guard case .string(let name) = item.content else {
                report.error(
                    .wrongType, "an item of \(path) must be a name, not \(item.kind)", at: item.place)
                continue
            }
            let defaults = listed.sorted { $0.key < $1.key }.map { key, value in
                YAMLNode.Entry(
                    key: key, keyPosition: item.position, value: YAMLNode(.string(value), at: item.position))
            }
            let value = YAMLNode(defaults.isEmpty ? .null : .mapping(defaults), at: item.position)
            let entry = YAMLNode.Entry(key: name, keyPosition: item.place(offset: 0, length: 1).position, value: value)
            if let first = entries.first(where: { $0.key == name }) {
                reportRepeated(entry, first: first, at: path)
            } else {
                entries.append(entry)
            }
        }
        return entries
    }

    /// `{host: address}` or `{host: [address, …]}` as a list of `host=address`.
    private mutating func hosts(_ entries: [YAMLNode.Entry], at path: TreePath) -> [YAMLNode] {
        entries.flatMap { entry -> [YAMLNode] in
            let addresses = entry.value.items ?? [entry.value]
            return addresses.compactMap { address in
                guard case .string(let text) = address.content else {
                    report.error(
                        .wrongType, "an address of host '\(entry.key)' must be a string, not \(address.kind)",
                        at: address.place)
                    return nil
                }
                return YAMLNode(.string("\(entry.key)=\(text)"), at: entry.keyPosition)
            }
        }
    }
}
