import RecastYAML

extension YAMLNode {
    /// Without what says nothing, as Docker Compose prints a manifest: empty texts, lists and mappings, zeros and `false`.
    ///
    /// A key whose absence means something else than its zero stays, and so do the empty objects of a person's own
    /// making.
    func pruned(as shape: Shape) -> YAMLNode {
        switch (shape, content) {
        case (.anything, _), (.pairs, _): self
        case (.list(let list), .sequence(let items)):
            replacing(.sequence(items.map { $0.pruned(as: list.item) }))
        case (_, .mapping(let entries)):
            replacing(.mapping(entries.compactMap { $0.pruned(in: shape.inner) }))
        default: self
        }
    }

    fileprivate var saysNothing: Bool {
        switch content {
        case .null, .bool(false), .int(0), .float(0), .string(""), .string("0s"): true
        case .sequence(let items): items.isEmpty
        default: false
        }
    }
}

extension YAMLNode.Entry {
    fileprivate func pruned(in shape: Shape) -> YAMLNode.Entry? {
        let inner = shape.shape(of: key)
        var copy = self
        copy.value = value.pruned(as: inner)
        guard case .object(let object) = shape, let field = object.fields[key] else { return copy }
        if field.isAlwaysPrinted { return value.isNull ? nil : copy }
        if copy.value.saysNothing { return nil }
        if case .scalar(.bytes) = inner, copy.value.content == .string("0") { return nil }
        if case .mapping([]) = copy.value.content, inner.isLeftOutWhenEmpty { return nil }
        return copy
    }
}

extension Shape {
    /// A mapping with keys of a person's choice; an object is printed even when it is empty.
    fileprivate var isLeftOutWhenEmpty: Bool {
        switch self {
        case .pairs, .names, .map: true
        default: false
        }
    }
}
