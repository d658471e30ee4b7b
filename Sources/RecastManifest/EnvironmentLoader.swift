package import RecastModel
import RecastYAML

/// Reads an environment file, the manifests it names and their env files into what shall run, and finds every mistake
/// on the way.
package struct EnvironmentLoader {
    private let read: (String) -> Result<[UInt8], FileProblem>
    private let processVariable: (String) -> String?
    private let setVariables: [String: String]
    private let secretFiles: SecretFiles
    private let look: (String) -> Result<LocalNode, FileProblem>
    private let workingDirectory: String
    private let outputs: [[String]: [UInt8]]

    /// The caller owns the file system and the process: `read` gives a file's bytes, with a limit to their number.
    ///
    /// `setVariables` win over all others.
    ///
    /// `mode`: the permission bits of a file, for those that hold keys and secrets.
    ///
    /// `look`: what lies at a path, for what a release brings along; `workingDirectory`: the absolute path that
    /// relative ones start from.
    ///
    /// `outputs`: what the programs printed that give secrets, by their words.
    package init(
        read: @escaping (String) -> Result<[UInt8], FileProblem>, processVariable: @escaping (String) -> String?,
        setVariables: [String: String] = [:], mode: @escaping (String) -> UInt16? = { _ in nil },
        look: @escaping (String) -> Result<LocalNode, FileProblem> = { _ in .failure(.notFound) },
        workingDirectory: String = "/", outputs: [[String]: [UInt8]] = [:]
    ) {
        self.read = read
        self.processVariable = processVariable
        self.setVariables = setVariables
        secretFiles = SecretFiles(mode: mode)
        self.look = look
        self.workingDirectory = workingDirectory
        self.outputs = outputs
    }

    package func load(environmentFile path: String) -> LoadedEnvironment {
        let files = Files(read)
        var report = Report(domain: .environment)
        var found = Found()
        let desired = desired(FilePath.clean(path), files, &found, &report)
        return LoadedEnvironment(
            desired: report.hasErrors ? nil : desired, commands: found.commands, diagnostics: report.sorted(),
            sources: files.contents, provenance: found.provenance)
    }

    /// What is known of the manifests whatever is wrong with them.
    private struct Found {
        var commands: [[String]] = []
        var provenance: Provenance?
    }

    private func desired(
        _ path: String, _ files: Files, _ found: inout Found, _ report: inout Report
    ) -> Desired? {
        let start = Place(SourcePosition(file: path, line: 1, column: 1))
        guard let root = report.yaml(of: path, in: files, namedAt: start),
            let environment = environment(root, file: path, &report)
        else { return nil }
        let variables = variables(of: environment, files, &report)
        defer { report.redact(variables.secrets) }
        var manifests = ManifestReader(
            environment, variables: variables, files: files, trees: LocalTrees(files: files, look: look),
            workingDirectory: workingDirectory, outputs: outputs)
        let manifest = manifests.read()
        report.add(manifests.report)
        found = Found(commands: manifests.commands, provenance: manifests.provenance)
        guard let manifest else { return nil }
        var builder = DesiredBuilder(environment, application: manifest.application, resources: manifest.resources)
        var desired = builder.build(manifest.services)
        report.add(builder.report)
        desired.approval = environment.approval
        desired.promotion = environment.promotion
        checkQuestions(environment.promotion, manifest.services.map(\.name.text), &report)
        desired.lock = lock(besides: path, environment.name, manifest.application, files, &report)
        return desired
    }

    /// What is asked before a promotion is asked of services that there are.
    private func checkQuestions(_ gates: PromotionGates, _ services: [String], _ report: inout Report) {
        for (name, question) in gates.probes where !services.contains(question.service.text) {
            report.error(
                .undefinedService, "probe '\(name)' asks service '\(question.service)', which is not declared",
                at: Place(question.position, length: question.service.text.count),
                help: nearest(to: question.service.text, in: services).map { "did you mean '\($0)'?" })
        }
    }

    /// It need not be there.
    private func lock(
        besides file: String, _ environment: EnvironmentName, _ application: ApplicationName, _ files: Files,
        _ report: inout Report
    ) -> LockFile? {
        let path = LockFile.path(besides: file)
        if case .failure(.notFound) = read(path) { return nil }
        let start = Place(SourcePosition(file: path, line: 1, column: 1))
        guard let root = report.yaml(of: path, in: files, namedAt: start) else { return nil }
        var reader = LockFileReader()
        let lock = reader.read(root, path: path, environment: environment, application: application)
        report.add(reader.report)
        return lock
    }

    private func environment(_ root: YAMLNode, file: String, _ report: inout Report) -> EnvironmentFile? {
        var conformer = Conformer(domain: .environment)
        let conformed = conformer.conform(root, to: .object(Schema.environment), at: TreePath())
        report.add(conformer.report)
        guard let conformed else { return nil }
        var settler = Settler(domain: .environment)
        let settled = settler.settle(conformed, as: .object(Schema.environment), at: TreePath())
        report.add(settler.report)
        var reader = EnvironmentReader(file: file, secretFiles: secretFiles)
        let environment = reader.read(Field(settled, at: TreePath()))
        report.add(reader.report)
        return environment
    }

    /// From the weakest to the strongest: env files, what `pass:` names, `variables:`, and what the caller sets.
    private func variables(
        of environment: EnvironmentFile, _ files: Files, _ report: inout Report
    ) -> Variables {
        var variables = Variables(processVariable: processVariable)
        for (name, value) in environment.variables {
            variables.set(name, to: value.value, from: .environment(value.place.position))
        }
        for name in environment.pass { variables.pass(name.value, at: name.place.position) }
        for (name, value) in setVariables { variables.set(name, to: value, from: .commandLine) }
        for file in environment.variableFiles {
            report.readVariables(from: file, in: files, into: &variables)
        }
        return variables
    }
}

/// What a load found: the whole meaning, or everything that stands in its way.
package struct LoadedEnvironment: Sendable {
    /// `nil` when there is an error.
    package let desired: Desired?
    /// Programs that give secrets and whose output the loader was not told.
    package let commands: [[String]]
    /// Sorted by file, line and column.
    package let diagnostics: [Diagnostic]
    /// Every file that was read, by the name that positions use.
    package let sources: [String: [UInt8]]
    /// Where values come from; also of manifests with mistakes in them, as far as they could be laid over each other.
    package let provenance: Provenance?
}
