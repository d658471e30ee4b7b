import ArgumentParser
import RecastManifest
import RecastModel
import RecastOperations
import RecastViews
import SystemPackage

/// An environment file as the command line names it.
struct EnvironmentSource {
    /// A file under `environments/`, or a path to one.
    let name: String
    let setVariables: [String: String]
    /// Mistakes are a result too.
    let json: Bool
    /// A folder with the project's files as they were; what it lacks is read here.
    var past: FilePath?

    /// Refuses what is no NAME=VALUE.
    static func check(_ variables: [String]) throws {
        if let wrong = variables.first(where: { ($0.firstIndex(of: "=") ?? $0.startIndex) == $0.startIndex }) {
            throw ValidationError("--set takes NAME=VALUE, not '\(wrong)'")
        }
    }

    static func pairs(_ variables: [String]) -> [String: String] {
        variables.reduce(into: [:]) { all, text in
            guard let mark = text.firstIndex(of: "=") else { return }
            all[String(text[..<mark])] = String(text[text.index(after: mark)...])
        }
    }

    /// As it is reached from here.
    var file: String { ProjectFiles.environmentFile(name, in: FilePath(".")).string }

    /// Reads the environment and everything it names, with whatever mistakes there are.
    ///
    /// `outputs`: what the programs printed that give secrets.
    func load(console: Console, outputs: [[String]: [UInt8]] = [:]) -> LoadedEnvironment {
        let folder = FilePath(".")
        return ProjectFiles.load(
            environment: ProjectFiles.environmentFile(name, in: folder), in: folder, past: past,
            processVariable: console.environment, setVariables: setVariables, outputs: outputs)
    }

    /// As `desired`, and asks the programs that give secrets.
    func desiredWithSecrets(console: Console) async throws -> Desired {
        let loaded = load(console: console)
        guard loaded.desired != nil, !loaded.commands.isEmpty else { return try desired(loaded, console: console) }
        let outputs = try await reporting(to: console) {
            try await SecretPrograms.outputs(of: loaded.commands, console.surroundings)
        }
        return try desired(load(console: console, outputs: outputs), console: console)
    }

    /// Loads, tells every mistake, and stops when there is an error.
    func desired(console: Console) throws -> Desired { try desired(load(console: console), console: console) }

    private func desired(_ loaded: LoadedEnvironment, console: Console) throws -> Desired {
        let view = DiagnosticText(sources: loaded.sources, style: console.style(for: .error))
        if let desired = loaded.desired {
            // `validate` tells everything; elsewhere only what may be wrong.
            console.write(view.lines(loaded.diagnostics.filter { $0.severity == .warning }), to: .error)
            return desired
        }
        if json {
            console.write([try Self.document(loaded)])
        }
        console.write(view.lines(loaded.diagnostics) + [Self.count(loaded.diagnostics)], to: .error)
        suggestEnvironments(console)
        throw Exit.refused
    }

    /// The mistakes for machines.
    static func document(_ loaded: LoadedEnvironment) throws -> String {
        let paths = SourcePaths(loaded.sources)
        return try JSONText.document(DiagnosticsDocument(loaded.diagnostics, path: paths.path))
    }

    /// When there is no such environment: those that there are.
    func suggestEnvironments(_ console: Console) {
        let folder = FilePath(".")
        let known = ProjectFiles.environments(in: folder)
        let file = ProjectFiles.environmentFile(name, in: folder)
        guard !known.isEmpty, !ProjectFiles.exists(folder.pushing(file)) else { return }
        console.write(["There is \(known.joined(separator: ", "))."], to: .error)
    }

    static func count(_ diagnostics: [Diagnostic]) -> String {
        let errors = diagnostics.count { $0.severity == .error }
        return "\(counted(errors, "error"))."
    }
}
