import ArgumentParser
import RecastManifest
import RecastModel
import RecastOperations
import RecastViews
import SystemPackage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What `config` takes to read compose files as they stand.
struct ComposeFileOptions: ParsableArguments {
    @Option(
        name: [.customShort("f"), .customLong("file")], parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A compose file to read without an environment; a later one is laid over it.", valueName: "path"))
    var files: [String] = []

    @Option(help: ArgumentHelp("Where relative paths start: the first file's folder otherwise.", valueName: "path"))
    var projectDirectory: String?

    @Option(help: ArgumentHelp("What the project is called.", valueName: "name"))
    var projectName: String?

    @Option(
        name: .customLong("profile"),
        help: ArgumentHelp("A profile that is on; * is all of them. May be given again.", valueName: "name"))
    var profiles: [String] = []

    @Flag(help: "The shell's variables feed ${…}, as they do for docker compose.")
    var shellEnvironment = false

    @Flag(help: "Leaves ${…} as it is.")
    var noInterpolate = false

    @Flag(help: "Leaves relative paths as they are.")
    var noPathResolution = false

    @Flag(help: "Does not check what services refer to.")
    var noConsistency = false

    @Flag(help: "Does not spell out what is implied, such as the default network.")
    var noNormalize = false

    @Flag(help: "Leaves env files unread.")
    var noEnvResolution = false

    /// The names under which a compose file is found when none is given, in this order.
    private static let usualNames = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"]

    /// The files that were named, or the one that is here.
    private func foundFiles() throws -> [String] {
        guard files.isEmpty else { return files }
        let folder = projectDirectory.map { FilePath($0) } ?? FilePath(".")
        let candidates = Self.usualNames.map { projectDirectory == nil ? FilePath($0) : folder.appending($0) }
        guard let found = candidates.first(where: ProjectFiles.exists) else {
            throw ValidationError("name an environment, or compose files with --file: there is no compose.yaml here")
        }
        return [found.string]
    }

    /// An override that Docker Compose would lay over the file that was found.
    var unreadOverride: String? {
        guard files.isEmpty else { return nil }
        let names = [
            "compose.override.yml", "compose.override.yaml", "docker-compose.override.yml",
            "docker-compose.override.yaml",
        ]
        return names.first {
            ProjectFiles.exists((projectDirectory.map { FilePath($0) } ?? FilePath("")).appending($0))
        }
    }

    /// What `--file` and its companions mean; `variables`: what `--set` gives.
    func composeFiles(console: Console, variables: [String: String]) throws -> ComposeFiles {
        let files = try foundFiles()
        let current = FileManager.default.currentDirectoryPath
        let working = projectDirectory ?? FilePath(files[0]).removingLastComponent().string
        let absolute = FilePath(current).pushing(FilePath(working)).lexicallyNormalized()
        var project = ComposeFiles(
            files: files, projectDirectory: absolute.string, workingDirectory: working.isEmpty ? "." : working)
        project.projectName = projectName
        project.usesShell = shellEnvironment
        let switchedOn = shellEnvironment ? console.environment("COMPOSE_PROFILES") ?? "" : ""
        project.profiles = profiles + switchedOn.split(separator: ",").map(String.init)
        project.variables = variables
        project.interpolates = !noInterpolate
        project.resolvesPaths = !noPathResolution
        project.checksConsistency = !noConsistency
        project.normalizes = !noNormalize
        project.resolvesEnvironment = !noEnvResolution
        return project
    }
}

extension ConfigCommand {
    /// Docker Compose has `PWD` whether or not a shell has set it.
    private static var shell: [String: String] {
        ProcessInfo.processInfo.environment.merging(["PWD": FileManager.default.currentDirectoryPath]) { set, _ in set }
    }

    /// Prints compose files in Docker Compose's canonical form.
    func printFiles(_ console: Console) throws {
        let files = try compose.composeFiles(console: console, variables: reading.setVariables)
        let result = ProjectFiles.load(files, shell: Self.shell)
        if let path = try explainedPath() { return try explain(path, of: result, console) }
        let view = DiagnosticText(sources: result.sources, style: console.style(for: .error))
        console.write(view.lines(result.diagnostics.filter { $0.severity != .note }), to: .error)
        if let override = compose.unreadOverride {
            let words = "\(override) is not read by itself; lay it over with --file"
            console.write(["\(console.style(for: .error).remark("note:")) \(words)"], to: .error)
        }
        guard let project = result.project else {
            console.write([EnvironmentSource.count(result.diagnostics)], to: .error)
            throw Exit.refused
        }
        console.write(
            text: reading.json || format == .json ? String(decoding: project.json, as: UTF8.self) + "\n" : project.yaml,
            to: .output)
    }
}
