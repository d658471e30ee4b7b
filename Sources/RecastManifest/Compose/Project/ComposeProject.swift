import RecastModel
import RecastYAML

/// A compose project behind the merge: complete, checked, and free of everything that only a loader understands.
package struct ComposeProject: Sendable {
    /// A mapping with `name`, `services`, the resources and `x-…`.
    ///
    /// Only enabled services; also resources that no service uses.
    private(set) var root: YAMLNode
    private(set) var report = Report()
    /// A `$` means itself, and is doubled in what is printed.
    let isInterpolated: Bool
    /// Services that no profile enables, and where their names stand.
    private(set) var disabled: [String: SourcePosition] = [:]
    /// The values of secrets that come from variables, by the secret's key; they never enter the tree.
    private(set) var secretValues: [String: String] = [:]

    /// `root`: one merged tree in the canonical long form; `files` reads env files and label files.
    ///
    /// A part of another form than expected has been reported before and is passed over.
    init(_ root: YAMLNode, options: ProjectOptions, files: Files) {
        self.root = root
        isInterpolated = options.isInterpolated
        let name = YAMLNode(.string(options.projectName), at: root["name"]?.position ?? root.position)
        self.root.set("name", to: name)
        complete(options)
        if options.normalize {
            Normalization(projectName: options.projectName, lookup: options.lookup).apply(to: &self.root)
        }
        disabled = Profiles(options.profiles).removeDisabledServices(of: &self.root)
        if options.consistency { checkConsistency(options) }
        if options.resolveEnvironment { readFiles(options, files) }
    }

    /// What each included project also goes through on its own, with its own directory and variables, before it is
    /// merged.
    ///
    /// `report` gets the mistakes, `secretValues` the values of secrets.
    static func complete(
        _ root: inout YAMLNode, options: ProjectOptions, report: inout Report, secretValues: inout [String: String]
    ) {
        ImplicitValues.apply(to: &root)
        var check = ExclusionCheck(strict: options.strict)
        check.run(on: root)
        report.add(check.report)
        if options.resolvePaths {
            var paths = PathResolution(
                directory: options.projectDirectory, home: options.home ?? options.lookup("HOME"))
            paths.apply(to: &root)
            report.add(paths.report)
        }
        let variables = VariableResolution(lookup: options.lookup)
        variables.apply(to: &root)
        secretValues.merge(variables.secretValues(of: root)) { _, later in later }
    }

    private mutating func complete(_ options: ProjectOptions) {
        Self.complete(&root, options: options, report: &report, secretValues: &secretValues)
    }

    private mutating func checkConsistency(_ options: ProjectOptions) {
        let project = ProjectIndex(root, disabled: disabled)
        var consistency = ConsistencyCheck(project)
        consistency.run()
        report.add(consistency.report)
        var cycles = CycleCheck(project)
        cycles.run()
        report.add(cycles.report)
        Normalization.alignReplicas(of: &root)
    }

    private mutating func readFiles(_ options: ProjectOptions, _ files: Files) {
        var reader = VariableFileReader(
            directory: options.projectDirectory, lookup: options.lookup, files: files, strict: options.strict)
        reader.apply(to: &root)
        report.add(reader.report)
    }
}
