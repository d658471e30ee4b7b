/// Why a file could not be read.
package enum FileProblem: Error, Hashable, Sendable {
    case notFound
    case isDirectory
    /// More bytes than the limit.
    case tooLarge(limit: Int)
    case unreadable(reason: String)
}

/// Reads each file once, so that all parts of a load see the same bytes and a message can show the line it means.
final class Files {
    private let source: (String) -> Result<[UInt8], FileProblem>
    private var results: [String: Result<[UInt8], FileProblem>] = [:]

    init(_ source: @escaping (String) -> Result<[UInt8], FileProblem>) { self.source = source }

    func read(_ path: String) -> Result<[UInt8], FileProblem> {
        if let result = results[path] { return result }
        let result = source(path)
        results[path] = result
        return result
    }

    /// What was read, by path.
    var contents: [String: [UInt8]] { results.compactMapValues { try? $0.get() } }
}

extension Report {
    /// The bytes of a file that another file names at `place`.
    mutating func contents(
        of path: String, in files: Files, namedAt place: Place, help: String? = nil
    ) -> [UInt8]? {
        switch files.read(path) {
        case .success(let bytes): return bytes
        case .failure(.notFound):
            error(.missingFile, "there is no file '\(path)'", at: place, help: help)
        case .failure(.isDirectory):
            error(.unreadableFile, "'\(path)' is a directory", at: place)
        case .failure(.tooLarge(let limit)):
            error(.unreadableFile, "'\(path)' is larger than \(limit >> 20) MiB", at: place)
        case .failure(.unreadable(let reason)):
            error(.unreadableFile, "'\(path)' cannot be read: \(reason)", at: place)
        }
        return nil
    }
}
