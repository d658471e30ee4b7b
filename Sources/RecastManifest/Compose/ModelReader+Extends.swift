import RecastModel
import RecastYAML

/// The services of one file, before any `extends` of theirs is followed.
private struct ServiceScope {
    let file: String
    let services: [String: YAMLNode.Entry]

    init(_ root: YAMLNode, file: String) {
        self.file = file
        services = Dictionary(
            (root["services"]?.entries ?? []).map { ($0.key, $0) }, uniquingKeysWith: { $1 })
    }
}

/// One service that extends another, for the message about a circle.
private struct Extension: Hashable {
    let file: String
    let service: String
}

extension ModelReader {
    /// A document whose services have what they extend under them.
    mutating func extend(_ root: YAMLNode, file: String) -> YAMLNode {
        let extends = root["services"]?.entries?.contains { $0.value.entry("extends") != nil } ?? false
        guard extends else { return root }
        let scope = ServiceScope(root, file: file)
        var result = root
        result.change("services") { services in
            services.changeValues { entry in
                if let extended = extended(entry, in: scope, chain: []) { entry.value = extended }
            }
        }
        return result
    }

    /// `nil`, and a report, when what is extended cannot be found.
    private mutating func extended(
        _ entry: YAMLNode.Entry, in scope: ServiceScope, chain: [Extension]
    ) -> YAMLNode? {
        guard let extends = entry.value.entry("extends"), extends.value.tag != "!reset" else { return entry.value }
        var service = entry.value
        service.remove("extends")
        guard let text = extends.value["service"]?.string else {
            report.error(
                .missingKey, "'extends' of service '\(entry.key)' names no service", at: extends.keyPlace,
                help: "add `service: NAME`")
            return service
        }
        let link = Extension(file: scope.file, service: entry.key)
        guard !chain.contains(link) else { return reportCircle(chain + [link], at: extends.value) }
        guard let base = base(text, of: entry, extends.value, in: scope) else { return service }
        guard let source = extended(base.entry, in: base.scope, chain: chain + [link]) else { return service }
        let inherited = source.stamped(.inherited(from: text, extends.keyPosition))
        return lay(service: service, over: inherited, at: TreePath("services", entry.key))
    }

    private mutating func base(
        _ name: String, of entry: YAMLNode.Entry, _ extends: YAMLNode, in scope: ServiceScope
    ) -> (entry: YAMLNode.Entry, scope: ServiceScope)? {
        let other = extends["file"].map { self.scope(of: $0) } ?? scope
        guard let other else { return nil }
        if let found = other.services[name] { return (found, other) }
        let near = nearest(to: name, in: other.services.keys).flatMap { other.services[$0] }
        report.error(
            .undefinedService, "service '\(entry.key)' extends '\(name)', which is not in \(other.file)",
            at: extends["service"]?.place ?? extends.place,
            help: near.map { "did you mean '\($0.key)' (\($0.keyPosition))?" })
        return nil
    }

    /// The services of another file, with their paths as seen from this reader's directory.
    private mutating func scope(of file: YAMLNode) -> ServiceScope? {
        guard let name = file.string else { return nil }
        let path = FilePath.resolve(name, in: directory)
        let documents = documents(of: Located(path, at: file.place), help: "the path starts in \(directory)")
        let layers = documents.compactMap { conform($0) }
        guard var root = layers.first else { return nil }
        for layer in layers.dropFirst() {
            root = lay(layer, over: root) ?? root
        }
        let base = FilePath.relative(FilePath.directory(of: path), to: directory)
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
        return ServiceScope(root, file: path)
    }

    private mutating func reportCircle(_ chain: [Extension], at extends: YAMLNode) -> YAMLNode? {
        let start = chain.firstIndex(of: chain[chain.count - 1]) ?? 0
        let names = chain[start...].map(\.service).joined(separator: " → ")
        report.error(
            .dependencyCycle, "services extend each other in a circle: \(names)", at: extends.place,
            help: "remove one `extends`")
        return nil
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
