import RecastModel
import RecastYAML

/// Reads the manifests of an environment and its overrides, lays them over each other, and reads the result.
struct ManifestReader {
    let environment: EnvironmentFile
    let files: Files
    private(set) var report = Report()
    private(set) var application: ApplicationName = ""
    private var variables: Variables
    private var interpolator: Interpolator
    /// A file could not be used, so that what seems to be missing may be in there.
    private var isIncomplete = false

    /// The services that the profiles start, and what they may refer to.
    struct Result {
        let application: ApplicationName
        let services: [Service]
        let resources: Resources
    }

    init(_ environment: EnvironmentFile, variables: Variables, files: Files) {
        self.environment = environment
        self.variables = variables
        self.files = files
        interpolator = Interpolator(variables)
    }

    /// `nil` when a file is missing or unreadable; its mistakes are reported all the same.
    mutating func read() -> Result? {
        let roots = environment.manifests.compactMap { parse($0) } + [environment.overrides].compactMap(\.self)
        guard let first = environment.manifests.first, !roots.isEmpty else { return nil }
        application = applicationName(roots, firstManifest: first.value)
        variables.set("COMPOSE_PROJECT_NAME", to: project)
        interpolator = Interpolator(variables)
        guard let merged = merge(roots), !isIncomplete else {
            finish(leavingOut: [])
            return nil
        }
        return read(Field(merged, at: TreePath()), firstManifest: first.value)
    }

    /// What the engine names of this application begin with.
    private var project: String { "\(environment.name)-\(application)" }

    private mutating func parse(_ manifest: Located<String>) -> YAMLNode? {
        let path = manifest.value
        var reading = Report(domain: .environment)
        let root = reading.yaml(
            of: path, in: files, namedAt: manifest.place,
            help: "paths of manifests are relative to the environment file")
        report.add(reading)
        if root == nil || reading.hasErrors || root?.entry("include") != nil { isIncomplete = true }
        return root
    }

    /// The last `name:` holds, or else the first file's name, without the characters that no project may have.
    private mutating func applicationName(_ roots: [YAMLNode], firstManifest: String) -> ApplicationName {
        let named = roots.compactMap { Field($0, at: TreePath())["name"] }.last
        guard let named, report.string(named) != nil, let text = interpolator.value(of: named.node) else {
            let stem = FilePath.stem(of: firstManifest).asProjectName
            return ApplicationName(stem.isEmpty ? "application" : stem)
        }
        let name = text.asProjectName
        if name.isEmpty {
            report.error(
                .badName, "'\(text)' leaves nothing for a name", at: named.place,
                help: "use lower-case letters, digits, `-` and `_`")
        } else if name != text {
            report.warn(.changedText, "the application is called '\(name)'", at: named.place)
        }
        return ApplicationName(name)
    }

    private mutating func merge(_ roots: [YAMLNode]) -> YAMLNode? {
        let shape = Shape.object(Schema.manifest)
        var conformer = Conformer()
        var merger = Merger()
        let files = roots.compactMap { root in
            conformer.conform(interpolator.expand(root, at: TreePath()), to: shape, at: TreePath())
        }
        report.add(conformer.report)
        guard let first = files.first else { return nil }
        let merged = files.dropFirst().reduce(Optional(first)) { base, over in
            base.flatMap { merger.merge($0, over, as: shape, at: TreePath()) }
        }
        var settler = Settler()
        let settled = merged.map { settler.settle($0, as: shape, at: TreePath()) }
        report.add(settler.report)
        return settled
    }
}

// MARK: - The merged manifest

extension ManifestReader {
    private mutating func read(_ root: Field, firstManifest: String) -> Result {
        if let version = root["version"] {
            report.warn(.noEffect, "`version` has no meaning any more", at: version.keyPlace, help: "remove it")
        }
        var resources = ResourceReader(project: project)
        resources.read(root)
        report.add(resources.report)
        let context = ServiceContext(
            resources: resources.resources, variables: variables, sensitive: interpolator.sensitive,
            firstManifest: firstManifest, files: files)
        let services = services(root, context)
        let enabled = Set(services.filter { $0.isEnabled(by: environment.profiles) }.map(\.name.text))
        var dependencies = DependencyCheck(services, enabled: enabled)
        dependencies.run()
        report.add(dependencies.report)
        let disabled = Set(services.map(\.name.text)).subtracting(enabled)
        finish(leavingOut: disabled)
        return Result(
            application: application, services: services.filter { enabled.contains($0.name.text) },
            resources: resources.resources)
    }

    /// What is wrong with a value because a variable is missing is told once, by its cause.
    private mutating func finish(leavingOut services: Set<String>) {
        report.removeAll(at: interpolator.unresolved)
        report.add(interpolator.report(leavingOut: services))
    }

    private mutating func services(_ root: Field, _ context: ServiceContext) -> [Service] {
        let fields = root["services"]?.entries ?? []
        if fields.isEmpty, !report.hasErrors {
            report.error(
                .missingKey, "there are no services", at: root["services"]?.keyPlace ?? root.place,
                help: "add `services: {NAME: {image: …}}`")
        }
        return fields.map { field in
            if !field.key.isServiceName {
                report.error(
                    .badName, "a service cannot be called '\(field.key)'", at: field.keyPlace,
                    help: "use letters, digits, `.`, `-` and `_`, a letter or digit first")
            }
            let (service, found) = ServiceReader.read(field, context)
            report.add(found)
            return service
        }
    }
}

extension String {
    /// Lower-cased, without what no project name may hold.
    var asProjectName: String {
        let allowed = lowercased().filter { $0.isASCIILowercase || $0.isASCIIDigit || $0 == "-" || $0 == "_" }
        return String(allowed.drop { $0 == "-" || $0 == "_" })
    }
}

extension Report {
    /// The tree of a YAML file that another one names.
    mutating func yaml(of path: String, in files: Files, namedAt place: Place, help: String? = nil) -> YAMLNode? {
        guard let bytes = contents(of: path, in: files, namedAt: place, help: help) else { return nil }
        let parsed = YAMLParser(file: path).parse(bytes)
        add(parsed.diagnostics)
        if parsed.root == nil, parsed.diagnostics.isEmpty {
            error(.emptyFile, "'\(path)' is empty", at: Place(SourcePosition(file: path, line: 1, column: 1)))
        }
        return parsed.root
    }
}
