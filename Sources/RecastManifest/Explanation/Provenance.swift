package import RecastModel
import RecastYAML

/// What tells where the values of a resolved project come from.
package struct Provenance: Sendable {
    let root: YAMLNode
    private let directory: String
    private let variables: [String: Variables.Value]
    private let sensitive: Set<SourcePosition>

    /// `directory`: where the relative paths of env files start.
    init(_ root: YAMLNode, directory: String, variables: Variables, interpolator: Interpolator?) {
        self.root = root
        self.directory = directory
        self.variables = variables.values.merging(interpolator?.included ?? [:]) { own, _ in own }
        sensitive = interpolator?.sensitive ?? []
    }

    /// Follows a value back to the texts and variables that made it.
    ///
    /// `sources`: the files that the load has read.
    package func explain(
        _ path: ValuePath, in sources: [String: [UInt8]]
    ) throws(UnknownPath) -> Explanation {
        let files = Files { name in sources[FilePath.clean(name)].map { .success($0) } ?? .failure(.notFound) }
        // Values of env files get their places; what is wrong with the files was told when they were loaded.
        var reader = VariableFileReader(
            directory: directory, lookup: { variables[$0]?.text }, files: files, strict: false)
        var root = root
        reader.apply(to: &root)
        VariableResolution { variables[$0]?.text }.apply(to: &root)
        return try Explainer(
            root: root, variables: variables, sensitive: sensitive, lines: SourceLines(sources)
        ).explain(path)
    }
}

/// Why a path leads nowhere.
package struct UnknownPath: Error, Hashable, Sendable {
    package let message: String
    package let help: String?
}
