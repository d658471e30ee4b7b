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

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes the first manifest and environment; never overwrites a file.",
        discussion: """
            Without --from: a commented example that runs on this machine's engine. With --from: an environment for a
            compose file, which stays where it is, and a list of what a person must decide. Ends with 3 when a file is
            there already.

            Example:
              recast init
              recast init --from compose.yaml
              recast init --from ~/shop/compose.yaml ~/shop
            """)

    @Argument(help: ArgumentHelp("The project's folder: this one otherwise.", valueName: "dir"))
    var folder = "."

    @Option(help: ArgumentHelp("A compose file to deploy from here on.", valueName: "path"))
    var from: String?

    @Flag(help: "Prints the result as JSON.")
    var json = false

    func run() async throws {
        let console = Console()
        if let from { return try adopt(from, console) }
        let project = FilePath(folder)
        try refuseExisting(Starter.files, in: project, console)
        for file in Starter.files { try write(file, in: project, console) }
        var written = Starter.files.map(\.path)
        if !ProjectFiles.exists(project.appending(Starter.ignored.path)) {
            try write(Starter.ignored, in: project, console)
            written.append(Starter.ignored.path)
        }
        if json {
            console.write([try JSONText.document(InitDocument(written: written, decisions: []))])
        } else {
            console.write(written.map { "wrote \($0)" } + ["", "Next: \(enter)recast validate dev"])
        }
    }

    private func adopt(_ file: String, _ console: Console) throws {
        let current = FilePath(FileManager.default.currentDirectoryPath)
        let project = current.pushing(FilePath(folder)).lexicallyNormalized()
        let manifest = current.pushing(FilePath(file)).lexicallyNormalized()
        if ProjectFiles.exists(manifest) { try makeFolder(project, console) }
        let adoption = ProjectFiles.adopt(manifest, in: project, processVariable: console.environment)
        guard let environment = adoption.environment else {
            if json { console.write([try JSONText.document(DiagnosticsDocument(adoption.diagnostics))]) }
            let view = DiagnosticText(sources: adoption.sources, style: console.style(for: .error))
            console.write(
                view.lines(adoption.diagnostics) + [EnvironmentSource.count(adoption.diagnostics)], to: .error)
            throw Exit.refused
        }
        try refuseExisting([environment], in: FilePath(folder), console)
        try write(environment, in: FilePath(folder), console)
        if json {
            let document = InitDocument(written: [environment.path], decisions: adoption.decisions)
            console.write([try JSONText.document(document)])
        } else {
            let view = AdoptionText(adoption, style: console.style(for: .output))
            console.write(["wrote \(environment.path)"] + view.lines + ["", "Next: \(enter)recast validate dev"])
        }
    }

    /// How to get to where commands are run.
    private var enter: String { folder == "." ? "" : "cd \(folder) && " }

    private func refuseExisting(_ files: [Starter.File], in project: FilePath, _ console: Console) throws {
        let there = files.map(\.path).filter { ProjectFiles.exists(project.appending($0)) }
        guard !there.isEmpty else { return }
        for path in there {
            console.complain(
                "\(project.appending(path).lexicallyNormalized().string) is there already; nothing was written")
        }
        throw Exit.refused
    }

    /// A folder that is not there yet has no `..` to reach the compose file by.
    private func makeFolder(_ project: FilePath, _ console: Console) throws {
        do {
            try FileManager.default.createDirectory(atPath: project.string, withIntermediateDirectories: true)
        } catch {
            console.complain("\(project.string) cannot be made a folder: \(error)")
            throw Exit.failed
        }
    }

    private func write(_ file: Starter.File, in project: FilePath, _ console: Console) throws {
        let path = project.appending(file.path)
        do {
            try ProjectWriter.create(path, text: file.text)
        } catch Errno.fileExists {
            console.complain("\(path.string) is there already; it was not changed")
            throw Exit.refused
        } catch {
            console.complain("\(path.string) cannot be written: \(error)")
            throw Exit.failed
        }
    }
}

/// What was written and what is to be decided, for machines.
struct InitDocument: Encodable {
    struct Item: Encodable {
        let needed: Bool
        let file: String
        let line: Int
        let column: Int
        let message: String
        let help: String?
    }

    let format = 1
    let written: [String]
    let decisions: [Item]

    init(written: [String], decisions: [Adoption.Decision]) {
        self.written = written
        self.decisions = decisions.map {
            Item(
                needed: $0.isNeeded, file: $0.position.file, line: $0.position.line, column: $0.position.column,
                message: $0.message, help: $0.help)
        }
    }
}
