import RecastYAML

/// Lays one conformed file over another by compose-spec's rules.
struct Merger {
    private(set) var report = Report()

    /// `nil`: the override took the value away.
    mutating func merge(_ base: YAMLNode, _ over: YAMLNode, as shape: Shape) -> YAMLNode? {
        if over.tag == "!reset" { return nil }
        if over.tag == "!override" { return over.withoutTag }
        if case .whole = shape { return over }
        if over.isNull { return base }
        if base.isNull { return over }
        return switch (shape, base.content, over.content) {
        case (.keyed(let object, let key), .sequence(let first), .sequence(let second)):
            base.replacing(.sequence(merge(first, second, as: object, by: key)))
        case (_, .sequence(let first), .sequence(let second)): base.replacing(.sequence(first + second))
        case (.object(let object), .mapping(let first), .mapping(let second)):
            excludes(object, base, over)
                ? over : base.replacing(.mapping(merge(first, second) { object.fields[$0] ?? .anything }))
        case (.names(let object, _), .mapping(let first), .mapping(let second)):
            base.replacing(.mapping(merge(first, second) { _ in .object(object) }))
        case (.map(let value), .mapping(let first), .mapping(let second)):
            base.replacing(.mapping(merge(first, second) { _ in value }))
        case (.pairs, .mapping(let first), .mapping(let second)):
            base.replacing(.mapping(merge(first, second) { _ in .whole }))
        default: over
        }
    }

    private mutating func merge(
        _ base: [YAMLNode.Entry], _ over: [YAMLNode.Entry], shape: (String) -> Shape
    ) -> [YAMLNode.Entry] {
        var merged = base
        for entry in over {
            guard let index = merged.firstIndex(where: { $0.key == entry.key }) else {
                merged.append(entry)
                continue
            }
            if let value = merge(merged[index].value, entry.value, as: shape(entry.key)) {
                merged[index].value = value
            } else {
                merged.remove(at: index)
            }
        }
        return merged
    }

    private mutating func merge(
        _ base: [YAMLNode], _ over: [YAMLNode], as object: Object, by key: String
    ) -> [YAMLNode] {
        var merged = base
        for item in over {
            let index = merged.firstIndex { $0[key]?.content == item[key]?.content }
            if let index, let both = merge(merged[index], item, as: .object(object)) {
                merged[index] = both
            } else {
                merged.append(item)
            }
        }
        return merged
    }

    private func excludes(_ object: Object, _ base: YAMLNode, _ over: YAMLNode) -> Bool {
        guard let key = object.exclusive, let first = base[key], let second = over[key] else { return false }
        return first.content != second.content
    }

    /// Drops what is left of `!reset` and `!override`, and sections with nothing in them.
    mutating func settle(_ node: YAMLNode, as shape: Shape, at path: TreePath) -> YAMLNode {
        guard case .mapping(let entries) = node.content else { return node.withoutTag }
        let kept = entries.filter { $0.value.tag != "!reset" }.compactMap { entry in
            settle(entry, as: shape, at: path)
        }
        return node.replacing(.mapping(kept)).withoutTag
    }

    private mutating func settle(_ entry: YAMLNode.Entry, as shape: Shape, at path: TreePath) -> YAMLNode.Entry? {
        let path = path.appending(entry.key)
        let (inner, mayBeEmpty) = shape.entry(entry.key)
        if entry.value.isNull, !mayBeEmpty {
            report.note(.emptySection, "\(path) is empty and says nothing", at: entry.keyPlace)
            return nil
        }
        return YAMLNode.Entry(
            key: entry.key, keyPosition: entry.keyPosition, value: settle(entry.value, as: inner, at: path))
    }
}

extension Shape {
    /// The shape of one entry, and whether "nothing" is a meaning of its own there.
    fileprivate func entry(_ key: String) -> (shape: Shape, mayBeEmpty: Bool) {
        switch self {
        case .object(let object), .scalarOr(let object):
            let shape = object.fields[key] ?? .anything
            if case .whole = shape { return (shape, true) }
            return (shape, key == "deploy")
        case .names(let object, _): return (.object(object), true)
        case .map(let value): return (value, true)
        default: return (.anything, true)
        }
    }
}
