import RecastModel
import RecastYAML

/// Reads the files of one application and lays them over each other: variables, `extends`, `include` and the merge.
///
/// The result has the canonical form; its relative paths start in `directory`.
struct ModelReader {
    /// What all readers of one load have in common.
    struct Context {
        let files: Files
        /// Sections with nothing in them are mistakes, as for Docker Compose; an empty file among others is not.
        var refusesEmpty = false
        /// Whose mistake a missing file is.
        var namedBy = Domain.manifest
    }

    /// One layer: a file, or a tree that another file holds.
    enum Layer {
        case file(Located<String>)
        case tree(YAMLNode)
    }

    let context: Context
    /// Where relative paths start, as reached from where the program runs.
    let directory: String
    /// `nil`: variables are left as they are.
    var interpolator: Interpolator?
    /// The files that are being included, from the outermost to the one that is read.
    var including: [String] = []
    var report = Report()
    private(set) var merger = Merger()
    /// A file could not be used, so that what seems to be missing may be in there.
    private(set) var isIncomplete = false
    /// The files whose services are extended, by path.
    var scopes: [String: ServiceScope] = [:]
    /// Files that were included so far, by this reader and those within it.
    var includedCount = 0
    /// The values of secrets that included projects took from their variables, by the secret's key.
    var secretValues: [String: String] = [:]

    init(_ context: Context, directory: String, interpolator: Interpolator?, including: [String] = []) {
        self.context = context
        self.directory = directory
        self.interpolator = interpolator
        self.including = including
    }

    /// `nil` when nothing could be read.
    mutating func read(_ layers: [Layer]) -> YAMLNode? {
        var merged: YAMLNode?
        for layer in layers {
            let file = layer.file ?? ""
            for document in documents(of: layer) {
                guard let conformed = conform(document) else { continue }
                let extended = extend(conformed, file: file)
                merged = lay(include(into: extended, file: file), over: merged)
            }
        }
        report.add(merger.report)
        return merged.map { settle($0) }
    }

    mutating func lay(_ over: YAMLNode, over base: YAMLNode?) -> YAMLNode? {
        guard let base else { return over }
        return merger.merge(base, over, as: .object(Schema.manifest), at: TreePath())
    }

    /// Lays one service over another that it extends.
    mutating func lay(service: YAMLNode, over base: YAMLNode, at path: TreePath) -> YAMLNode? {
        merger.merge(base, service, as: .object(Schema.service), at: path)
    }

    private mutating func settle(_ root: YAMLNode) -> YAMLNode {
        var settler = Settler(refusesEmpty: context.refusesEmpty)
        let settled = settler.settle(root, as: .object(Schema.manifest), at: TreePath())
        report.add(settler.report)
        var typing = Typing(leavesVariables: interpolator == nil)
        var typed = typing.type(settled, as: .object(Schema.manifest), at: TreePath())
        report.add(typing.report)
        var external = ExternalNames()
        external.apply(to: &typed)
        report.add(external.report)
        return typed
    }

    // MARK: One layer

    private mutating func documents(of layer: Layer) -> [YAMLNode] {
        switch layer {
        case .tree(let root): return [root]
        case .file(let path):
            return documents(
                of: path, by: context.namedBy,
                help: context.namedBy == .environment ? "paths of manifests are relative to the environment file" : nil)
        }
    }

    /// The documents of a file that another one names.
    mutating func documents(
        of path: Located<String>, by domain: Domain = .manifest, help: String? = nil
    ) -> [YAMLNode] {
        var reading = Report(domain: domain)
        let documents = reading.documents(of: path.value, in: context.files, namedAt: path.place, help: help)
        if documents == [], !context.refusesEmpty, !reading.hasErrors {
            let start = Place(SourcePosition(file: path.value, line: 1, column: 1))
            reading.error(.emptyFile, "'\(path.value)' is empty", at: start)
        }
        if documents == nil || reading.hasErrors { isIncomplete = true }
        report.add(reading)
        return documents ?? []
    }

    /// A document with its variables in place and in canonical form.
    mutating func conform(_ document: YAMLNode) -> YAMLNode? {
        let expanded = interpolator?.expand(document, at: TreePath()) ?? document
        var conformer = Conformer(leavesVariables: interpolator == nil)
        let conformed = conformer.conform(expanded, to: .object(Schema.manifest), at: TreePath())
        report.add(conformer.report)
        return conformed
    }
}

extension ModelReader.Layer {
    fileprivate var file: String? {
        switch self {
        case .file(let path): path.value
        case .tree: nil
        }
    }
}

extension Report {
    /// The documents of a YAML file that another one names; `nil` when it cannot be read at all.
    mutating func documents(
        of path: String, in files: Files, namedAt place: Place, help: String? = nil
    ) -> [YAMLNode]? {
        guard let bytes = contents(of: path, in: files, namedAt: place, help: help) else { return nil }
        let parsed = YAMLParser(file: path).parseDocuments(bytes)
        add(parsed.diagnostics)
        return parsed.diagnostics.contains { $0.severity == .error } && parsed.documents.isEmpty
            ? nil : parsed.documents
    }
}
