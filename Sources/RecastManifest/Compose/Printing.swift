package import RecastYAML

extension YAMLNode {
    /// A manifest as `docker compose config --format json` writes it, without a line break at the end.
    package var composeJSON: String {
        let root = withoutExtensions(as: .object(Schema.manifest), isTop: true)
        return String(decoding: ComposeJSON.bytes(of: root), as: UTF8.self)
    }

    /// A manifest as YAML that Docker Compose reads as the same.
    package var composeYAML: String { doublingDollars.yamlText }

    private func withoutExtensions(as shape: Shape, isTop: Bool) -> YAMLNode {
        switch (shape.inner, content) {
        case (.anything, _): return self
        case (.list(let list), .sequence(let items)):
            return replacing(.sequence(items.map { $0.withoutExtensions(as: list.item, isTop: false) }))
        case (let inner, .mapping(let entries)):
            var kept = entries
            if case .object(let object) = inner, !isTop {
                kept.removeAll { $0.key.hasPrefix("x-") && object.extensible }
            }
            for index in kept.indices {
                kept[index].value = kept[index].value.withoutExtensions(
                    as: inner.shape(of: kept[index].key), isTop: false)
            }
            return replacing(.mapping(kept))
        default: return self
        }
    }

    private var doublingDollars: YAMLNode {
        switch content {
        case .string(let text): replacing(.string(text.replacing("$", with: "$$")))
        case .sequence(let items): replacing(.sequence(items.map(\.doublingDollars)))
        case .mapping(let entries):
            replacing(
                .mapping(
                    entries.map {
                        Entry(
                            key: $0.key.replacing("$", with: "$$"), keyPosition: $0.keyPosition,
                            value: $0.value.doublingDollars)
                    }))
        default: self
        }
    }
}
