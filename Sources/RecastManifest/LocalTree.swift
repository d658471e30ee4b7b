import RecastModel

/// What lies at a path of the operator's machine; symbolic links are not followed.
package enum LocalNode: Hashable, Sendable {
    case file(mode: UInt16)
    /// The names in it.
    case folder(mode: UInt16, names: [String])
    case symbolicLink(to: String)
}

/// Reads the files and folders that a release brings along.
final class LocalTrees {
    private let look: (String) -> Result<LocalNode, FileProblem>
    private let files: Files
    private var contents: [String: FileContent] = [:]

    /// More than any folder of configuration has.
    static let largestCount = 10_000

    init(files: Files, look: @escaping (String) -> Result<LocalNode, FileProblem>) {
        self.files = files
        self.look = look
    }

    /// The tree at a path, by the paths below it; `""` is the path itself.
    func entries(at path: String) -> Result<[String: DeliveredFile.Entry], FileProblem> {
        var entries: [String: DeliveredFile.Entry] = [:]
        return collect(followed(path), below: "", into: &entries).map { entries }
    }

    /// What a link at the top of a tree points to; links inside of it are taken as links.
    private func followed(_ path: String) -> String {
        var path = path
        for _ in 0..<Self.mostLinks {
            guard case .success(.symbolicLink(let target)) = look(path) else { return path }
            path = FilePath.resolve(target, besides: path)
        }
        return path
    }

    /// As many as Linux follows.
    private static let mostLinks = 40

    /// The content of one file.
    func content(of path: String) -> Result<FileContent, FileProblem> {
        if let known = contents[path] { return .success(known) }
        return files.read(path).map { bytes in
            let content = FileContent(bytes)
            contents[path] = content
            return content
        }
    }

    private func collect(
        _ path: String, below name: String, into entries: inout [String: DeliveredFile.Entry]
    ) -> Result<Void, FileProblem> {
        guard entries.count < Self.largestCount else {
            return .failure(.unreadable(reason: "it holds more than \(Self.largestCount) files"))
        }
        switch look(path) {
        case .failure(let problem): return .failure(problem)
        case .success(.symbolicLink(let target)): entries[name] = .symbolicLink(to: target)
        case .success(.file(let mode)):
            switch content(of: path) {
            case .success(let content): entries[name] = .file(content, mode: mode)
            case .failure(let problem): return .failure(problem)
            }
        case .success(.folder(let mode, let names)):
            entries[name] = .folder(mode: mode)
            for child in names.sorted() {
                let found = collect(
                    "\(path)/\(child)", below: name.isEmpty ? child : "\(name)/\(child)", into: &entries)
                if case .failure = found { return found }
            }
        }
        return .success(())
    }
}
