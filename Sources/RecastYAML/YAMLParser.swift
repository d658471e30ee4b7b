package import RecastModel

/// Reads one YAML file into nodes with positions; the rules of plain scalars are go-yaml's, as Docker Compose has them.
package struct YAMLParser: Sendable {
    /// What a file says, and what is wrong with it.
    package struct Result: Hashable, Sendable {
        /// `nil` for a file without content, and when nothing of it could be read.
        package let root: YAMLNode?
        /// In the order of the file.
        ///
        /// Errors of a single key or value leave the rest in `root`.
        package let diagnostics: [Diagnostic]
    }

    /// The same for a file of several documents.
    package struct Stream: Hashable, Sendable {
        /// Those with content, in the order of the file.
        package let documents: [YAMLNode]
        package let diagnostics: [Diagnostic]
    }

    /// The name in every position.
    let file: String

    package init(file: String) {
        self.file = file
    }

    /// A file that holds one document.
    package func parse(_ bytes: [UInt8]) -> Result {
        let stream = read(bytes, limit: 1)
        return Result(root: stream.documents.first, diagnostics: stream.diagnostics)
    }

    /// A file that may hold several documents, such as layers of one manifest.
    package func parseDocuments(_ bytes: [UInt8]) -> Stream { read(bytes, limit: nil) }

    private func read(_ bytes: [UInt8], limit: Int?) -> Stream {
        do throws(Refusal) {
            let text = try withoutByteOrderMark(bytes)
            var tree = TreeBuilder(EventReader(text), of: try SourceText(text, file: file))
            return tree.build(limit: limit)
        } catch {
            return Stream(documents: [], diagnostics: [error.diagnostic])
        }
    }

    private func withoutByteOrderMark(_ bytes: [UInt8]) throws(Refusal) -> ArraySlice<UInt8> {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return bytes.dropFirst(3) }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw Refusal(
                .encoding, "the file is UTF-16", at: SourcePosition(file: file, line: 1, column: 1),
                help: "save the file as UTF-8")
        }
        return bytes[...]
    }
}
