package import RecastModel
import RecastYAML

/// Compose files as they stand, without an environment: what `docker compose config` reads.
package struct ComposeFiles: Sendable {
    /// In the order in which they are laid over each other.
    package var files: [String]
    /// Where relative paths start; absolute.
    package var projectDirectory: String
    /// The same as reached from where the program runs.
    package var workingDirectory: String
    /// Wins over every `name:`.
    package var projectName: String?
    package var profiles: [String] = []
    /// The process' environment feeds variables.
    package var usesShell = false
    /// What `--set` gives; stronger than every other source.
    package var variables: [String: String] = [:]
    package var interpolates = true
    package var resolvesPaths = true
    package var checksConsistency = true
    package var normalizes = true
    package var resolvesEnvironment = true

    package init(files: [String], projectDirectory: String, workingDirectory: String) {
        self.files = files
        self.projectDirectory = projectDirectory
        self.workingDirectory = workingDirectory
    }

    /// What was read, or what stands in its way.
    package struct Result: Sendable {
        /// `nil` when there is an error.
        package let project: ComposeProject?
        /// Sorted by file, line and column.
        package let diagnostics: [Diagnostic]
        /// Every file that was read, by the name that positions use.
        package let sources: [String: [UInt8]]
        /// `nil` together with `project`.
        package let provenance: Provenance?
    }

    /// `shell`: the process' environment; `read` gives the bytes of a file.
    package func load(
        shell: [String: String], read: @escaping (String) -> Swift.Result<[UInt8], FileProblem>
    ) -> Result {
        let files = Files(read)
        var report = Report()
        let loaded = load(shell: shell, files, &report)
        return Result(
            project: report.hasErrors ? nil : loaded?.project, diagnostics: report.sorted(), sources: files.contents,
            provenance: report.hasErrors ? nil : loaded?.provenance)
    }

    private func load(shell: [String: String], _ files: Files, _ report: inout Report) -> Loaded? {
        var variables = variables(shell: shell, files, &report)
        let name = ProjectName(explicit: projectName ?? variables["COMPOSE_PROJECT_NAME"]?.text)
        let project = name.resolve(self.files, directory: projectDirectory, variables: variables, files, &report)
        variables.set("COMPOSE_PROJECT_NAME", to: project, from: .project)
        let interpolator = Interpolator(variables, skipsIgnored: false)
        var reader = ModelReader(
            ModelReader.Context(files: files, refusesEmpty: true), directory: workingDirectory,
            interpolator: interpolates ? interpolator : nil)
        let start = Place(SourcePosition(file: self.files.first ?? "", line: 1, column: 1))
        let merged = reader.read(self.files.map { .file(Located(FilePath.clean($0), at: start)) })
        report.add(reader.report)
        if let interpolator = reader.interpolator { report.add(interpolator.report(leavingOut: [])) }
        guard let merged, !report.hasErrors else {
            if merged == nil, !report.hasErrors { reportEmpty(at: start, &report) }
            return nil
        }
        let written = normalizes || name.isGiven ? nil : merged["name"]?.string
        let completed = complete(merged, project: written ?? project, variables, files, &report)
        let provenance = Provenance(
            completed.root, directory: projectDirectory, variables: variables, interpolator: reader.interpolator)
        return Loaded(project: completed, provenance: provenance)
    }

    private struct Loaded {
        let project: ComposeProject
        let provenance: Provenance
    }

    private func complete(
        _ merged: YAMLNode, project: String, _ variables: Variables, _ files: Files, _ report: inout Report
    ) -> ComposeProject {
        var root = merged
        root.remove("version")
        root.set("name", to: YAMLNode(.string(project), at: root.position))
        let options = ProjectOptions(
            projectName: project, projectDirectory: projectDirectory, profiles: profiles,
            lookup: { variables[$0]?.text }, home: variables.home, normalize: normalizes,
            consistency: checksConsistency,
            resolvePaths: resolvesPaths, resolveEnvironment: resolvesEnvironment && interpolates,
            isInterpolated: interpolates, strict: false)
        let completed = ComposeProject(root, options: options, files: files)
        report.add(completed.report)
        return completed
    }

    /// From the weakest to the strongest: `.env`, the process, and what the caller sets.
    private func variables(shell: [String: String], _ files: Files, _ report: inout Report) -> Variables {
        var variables = Variables(mayBeUnset: true) { shell[$0] }
        if usesShell {
            for (name, value) in shell { variables.set(name, to: value, from: .shell) }
        }
        for (name, value) in self.variables { variables.set(name, to: value, from: .commandLine) }
        let path = FilePath.resolve(".env", in: workingDirectory)
        let start = Place(SourcePosition(file: path, line: 1, column: 1))
        report.readVariables(
            from: FileReference(path: path, place: start, required: false), in: files, into: &variables)
        return variables
    }

    private func reportEmpty(at place: Place, _ report: inout Report) {
        report.error(.emptyFile, "there is nothing in '\(place.position.file)'", at: place)
    }
}

/// What a project is called: by the caller, by the last file that says so, or by its directory.
struct ProjectName {
    let explicit: String?

    /// By the caller.
    var isGiven: Bool { explicit?.isEmpty == false }

    func resolve(
        _ paths: [String], directory: String, variables: Variables, _ files: Files, _ report: inout Report
    ) -> String {
        if let explicit, !explicit.isEmpty {
            if explicit.asProjectName != explicit {
                let place = Place(SourcePosition(file: paths.first ?? "", line: 1, column: 1))
                report.error(
                    .badName, "a project cannot be called '\(explicit)'", at: place,
                    help: "use lower-case letters, digits, `-` and `_`, a letter or digit first")
            }
            return explicit
        }
        let interpolator = Interpolator(variables)
        let names = paths.flatMap { path in
            YAMLParser(file: path).parseDocuments((try? files.read(FilePath.clean(path)).get()) ?? []).documents
                .compactMap { $0["name"].flatMap { interpolator.value(of: $0) } }
        }
        let named = names.last { !$0.isEmpty }.map(\.asProjectName) ?? ""
        return named.isEmpty ? FilePath.name(of: directory).asProjectName : named
    }
}
