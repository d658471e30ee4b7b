import RecastManifest
import RecastModel
import Testing

/// A repository in memory: an environment, its manifest, and what lies around them.
struct Project {
    static let environmentPath = "environments/test.yaml"
    static let manifestPath = "manifests/shop.yaml"

    /// One host on a socket, no variables.
    static let oneHost: MarkedText = """
        manifests: [../manifests/shop.yaml]
        hosts:
          one: {engine: "unix:///run/one.sock"}
        """

    var files: [String: MarkedText]
    var shell: [String: String] = [:]
    var set: [String: String] = [:]
    var problems: [String: FileProblem] = [:]
    var raw: [String: [UInt8]] = [:]
    /// What lies at paths that a release brings along.
    var tree: [String: LocalNode] = [:]
    /// The permission bits of files.
    var modes: [String: UInt16] = [:]

    init(_ manifest: MarkedText, environment: MarkedText = Self.oneHost, files: [String: MarkedText] = [:]) {
        self.files = files
        self.files[Self.manifestPath] = manifest
        self.files[Self.environmentPath] = environment
    }

    init(environment: MarkedText) {
        self.init("services: {web: {image: nginx}}", environment: environment)
    }

    func load() -> LoadedEnvironment {
        let loader = EnvironmentLoader(
            read: { path in
                if let problem = problems[path] { return .failure(problem) }
                if let bytes = raw[path] { return .success(bytes) }
                return files[path].map { .success(Array($0.text.utf8)) } ?? .failure(.notFound)
            },
            processVariable: { shell[$0] }, setVariables: set,
            mode: { modes[$0] }, look: { tree[$0].map { .success($0) } ?? .failure(.notFound) })
        return loader.load(environmentFile: Self.environmentPath)
    }

    /// Errors and warnings as `MARKER CODE`, such as `1 manifest.unknown-key`; a place without a marker is spelled out.
    var mistakes: [String] { load().diagnostics.filter { $0.severity != .note }.map(line) }

    /// Notes in the same form.
    var notes: [String] { load().diagnostics.filter { $0.severity == .note }.map(line) }

    /// Whatever a test makes the loader say must be documented.
    func line(_ diagnostic: Diagnostic) -> String {
        if !diagnostic.code.hasPrefix("yaml."), !DiagnosticsPage.codes.contains(diagnostic.code) {
            Issue.record("\(diagnostic.code) is not documented")
        }
        let marker = files[diagnostic.position.file]?.marker(at: diagnostic.position).map(String.init)
        let severity = diagnostic.severity == .warning ? "warning " : ""
        return "\(marker ?? diagnostic.position.description) \(severity)\(diagnostic.code)"
    }

    /// The spec of the one service that a test is about.
    func spec(of service: String = "web") -> ContainerSpec? {
        load().desired?.instances.first { $0.address.service.text == service }?.spec
    }
}

/// The spec that these lines below `services: {web:` make, beside `image: nginx`.
func spec(_ lines: String, variables: String = "{}") -> ContainerSpec? {
    project(lines, variables: variables).spec()
}

/// One service `web` with an image and these lines.
func project(_ lines: String, variables: String = "{}") -> Project {
    let indented = lines.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }
    return Project(
        MarkedText(stringLiteral: "services:\n  web:\n    image: nginx\n" + indented.joined(separator: "\n") + "\n"),
        environment: MarkedText(stringLiteral: Project.oneHost.text + "\nvariables: \(variables)\n"))
}
