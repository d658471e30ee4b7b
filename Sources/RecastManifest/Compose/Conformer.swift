import RecastModel
import RecastYAML

/// Checks one file against the schema and gives it the canonical form that merging needs: every mapping that may also
/// be written as a list is a mapping, every short text that stands for an object is that object.
struct Conformer {
    private(set) var report: Report
    /// What the whole file is called in a message.
    private let title: String
    /// A text with a variable in it may be anything.
    private let leavesVariables: Bool

    init(domain: Domain = .manifest, leavesVariables: Bool = false) {
        report = Report(domain: domain)
        self.leavesVariables = leavesVariables
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
        case (.anything, _): node
        case (.words, .sequence(let items)):
            node.replacing(.sequence(conform(items, to: List(.text), at: path)))
        case (.words, .string): node
        case (.list(let list), .sequence(let items)): node.replacing(.sequence(conform(items, to: list, at: path)))
        case (.list(let list), _) where list.mayBeSingle && node.isScalar:
            single(node, of: list, at: path)
        case (.pairs(let pairs), .mapping(let entries)):
            node.replacing(.mapping(entries.compactMap { conform($0, to: pairs, at: path) }))
        case (.pairs(let pairs), .sequence(let items)) where pairs.mayBeListed:
            node.replacing(.mapping(self.pairs(items, at: path)))
        case (.hosts, .mapping(let entries)): node.replacing(.sequence(hosts(entries, at: path)))
        case (.hosts, .sequence(let items)): node.replacing(.sequence(conform(items, to: List(.text), at: path)))
        case (.names(let object, _), .mapping(let entries)):
            node.replacing(.mapping(entries.compactMap { conform(named: $0, to: object, at: path) }))
        case (.names(_, let listed), .sequence(let items)):
            node.replacing(.mapping(names(items, listed: listed, at: path)))
        case (.map(let value, let keys), .mapping(let entries)):
            node.replacing(.mapping(entries.compactMap { conform($0, to: value, keys: keys, at: path) }))
        case (.object(let object), .mapping(let entries)), (.scalarOr(_, let object), .mapping(let entries)),
            (.textOr(_, let object), .mapping(let entries)):
            node.replacing(.mapping(conform(entries, to: object, at: path)))
        case (.textOr(let key, _), .string):
            node.replacing(.mapping([.init(key: key, keyPosition: node.position, value: node.withoutTag)]))
        case (.scalar(let scalar), _) where node.isScalar, (.scalarOr(let scalar, _), _) where node.isScalar:
            check(node, as: scalar, at: path)
        default: refuse(node, shape.expectation, at: path)
        }
    }

    private mutating func refuse(_ node: YAMLNode, _ expectation: String, at path: TreePath) -> YAMLNode? {
        let subject = path.keys.isEmpty ? title : path.description
        report.error(
            .wrongType, "\(subject) must be \(expectation), not \(node.kind)", at: node.place)
        return nil
    }

    /// The type alone: what the text of it means is looked at when every file has had its say.
    private mutating func check(_ node: YAMLNode, as scalar: Scalar, at path: TreePath) -> YAMLNode? {
        guard !scalar.mayBe(node.content) else { return node }
        var help: String?
        switch scalar {
        case .text, .textOrNull, .choice, .containerName, .pullPolicy: help = node.text.map { "write \"\($0)\"" }
        case .duration: help = node.wholeNumber.map { "write \($0)s" }
        default: break
        }
        let subject = path.keys.isEmpty ? title : path.description
        report.error(
            .wrongType, "\(subject) must be \(scalar.expectation), not \(node.kind)", at: node.place, help: help)
        return nil
    }
}

extension Scalar {
    /// compose-spec's JSON schema: text is allowed wherever a variable may stand.
    fileprivate func mayBe(_ content: YAMLNode.Content) -> Bool {
        switch (self, content) {
        case (.any, _), (.printed, _): true
        case (.plainBool, .bool): true
        case (.plainInteger, .int), (.plainNumber, .int), (.plainNumber, .float): true
        case (.plainBool, _), (.plainInteger, _), (.plainNumber, _): false
        case (_, .string): true
        case (.bool, .bool): true
        case (.integer, .int), (.deviceCount, .int), (.modeNumber, .int), (.fileMode, .int): true
        case (.integer, .float(let value)): value == value.rounded()
        case (.number, .int), (.number, .float), (.cpus, .int), (.cpus, .float): true
        case (.truncated, .int), (.truncated, .float), (.numberOrText, .int), (.parallelism, .int): true
        case (.bytes(let numbers, _), .int), (.bytes(let numbers, _), .float): numbers
        default: false
        }
    }
}

// MARK: - Mappings

extension Conformer {
    private mutating func conform(_ entry: YAMLNode.Entry, to shape: Shape, at path: TreePath) -> YAMLNode.Entry? {
        guard let value = conform(entry.value, to: shape, at: path.appending(entry.key)) else { return nil }
        return YAMLNode.Entry(key: entry.key, keyPosition: entry.keyPosition, value: value)
    }

    private mutating func conform(
        _ entry: YAMLNode.Entry, to shape: Shape, keys: Keys, at path: TreePath
    ) -> YAMLNode.Entry? {
        if !keys.allowed.contains(entry.key) {
            report.error(
                .badName, "'\(entry.key)' cannot be a name in \(path)", at: entry.keyPlace,
                help: keys.allowed.help)
        }
        return conform(entry, to: shape, at: path)
    }

    private mutating func conform(
        named entry: YAMLNode.Entry, to object: Object, at path: TreePath
    ) -> YAMLNode.Entry? {
        conform(entry, to: .object(object), keys: Keys(allowed: .names), at: path)
    }

    private mutating func conform(_ entry: YAMLNode.Entry, to pairs: Pairs, at path: TreePath) -> YAMLNode.Entry? {
        if entry.value.isNull, !pairs.mayHoldNulls, entry.value.tag == nil {
            report.error(
                .wrongType, "\(path.appending(entry.key)) has no value", at: entry.keyPlace,
                help: "write \"\" for nothing")
            return nil
        }
        if entry.key.isEmpty, pairs.mayBeListed {
            report.error(.badName, "a key of \(path) is empty", at: entry.keyPlace, help: "write KEY: VALUE")
            return nil
        }
        if case .bool = entry.value.content, !pairs.mayBeListed {
            report.error(
                .wrongType, "\(path.appending(entry.key)) must be a string or a number, not a boolean",
                at: entry.value.place, help: entry.value.text.map { "write \"\($0)\"" })
            return nil
        }
        return conform(entry, to: .scalar(pairs.onlyText ? .text : .printed), at: path)
    }

    private mutating func conform(
        _ entries: [YAMLNode.Entry], to object: Object, at path: TreePath
    ) -> [YAMLNode.Entry] {
        entries.compactMap { entry in
            switch object[entry.key] {
            case let shape?: return conform(entry, to: shape, at: path)
            case nil where entry.key.hasPrefix("x-") && object.extensible: return entry
            case nil:
                report.error(
                    .unknownKey, "unknown key '\(entry.key)' in \(path.keys.isEmpty ? title : path.description)",
                    at: entry.keyPlace, help: advice(for: entry, of: object, at: path))
                return nil
            }
        }
    }

    private func advice(for entry: YAMLNode.Entry, of object: Object, at path: TreePath) -> String? {
        if let hint = object.hints[entry.key] { return "write `\(hint)`" }
        if let near = nearest(to: entry.key, in: object.fields.keys) { return "did you mean '\(near)'?" }
        guard path.keys.isEmpty else {
            let isTopLevel = path.keys.count == 2 && path.service != nil && Schema.manifest[entry.key] != nil
            return isTopLevel ? "'\(entry.key)' stands at the top of the file: indent it less" : nil
        }
        if Schema.service[entry.key] != nil {
            return "'\(entry.key)' is a key of a service: indent it under one in `services:`"
        }
        let looksLikeService = entry.value.entries?.contains { $0.key == "image" || $0.key == "build" } ?? false
        return looksLikeService ? "services stand under `services:`" : nil
    }
}

extension Keys.Allowed {
    fileprivate func contains(_ key: String) -> Bool {
        switch self {
        case .any: true
        case .names: !key.isEmpty && key.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || "._-".contains($0) }
        case .lowercaseLetters: !key.isEmpty && key.allSatisfy(\.isASCIILowercase)
        }
    }

    fileprivate var help: String? {
        switch self {
        case .any: nil
        case .names: "use letters, digits, `.`, `-` and `_`"
        case .lowercaseLetters: "use lower-case letters"
        }
    }
}

// MARK: - Lists

extension Conformer {
    private mutating func single(_ node: YAMLNode, of list: List, at path: TreePath) -> YAMLNode {
        YAMLNode(
            .sequence(conform([node.withoutTag], to: list, at: path)), at: node.position, tag: node.tag)
    }

    private mutating func conform(_ items: [YAMLNode], to list: List, at path: TreePath) -> [YAMLNode] {
        let conformed = items.flatMap { item -> [YAMLNode] in
            guard isUsable(item, at: path), !(list.dropsEmpty && item.string == "") else { return [] }
            if let short = list.short, item.isScalar {
                return isLeft(item, short) ? [item] : expand(item, short, at: path)
            }
            if case .scalar(let scalar) = list.item {
                return conform(item: item, as: scalar, at: path).map { [$0] } ?? []
            }
            return conformValue(item, to: list.item, at: path).map { [$0] } ?? []
        }
        return list.joined([], conformed) { first, second in
            if first.bare != second.bare { reportReplaced(second, first: first, at: path) }
            return second
        }
    }

    /// A port is more than text only when its numbers are known.
    private func isLeft(_ item: YAMLNode, _ short: ShortForm) -> Bool {
        leavesVariables && short == .port && item.holdsVariable
    }

    private mutating func reportReplaced(_ item: YAMLNode, first: YAMLNode, at path: TreePath) {
        report.warn(
            .repeatedItem, "this takes the place of an earlier item of \(path)", at: item.place,
            help: "keep one of them", notes: [.init("the earlier one is here", at: first.position)])
    }

    private mutating func conform(item: YAMLNode, as scalar: Scalar, at path: TreePath) -> YAMLNode? {
        if item.isScalar, scalar == .any || scalar.mayBe(item.content) { return item }
        let help =
            item.entries == nil ? item.text.map { "write \"\($0)\"" } : "quote the text if its `: ` is meant literally"
        report.error(
            .wrongType, "an item of \(path) must be \(scalar.expectation), not \(item.kind)", at: item.place, help: help
        )
        return nil
    }

    private mutating func expand(_ item: YAMLNode, _ short: ShortForm, at path: TreePath) -> [YAMLNode] {
        var expansion = ShortExpansion(item, at: path)
        defer { report.add(expansion.report) }
        return expansion.expand(short)
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
        var indices: [String: Int] = [:]
        for item in items where isUsable(item, at: path) {
            guard let entry = item.pair else {
                let isText = item.string != nil
                report.error(
                    .wrongType,
                    isText ? "an item of \(path) has no key" : "an item of \(path) must be KEY=VALUE, not \(item.kind)",
                    at: item.place, help: isText ? "write KEY=VALUE" : "quote it, or write the whole as a mapping")
                continue
            }
            if let index = indices[entry.key] {
                reportRepeated(entry, first: entries[index], at: path)
                entries[index] = entry
            } else {
                indices[entry.key] = entries.count
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
        _ items: [YAMLNode], listed: [String: YAMLNode.Content], at path: TreePath
    ) -> [YAMLNode.Entry] {
        var entries: [YAMLNode.Entry] = []
        for item in items where isUsable(item, at: path) {
            guard case .string(let name) = item.content else {
                report.error(
                    .wrongType, "an item of \(path) must be a name, not \(item.kind)", at: item.place)
                continue
            }
            let defaults = listed.sorted { $0.key < $1.key }.map { key, value in
                YAMLNode.Entry(key: key, keyPosition: item.position, value: YAMLNode(value, at: item.position))
            }
            let value = YAMLNode(defaults.isEmpty ? .null : .mapping(defaults), at: item.position)
            let entry = YAMLNode.Entry(key: name, keyPosition: item.place(offset: 0, length: 1).position, value: value)
            if let first = entries.first(where: { $0.key == name }) {
                report.error(
                    .repeatedItem, "'\(name)' stands twice in \(path)", at: entry.keyPlace, help: "remove one of them",
                    notes: [.init("first here", at: first.keyPosition)])
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
