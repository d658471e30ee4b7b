import RecastModel
import RecastYAML

/// Where the content of the secrets and configs of a manifest comes from.
///
/// Each is read once, however many services use it.
final class FileSources {
    /// Programs that give a secret, and whose output is not known yet, in the order of the file.
    private(set) var commands: [[String]] = []
    private let declared: [String: Field]
    private let variables: Variables
    private let trees: LocalTrees
    private let directory: String
    private let outputs: [[String]: [UInt8]]
    private var contents: [String: FileContent] = [:]

    /// `outputs`: what the programs printed; without it a secret of theirs is empty.
    init(
        _ root: Field, variables: Variables, trees: LocalTrees, directory: String, outputs: [[String]: [UInt8]]
    ) {
        declared = ["secrets", "configs"].reduce(into: [:]) { all, section in
            for field in root[section]?.entries ?? [] { all["\(section).\(field.key)"] = field }
        }
        self.variables = variables
        self.trees = trees
        self.directory = directory
        self.outputs = outputs
    }

    /// `section`: `secrets` or `configs`; `nil`, and a report, when there is no content.
    func content(_ key: String, _ section: String, report: inout Report) -> FileContent? {
        let name = "\(section).\(key)"
        if let known = contents[name] { return known }
        guard let field = declared[name], let content = read(field, &report) else { return nil }
        contents[name] = content
        return content
    }

    /// The tree at a path of this machine.
    func entries(at path: String) -> Result<[String: DeliveredFile.Entry], FileProblem> { trees.entries(at: path) }

    private func read(_ field: Field, _ report: inout Report) -> FileContent? {
        if let command = field.at("x-recast", "command") { return output(of: command, &report) }
        if let content = field["content"], field["environment"] == nil {
            return report.string(content).map(FileContent.init)
        }
        if let variable = field["environment"] { return value(of: variable, &report) }
        guard let file = field["file"], let path = report.word(file) else { return nil }
        let place = FilePath.resolve(path, in: directory)
        switch trees.content(of: place) {
        case .success(let content): return content
        case .failure(let problem):
            report.add(problem, of: place, named: file.place)
            return nil
        }
    }

    private func output(of field: Field, _ report: inout Report) -> FileContent? {
        let command = report.strings(field)
        guard !command.isEmpty else {
            report.badValue(field, "is empty", help: "write [PROGRAM, ARGUMENT, …]")
            return nil
        }
        if let output = outputs[command] { return FileContent(output) }
        if !commands.contains(command) { commands.append(command) }
        return FileContent([])
    }

    private func value(of field: Field, _ report: inout Report) -> FileContent? {
        guard let name = report.word(field) else { return nil }
        if let value = variables[name] { return FileContent(value.text) }
        report.unset(name, at: field.place, in: variables)
        return nil
    }
}

extension FileContent {
    fileprivate init(_ text: String) { self.init(Array(text.utf8)) }
}

extension Report {
    /// Why a path of this machine cannot be used.
    mutating func add(_ problem: FileProblem, of path: String, named place: Place) {
        switch problem {
        case .notFound:
            error(
                .missingFile, "there is no '\(path)' on this machine", at: place,
                help: "relative paths start where the first manifest is")
        case .isDirectory: error(.unreadableFile, "'\(path)' is a directory", at: place)
        case .tooLarge(let limit):
            error(
                .unreadableFile, "'\(path)' is larger than \(limit >> 20) MiB", at: place,
                help: "put it into the image, or into a volume")
        case .unreadable(let reason): error(.unreadableFile, "'\(path)' cannot be read: \(reason)", at: place)
        }
    }
}
