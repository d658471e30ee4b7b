import RecastModel
import RecastYAML

/// Reads the manifests of an environment and its overrides, lays them over each other, and reads the result.
struct ManifestReader {
    let environment: EnvironmentFile
    let files: Files
    private(set) var report = Report()
    private(set) var application: ApplicationName = ""
    /// Where the values of the merged manifests come from.
    private(set) var provenance: Provenance?
    private var variables: Variables
    private let trees: LocalTrees
    private let workingDirectory: String
    private let outputs: [[String]: [UInt8]]
    /// Programs that give secrets and whose output is not known.
    private(set) var commands: [[String]] = []

    /// The services that the profiles start, and what they may refer to.
    struct Result {
        let application: ApplicationName
        let services: [Service]
        let resources: Resources
    }

    init(
        _ environment: EnvironmentFile, variables: Variables, files: Files, trees: LocalTrees,
        workingDirectory: String, outputs: [[String]: [UInt8]]
    ) {
        self.environment = environment
        self.variables = variables
        self.files = files
        self.trees = trees
        self.workingDirectory = workingDirectory
        self.outputs = outputs
    }

    /// `nil` when a file is missing or unreadable; its mistakes are reported all the same.
    mutating func read() -> Result? {
        guard let first = environment.manifests.first else { return nil }
        application = applicationName(firstManifest: first.value)
        variables.set("COMPOSE_PROJECT_NAME", to: project, from: .project)
        let directory = FilePath.directory(of: first.value)
        var reader = ModelReader(
            ModelReader.Context(files: files, namedBy: .environment), directory: directory,
            interpolator: Interpolator(variables))
        let layers = environment.manifests.map { ModelReader.Layer.file($0) }
        let merged = reader.read(layers + [environment.overrides].compactMap { $0.map { .tree($0) } })
        report.add(reader.report)
        guard let merged, !reader.isIncomplete, let interpolator = reader.interpolator else {
            reader.interpolator.map { finish($0, leavingOut: []) }
            return nil
        }
        noteUnreadOverride(besides: first)
        return read(merged, directory: directory, interpolator)
    }

    /// What the engine names of this application begin with.
    private var project: String { "\(environment.name)-\(application)" }

    private mutating func read(_ merged: YAMLNode, directory: String, _ interpolator: Interpolator) -> Result {
        warnOfVersion(merged)
        let options = ProjectOptions(
            projectName: project, projectDirectory: directory, profiles: environment.profiles.sorted(),
            resolvePaths: false, resolveEnvironment: false, strict: true)
        let completed = ComposeProject(merged, options: options, files: files)
        report.add(completed.report)
        provenance = Provenance(
            completed.root, directory: directory, variables: variables, interpolator: interpolator)
        let root = Field(completed.root, at: TreePath())
        let known = report.errorPositions
        var support = SupportReview()
        support.review(Field(merged, at: TreePath()), leavingOut: Set(completed.disabled.keys))
        report.add(support.report)
        var resources = ResourceReader(project: project)
        resources.read(root)
        report.add(resources.report)
        let sources = FileSources(
            root, variables: variables, trees: trees, directory: directory, outputs: outputs)
        let context = ServiceContext(
            resources: resources.resources, variables: variables, sensitive: interpolator.sensitive,
            directory: directory, files: files, sources: sources, workingDirectory: workingDirectory)
        var tasks = TaskReview(linked(services(root, context)))
        tasks.run()
        report.add(tasks.report)
        let services = tasks.services
        commands = sources.commands
        var health = HealthDependencyCheck(services)
        health.run()
        report.add(health.report)
        report.removeRepeated(known)
        finish(interpolator, leavingOut: Set(completed.disabled.keys))
        return Result(application: application, services: services, resources: resources.resources)
    }

    /// The services with the names by which others know them.
    private func linked(_ services: [Service]) -> [Service] {
        var linked = services
        let indices = Dictionary(services.indices.map { (services[$0].name.text, $0) }) { first, _ in first }
        for service in services {
            let networks = Set(service.spec.networking.endpoints.map(\.network))
            for link in service.links {
                guard let index = indices[link.service], link.alias != link.service else { continue }
                linked[index].spec.networking.addAlias(link.alias, on: networks)
            }
        }
        return linked
    }

    /// What is wrong with a value because a variable is missing is told once, by its cause.
    private mutating func finish(_ interpolator: Interpolator, leavingOut services: Set<String>) {
        report.removeAll(at: interpolator.unresolved)
        report.add(interpolator.report(leavingOut: services))
    }

    private mutating func services(_ root: Field, _ context: ServiceContext) -> [Service] {
        let fields = root["services"]?.entries ?? []
        if fields.isEmpty, !report.hasErrors, root.node["services"]?.entries?.isEmpty ?? true {
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

// MARK: - The application's name, and what is only told

extension ManifestReader {
    /// The last `name:` holds, or else the first file's name, without the characters that no project may have.
    private mutating func applicationName(firstManifest: String) -> ApplicationName {
        let roots = environment.manifests.flatMap { manifest in
            YAMLParser(file: manifest.value).parseDocuments((try? files.read(manifest.value).get()) ?? []).documents
        }
        let named = (roots + [environment.overrides].compactMap(\.self)).compactMap { $0["name"] }.last
        guard let named, named.string != nil, let text = Interpolator(variables).value(of: named) else {
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

    private mutating func warnOfVersion(_ root: YAMLNode) {
        guard let version = root.entry("version") else { return }
        report.warn(.noEffect, "`version` has no meaning any more", at: version.keyPlace, help: "remove it")
    }

    /// By convention an override holds what a developer's own machine needs.
    private mutating func noteUnreadOverride(besides manifest: Located<String>) {
        let names = ["compose.override.yaml", "compose.override.yml", "docker-compose.override.yml"]
        let known = Set(environment.manifests.map(\.value))
        let paths = names.map { FilePath.resolve($0, besides: manifest.value) }
        for path in paths where !known.contains(path) {
            guard case .success = files.read(path) else { continue }
            report.warn(
                .unreadOverride, "\(path) is not read by itself", at: manifest.place,
                help: "list it under `manifests:` if it is meant for this environment")
        }
    }
}

extension Networking {
    fileprivate mutating func addAlias(_ alias: String, on networks: Set<String>) {
        for index in endpoints.indices where networks.contains(endpoints[index].network) {
            guard let own = endpoints[index].aliases.first, !endpoints[index].aliases.contains(alias) else { continue }
            endpoints[index].aliases = [own] + (endpoints[index].aliases.dropFirst() + [alias]).sorted()
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
