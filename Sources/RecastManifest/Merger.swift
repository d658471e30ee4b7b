import RecastYAML

/// Lays one conformed file over another by compose-spec's rules.
struct Merger {
    /// `nil`: the override took the value away.
    func merge(_ base: YAMLNode, _ over: YAMLNode, as shape: Shape) -> YAMLNode? {
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

    private func merge(
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

    private func merge(
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
}
