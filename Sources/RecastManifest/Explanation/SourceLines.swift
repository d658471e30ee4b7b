import RecastModel

/// The lines of files.
struct SourceLines: Sendable {
    private let files: [String: [String]]

    init(_ contents: [String: [UInt8]]) {
        files = contents.mapValues { bytes in
            String(decoding: bytes, as: UTF8.self)
                .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        }
    }

    func line(at position: SourcePosition) -> String? {
        guard let lines = files[position.file] ?? files[FilePath.clean(position.file)],
            lines.indices.contains(position.line - 1)
        else { return nil }
        return lines[position.line - 1]
    }

    /// Whether the first word of a text is written at a place, in quotes or without; also when there is no such line.
    func hold(_ text: String, at position: SourcePosition) -> Bool {
        guard let line = line(at: position) else { return true }
        let rest = line.unicodeScalars.dropFirst(position.column - 1)
        let written = rest.drop { $0 == "\"" || $0 == "'" }
        return written.starts(with: text.unicodeScalars.prefix { !$0.properties.isWhitespace })
    }

    /// The name of an env file's line stays; of others what stands before the column.
    static func masking(_ line: String, from column: Int) -> String {
        let kept = column > 1 ? String(line.prefix(column - 1)) : String(line.prefix { $0 != "=" }) + "="
        return kept + maskedValue
    }
}
