import RecastModel
import RecastYAML

/// Lays one conformed file over another by compose-spec's rules.
struct Merger {
    private(set) var report = Report()

    /// `nil`: the override took the value away.
    mutating func merge(_ base: YAMLNode, _ over: YAMLNode, as shape: Shape, at path: TreePath) -> YAMLNode? {
        if over.tag == "!reset" { return nil }
        if over.tag == "!override" { return over.withoutTag.overriding(base) }
        if case .words = shape { return over.overriding(base) }
        if over.isNull { return base }
        if base.isNull { return over.overriding(base) }
        switch (shape, base.content, over.content) {
        case (.list(let list), .sequence(let first), .sequence(let second)):
            return base.replacing(.sequence(list.joined(first, second, merging: { merge($0, $1, in: list, at: path) })))
        case (.hosts, .sequence(let first), .sequence(let second)):
            let known = Set(first.map(\.content))
            return base.replacing(.sequence(first + second.filter { !known.contains($0.content) }))
        case (_, .sequence(let first), .sequence(let second)): return base.replacing(.sequence(first + second))
        case (.object(let object), .mapping(let first), .mapping(let second)),
            (.textOr(_, let object), .mapping(let first), .mapping(let second)):
            if excludes(object, base, over) { return over.overriding(base) }
            return base.replacing(.mapping(merge(first, second, at: path) { object[$0] ?? .anything }))
        case (.names(let object, _), .mapping(let first), .mapping(let second)):
            return base.replacing(.mapping(merge(first, second, at: path) { _ in .object(object) }))
        case (.map(let value, _), .mapping(let first), .mapping(let second)):
            return base.replacing(.mapping(merge(first, second, at: path) { _ in value }))
        case (.pairs, .mapping(let first), .mapping(let second)):
            return base.replacing(.mapping(merge(first, second, at: path) { _ in .words(.test) }))
        case (.anything, .mapping(let first), .mapping(let second)):
            return base.replacing(.mapping(merge(first, second, at: path) { _ in .anything }))
        case (.scalarOr, _, _): return over.overriding(base)
        case _ where base.isScalar: return over.overriding(base)
        default: return clash(base, over, at: path)
        }
    }

    private mutating func clash(_ base: YAMLNode, _ over: YAMLNode, at path: TreePath) -> YAMLNode {
        report.error(
            .wrongType, "\(path) is \(base.kind) in an earlier file, and \(over.kind) here", at: over.place,
            help: "write `!override` before the value to replace it",
            notes: [.init("the earlier value is here", at: base.position)])
        return base
    }

    private mutating func merge(
        _ base: [YAMLNode.Entry], _ over: [YAMLNode.Entry], at path: TreePath, shape: (String) -> Shape
    ) -> [YAMLNode.Entry] {
        var merged: [YAMLNode.Entry?] = base
        var indices = Dictionary(uniqueKeysWithValues: base.indices.map { (base[$0].key, $0) })
        for entry in over {
            guard let index = indices[entry.key], let first = merged[index] else {
                if entry.value.tag != "!reset" {
                    indices[entry.key] = merged.count
                    merged.append(entry)
                }
                continue
            }
            let value = merge(first.value, entry.value, as: shape(entry.key), at: path.appending(entry.key))
            merged[index] = value.map {
                YAMLNode.Entry(
                    key: entry.key,
                    keyPosition: $0.position == first.value.position ? first.keyPosition : entry.keyPosition, value: $0)
            }
        }
        return merged.compactMap(\.self)
    }

    private mutating func merge(_ base: YAMLNode, _ over: YAMLNode, in list: List, at path: TreePath) -> YAMLNode {
        guard case .subnet? = list.identity else { return over.overriding(base) }
        return merge(base, over, as: list.item, at: path) ?? over
    }

    private func excludes(_ object: Object, _ base: YAMLNode, _ over: YAMLNode) -> Bool {
        guard let key = object.exclusive, let first = base[key], let second = over[key] else { return false }
        return first.content != second.content
    }
}

extension YAMLNode {
    /// The same value, remembering the one whose place it takes.
    fileprivate func overriding(_ base: YAMLNode) -> YAMLNode {
        var copy = self
        copy.trail = trail + [.overrides(base.position)] + base.trail
        return copy
    }
}
