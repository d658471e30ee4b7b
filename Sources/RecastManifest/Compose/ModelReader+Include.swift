import RecastModel
import RecastYAML

extension ModelReader {
    /// Files that include two others each would soon be more than anybody can wait for.
    private static let includeLimit = 1000

    /// A document with what it includes; `include` itself is gone.
    mutating func include(into root: YAMLNode, file: String) -> YAMLNode {
        guard let section = root.entry("include") else { return root }
        var result = root
        result.remove("include")
        for item in section.value.items ?? [] {
            guard let included = included(item, by: file) else { continue }
            take(included.stamped(.included(item.position)), from: item, into: &result)
        }
        return result
    }

    private mutating func included(_ item: YAMLNode, by file: String) -> YAMLNode? {
        let paths = (item["path"]?.items ?? []).compactMap { node in
            node.string.map { Located(FilePath.resolve($0, in: directory), at: node.place) }
        }
        guard let main = paths.first else { return nil }
        let chain = including + [FilePath.clean(file)]
        if let start = chain.firstIndex(of: main.value) {
            report.error(
                .dependencyCycle,
                "files include each other in a circle: \((chain[start...] + [main.value]).joined(separator: " → "))",
                at: main.place, help: "remove one `include`")
            return nil
        }
        guard includedCount < Self.includeLimit else {
            report.error(
                .conflict, "this is one file too many: \(Self.includeLimit) have been included", at: main.place)
            return nil
        }
        let project = item["project_directory"]?.string.map { FilePath.resolve($0, in: directory) }
        var reader = ModelReader(
            context, directory: project ?? FilePath.directory(of: main.value), interpolator: interpolator?.child,
            including: chain)
        reader.includedCount = includedCount + 1
        reader.readVariables(item, of: directory)
        let root = reader.read(paths.map { .file($0) }).map { complete($0, as: &reader) }
        includedCount = reader.includedCount
        secretValues.merge(reader.secretValues) { $1 }
        if let child = reader.interpolator { interpolator?.adopt(child) }
        report.add(reader.report)
        return root
    }

    /// What the included project means on its own, with paths as seen from this reader's directory.
    private func complete(_ root: YAMLNode, as reader: inout ModelReader) -> YAMLNode {
        var root = root
        let base = FilePath.relative(reader.directory, to: directory)
        let lookup = { [variables = reader.interpolator?.variables] name in variables?[name]?.text }
        ComposeProject.complete(
            &root, options: ProjectOptions(projectName: "", projectDirectory: base, lookup: lookup, strict: false),
            report: &reader.report, secretValues: &reader.secretValues)
        return root
    }

    /// The variables of the included project: its `env_file`, or the `.env` beside it, under those of this one.
    private mutating func readVariables(_ item: YAMLNode, of parent: String) {
        guard interpolator != nil else { return }
        var references = (item["env_file"]?.items ?? []).compactMap { node in
            node.string.map { FileReference(path: FilePath.resolve($0, in: parent), place: node.place) }
        }
        if references.isEmpty {
            let path = FilePath.resolve(".env", in: directory)
            references = [FileReference(path: path, place: item.place, required: false)]
        }
        for reference in references { interpolator?.read(reference, in: context.files, &report) }
    }

    /// What stands on both sides must be the same there.
    private mutating func take(_ included: YAMLNode, from item: YAMLNode, into root: inout YAMLNode) {
        for section in ["services", "volumes", "networks", "secrets", "configs", "models"] {
            for entry in included[section]?.entries ?? [] {
                guard let own = root[section]?.entry(entry.key) else {
                    root.insert(entry, into: section)
                    continue
                }
                if own.value.bare == entry.value.bare { continue }
                report.error(
                    .conflict, "\(TreePath(section, entry.key)) stands here and in a file that is included",
                    at: own.keyPlace, help: "change it in an override file of its own",
                    notes: [.init("the included one is here", at: entry.keyPosition)])
            }
        }
    }
}

extension YAMLNode {
    /// Adds an entry to a section, which is made if it is missing.
    fileprivate mutating func insert(_ entry: Entry, into section: String) {
        if self[section]?.entries == nil {
            set(section, to: YAMLNode(.mapping([]), at: entry.keyPosition))
        }
        change(section) { $0.changeEntries { $0.append(entry) } }
    }
}
