import RecastYAML

/// Finishes a merged manifest: drops what is left of `!reset` and sections with nothing in them, and refuses the words
/// that are not supported.
///
/// Only now, as an override may have taken them away.
struct Settler {
    private(set) var report: Report

    init(domain: Domain = .manifest) { report = Report(domain: domain) }

    mutating func settle(_ node: YAMLNode, as shape: Shape, at path: TreePath) -> YAMLNode {
        switch (node.content, shape) {
        case (_, .anything): return node
        case (.mapping(let entries), _):
            let kept = entries.filter { $0.value.tag != "!reset" }.compactMap { settle($0, as: shape, at: path) }
            return node.replacing(.mapping(kept)).withoutTag
        case (.sequence(let items), .list(let object?)), (.sequence(let items), .oneOrMany(let object?)),
            (.sequence(let items), .keyed(let object, _)):
            return node.replacing(.sequence(items.map { settle($0, as: .object(object), at: path) })).withoutTag
        default: return node.withoutTag
        }
    }

    /// `nil` when there is nothing in it.
    private mutating func settle(_ entry: YAMLNode.Entry, as shape: Shape, at path: TreePath) -> YAMLNode.Entry? {
        let path = path.appending(entry.key)
        let inner = shape.shape(of: entry.key)
        if case .unsupported(let advice) = inner {
            report.error(.unsupportedKey, "'\(entry.key)' is not supported yet", at: entry.keyPlace, help: advice)
            return entry
        }
        if entry.value.isNull, !shape.mayBeEmpty(entry.key) {
            report.note(.emptySection, "\(path) is empty and says nothing", at: entry.keyPlace)
            return nil
        }
        let value = settle(entry.value, as: inner, at: path)
        return YAMLNode.Entry(key: entry.key, keyPosition: entry.keyPosition, value: value)
    }
}

extension Shape {
    /// What may stand under a key of a mapping.
    fileprivate func shape(of key: String) -> Shape {
        switch self {
        case .object(let object), .scalarOr(let object): object.fields[key] ?? .anything
        case .names(let object, _): .object(object)
        case .map(let value): value
        default: .anything
        }
    }

    /// "Nothing" is a meaning of its own there: the image's command, or a network without settings.
    fileprivate func mayBeEmpty(_ key: String) -> Bool {
        guard case .object(let object) = self else { return true }
        if case .whole? = object.fields[key] { return true }
        return key == "deploy"
    }
}
