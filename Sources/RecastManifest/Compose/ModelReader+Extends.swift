import RecastModel
import RecastYAML

/// The services of one file, before any `extends` of theirs is followed.
struct ServiceScope {
    let file: String
    let services: [String: YAMLNode.Entry]
    /// What became of those that have been looked at.
    fileprivate var extended: [String: Extended] = [:]

    init(_ root: YAMLNode, file: String) {
        self.file = file
        services = Dictionary(
            (root["services"]?.entries ?? []).map { ($0.key, $0) }, uniquingKeysWith: { $1 })
    }
}

/// A service with what it extends under it, and how many that were.
private struct Extended {
    let node: YAMLNode
    var depth = 0
}

/// One service that extends another, for the message about a circle.
private struct Extension: Hashable {
    let file: String
    let service: String
}

extension ModelReader {
    /// Services in one chain of `extends`: more than anybody needs, fewer than a recursion and the trails of values bear.
    private static let chainLimit = 200

    /// A document whose services have what they extend under them.
    mutating func extend(_ root: YAMLNode, file: String) -> YAMLNode {
        let extends = root["services"]?.entries?.contains { $0.value.entry("extends") != nil } ?? false
        guard extends else { return root }
        var scope = ServiceScope(root, file: file)
        var result = root
        result.change("services") { services in
            services.changeValues { entry in
                if let extended = extended(entry, in: &scope, chain: []) { entry.value = extended.node }
            }
        }
        return result
    }

    /// `nil`, and a report, when what is extended cannot be found.
    private mutating func extended(
        _ entry: YAMLNode.Entry, in scope: inout ServiceScope, chain: [Extension]
    ) -> Extended? {
        if let known = scope.extended[entry.key] { return known }
        let service = laid(entry, in: &scope, chain: chain)
        scope.extended[entry.key] = service
        return service
    }

    private mutating func laid(
        _ entry: YAMLNode.Entry, in scope: inout ServiceScope, chain: [Extension]
    ) -> Extended? {
        guard let extends = entry.value.entry("extends"), extends.value.tag != "!reset" else {
            return Extended(node: entry.value)
        }
        var service = entry.value
        service.remove("extends")
        guard let text = extends.value["service"]?.string else {
            report.error(
                .missingKey, "'extends' of service '\(entry.key)' names no service", at: extends.keyPlace,
                help: "add `service: NAME`")
            return Extended(node: service)
        }
        let link = Extension(file: scope.file, service: entry.key)
        guard !chain.contains(link) else {
            reportCircle(chain + [link], at: extends.value)
            return nil
        }
        guard chain.count < Self.chainLimit else {
            reportLength(at: extends.value)
            return nil
        }
        guard let base = base(text, of: entry, extends.value, in: &scope, chain: chain + [link]) else {
            return Extended(node: service)
        }
        guard base.depth < Self.chainLimit else {
            reportLength(at: extends.value)
            return nil
        }
        let inherited = base.node.stamped(.inherited(from: text, extends.keyPosition))
        return lay(service: service, over: inherited, at: TreePath("services", entry.key))
            .map { Extended(node: $0, depth: base.depth + 1) }
    }

    private mutating func base(
        _ name: String, of entry: YAMLNode.Entry, _ extends: YAMLNode, in scope: inout ServiceScope,
        chain: [Extension]
    ) -> Extended? {
        guard let file = extends["file"] else {
            guard let found = scope.services[name] else {
                reportMissing(name, of: entry, extends, in: scope)
                return nil
            }
            return extended(found, in: &scope, chain: chain)
        }
        guard let path = file.string.map({ FilePath.resolve($0, in: directory) }) else { return nil }
        if scopes[path] == nil { scopes[path] = self.scope(of: Located(path, at: file.place)) }
        guard var other = scopes[path] else { return nil }
        guard let found = other.services[name] else {
            reportMissing(name, of: entry, extends, in: other)
            return nil
        }
        defer { scopes[path] = other }
        return extended(found, in: &other, chain: chain)
    }

    private mutating func reportMissing(
        _ name: String, of entry: YAMLNode.Entry, _ extends: YAMLNode, in other: ServiceScope
    ) {
        let near = nearest(to: name, in: other.services.keys).flatMap { other.services[$0] }
        report.error(
            .undefinedService, "service '\(entry.key)' extends '\(name)', which is not in \(other.file)",
            at: extends["service"]?.place ?? extends.place,
            help: near.map { "did you mean '\($0.key)' (\($0.keyPosition))?" })
    }

    /// The services of another file, with their paths as seen from this reader's directory.
    private mutating func scope(of file: Located<String>) -> ServiceScope? {
        let documents = documents(of: file, help: "the path starts in \(directory)")
        let layers = documents.compactMap { conform($0) }
        guard var root = layers.first else { return nil }
        for layer in layers.dropFirst() {
            root = lay(layer, over: root) ?? root
        }
        let base = FilePath.relative(FilePath.directory(of: file.value), to: directory)
        var paths = PathResolution(directory: base, home: interpolator?.home)
        paths.apply(to: &root)
        root.change("services") { services in
            services.changeValues { service in
                service.value.change("extends") { extends in
                    extends.change("file") { file in
                        if let name = file.string { file = file.replacing(.string(paths.absolute(name))) }
                    }
                }
            }
        }
        return ServiceScope(root, file: file.value)
    }

    private mutating func reportLength(at extends: YAMLNode) {
        report.error(
            .dependencyCycle, "more than \(Self.chainLimit) services extend each other in one chain", at: extends.place,
            help: "extend a service that is nearer to the first")
    }

    private mutating func reportCircle(_ chain: [Extension], at extends: YAMLNode) {
        let start = chain.firstIndex(of: chain[chain.count - 1]) ?? 0
        let names = chain[start...].map(\.service).joined(separator: " → ")
        report.error(
            .dependencyCycle, "services extend each other in a circle: \(names)", at: extends.place,
            help: "remove one `extends`")
    }
}

extension YAMLNode {
    /// The same tree, every value of which remembers how it came here.
    func stamped(_ derivation: Derivation) -> YAMLNode {
        var copy = self
        switch content {
        case .sequence(let items): copy.content = .sequence(items.map { $0.stamped(derivation) })
        case .mapping(let entries):
            copy.content = .mapping(
                entries.map {
                    Entry(key: $0.key, keyPosition: $0.keyPosition, value: $0.value.stamped(derivation))
                })
        default: break
        }
        copy.trail.insert(derivation, at: 0)
        return copy
    }
}
