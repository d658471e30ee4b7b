package import RecastModel
import RecastYAML

/// What makes an existing compose file the manifest of a first environment.
///
/// The file stays where it is: its relative paths keep their meaning, and `docker compose` and Recast read the same
/// text. A copy would have neither.
package struct Adoption: Sendable {
    /// Something that a person should decide, with its place in the compose file.
    package struct Decision: Hashable, Sendable {
        package let position: SourcePosition
        package let message: String
        /// What can be done.
        package let help: String?
        /// Nothing can be planned before.
        package let isNeeded: Bool
    }

    /// `nil` when the compose file cannot be read.
    package let environment: Starter.File?
    /// Sorted by place; what is needed and what is not are mixed.
    package let decisions: [Decision]
    /// Why there is no environment.
    package let diagnostics: [Diagnostic]
    /// Every file that was read, by the name that positions use.
    package let sources: [String: [UInt8]]

    /// `manifest` and `folder`, the project's, are absolute; `read` gives the bytes of a file as seen from the folder,
    /// `load` what an environment means whose file is not there yet.
    package init(
        manifest: String, folder: String, read: @escaping (String) -> Result<[UInt8], FileProblem>,
        load: (Starter.File) -> LoadedEnvironment
    ) {
        let files = Files(read)
        let path = FilePath.relative(manifest, to: folder)
        var report = Report()
        let start = Place(SourcePosition(file: path, line: 1, column: 1))
        let documents = report.documents(of: path, in: files, namedAt: start) ?? []
        if documents.isEmpty, !report.hasErrors {
            report.error(.emptyFile, "there is nothing in '\(path)'", at: start)
        }
        guard !report.hasErrors else {
            self.init(environment: nil, decisions: [], diagnostics: report.sorted(), sources: files.contents)
            return
        }
        let variables = AdoptedVariables(documents, of: path, files)
        let isNamed = documents.contains { $0["name"] != nil }
        let environment = Starter.File(
            path: Starter.environmentPath,
            text: AdoptedEnvironment(
                manifest: path, name: isNamed ? nil : FilePath.name(of: FilePath.directory(of: manifest)).asProjectName,
                variables: variables
            ).text)
        let loaded = load(environment)
        var advice = AdoptionAdvice()
        loaded.provenance.map { advice.read($0.root) }
        self.init(
            environment: environment, decisions: Self.decisions(loaded.diagnostics, advice.decisions), diagnostics: [],
            sources: files.contents)
    }

    private init(
        environment: Starter.File?, decisions: [Decision], diagnostics: [Diagnostic], sources: [String: [UInt8]]
    ) {
        self.environment = environment
        self.decisions = decisions
        self.diagnostics = diagnostics
        self.sources = sources
    }

    /// What stops a plan, and what is worth a thought; a place is told once.
    private static func decisions(_ found: [Diagnostic], _ advice: [Decision]) -> [Decision] {
        let unread = Domain.manifest.identifier(.unreadOverride)
        let needed = found.filter { $0.severity == .error || $0.code == unread }.map {
            Decision(position: $0.position, message: $0.message, help: $0.help, isNeeded: $0.severity == .error)
        }
        let told = Set(needed.map(\.position))
        return (needed + advice.filter { !told.contains($0.position) }).enumerated()
            .sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }.map(\.element)
    }
}
