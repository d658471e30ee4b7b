import RecastModel
import RecastYAML

/// Looks at what the files say together: drops what is left of `!reset`, and finds sections with nothing in them,
/// missing keys and repeated items.
///
/// Only now, as an override may have mended them.
struct Settler {
    private(set) var report: Report
    /// A section with nothing in it is a mistake, as for Docker Compose; otherwise it is left out.
    private let refusesEmpty: Bool

    init(domain: Domain = .manifest, refusesEmpty: Bool = false) {
        report = Report(domain: domain)
        self.refusesEmpty = refusesEmpty
    }

    mutating func settle(_ node: YAMLNode, as shape: Shape, at path: TreePath) -> YAMLNode {
        switch (node.content, shape) {
        case (_, .anything): return node.withoutResets
        case (.mapping(let entries), _):
            if case .object(let object) = shape.inner { require(object, in: node, at: path) }
            let kept = entries.filter { $0.value.tag != "!reset" }.compactMap { settle($0, in: shape, at: path) }
            return node.replacing(.mapping(kept)).withoutTag
        case (.sequence(let items), .list(let list)):
            if list.isDistinct { refuseRepeated(items, at: path) }
            return node.replacing(.sequence(items.map { settle($0, as: list.item, at: path) })).withoutTag
        default: return node.withoutTag
        }
    }

    /// `nil` when there is nothing in it.
    private mutating func settle(_ entry: YAMLNode.Entry, in shape: Shape, at path: TreePath) -> YAMLNode.Entry? {
        let path = path.appending(entry.key)
        if entry.value.isNull, !shape.mayBeEmpty(entry.key) {
            reportEmpty(entry, at: path)
            return nil
        }
        let value = settle(entry.value, as: shape.shape(of: entry.key), at: path)
        return YAMLNode.Entry(key: entry.key, keyPosition: entry.keyPosition, value: value)
    }

    private mutating func reportEmpty(_ entry: YAMLNode.Entry, at path: TreePath) {
        guard refusesEmpty || path.keys == ["services"] else {
            return report.note(.emptySection, "\(path) is empty and says nothing", at: entry.keyPlace)
        }
        report.error(
            .emptySection, "\(path) is empty", at: entry.keyPlace, help: "remove the key, or give it a value")
    }

    private mutating func require(_ object: Object, in node: YAMLNode, at path: TreePath) {
        for key in object.required where node.entry(key) == nil {
            report.error(
                .missingKey, "\(path) has no `\(key)`", at: node.entries?.first?.keyPlace ?? node.place,
                help: object.help(for: key))
        }
    }

    private mutating func refuseRepeated(_ items: [YAMLNode], at path: TreePath) {
        guard items.count > 1 else { return }
        var seen: [YAMLNode.Content: YAMLNode] = [:]
        for item in items {
            guard let first = seen.updateValue(item, forKey: item.bare) else { continue }
            report.error(
                .repeatedItem, "an item stands twice in \(path)", at: item.place, help: "remove one of them",
                notes: [.init("first here", at: first.position)])
        }
    }
}

extension Object {
    fileprivate func help(for key: String) -> String {
        switch self[key] {
        case .scalar(.choice(let words))?:
            "add `\(key): \(words[0])`; it may also be \(words.dropFirst().joined(separator: ", "))"
        default: "add `\(key): …`"
        }
    }
}

extension YAMLNode {
    /// What nobody looks into, without what `!reset` takes away.
    fileprivate var withoutResets: YAMLNode {
        switch content {
        case .sequence(let items): replacing(.sequence(items.filter { $0.tag != "!reset" }.map(\.withoutResets)))
        case .mapping(let entries):
            replacing(
                .mapping(
                    entries.filter { $0.value.tag != "!reset" }.map {
                        Entry(key: $0.key, keyPosition: $0.keyPosition, value: $0.value.withoutResets)
                    }))
        default: self
        }
    }
}

extension Shape {
    /// What a mapping of this shape holds.
    var inner: Shape {
        switch self {
        case .scalarOr(_, let object), .textOr(_, let object): .object(object)
        default: self
        }
    }

    /// What may stand under a key of a mapping.
    func shape(of key: String) -> Shape {
        switch inner {
        case .object(let object): object[key] ?? .anything
        case .names(let object, _): .object(object)
        case .map(let value, _): value
        default: .anything
        }
    }

    /// "Nothing" is a meaning of its own there: the image's command, or a network without settings.
    fileprivate func mayBeEmpty(_ key: String) -> Bool {
        switch inner {
        case .object(let object):
            switch object[key] {
            case .words(.command)?, .scalar(.textOrNull)?, .anything?, nil: true
            default: key == "deploy"
            }
        case .map(_, let keys): keys.mayBeEmpty
        case .names(_, let listed): listed.isEmpty
        case .pairs, .anything: true
        default: false
        }
    }
}

extension Shape {
    /// What a message calls a value of this shape.
    var expectation: String {
        switch self {
        case .scalar(let scalar): scalar.expectation
        case .words: "a string or a list of strings"
        case .anything: "a value"
        case .list(let list): list.mayBeSingle ? "a value or a list" : "a list"
        case .pairs(let pairs): pairs.mayBeListed ? "a mapping or a list of KEY=VALUE" : "a mapping"
        case .hosts: "a mapping or a list of host=address"
        case .names: "a list of names or a mapping"
        case .map, .object: "a mapping"
        case .scalarOr, .textOr: "a value or a mapping"
        }
    }
}
