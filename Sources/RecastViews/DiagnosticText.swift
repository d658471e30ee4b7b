package import RecastModel

/// Mistakes in files for people: place, line, caret, what to do.
package struct DiagnosticText {
    private let style: Style
    /// The lines of each file by its name.
    private let sources: [String: [String]]

    package init(sources: [String: [UInt8]], style: Style = Style()) {
        self.style = style
        self.sources = sources.mapValues { bytes in
            String(decoding: bytes, as: UTF8.self).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
                .map(String.init)
        }
    }

    /// How many are told in full; a file that is none at all has thousands.
    private static let most = 100

    package func lines(_ diagnostics: [Diagnostic]) -> [String] {
        let rest = diagnostics.count - Self.most
        return diagnostics.prefix(Self.most).flatMap(lines) + (rest > 0 ? ["… and \(rest) more."] : [])
    }

    private func lines(_ diagnostic: Diagnostic) -> [String] {
        let place = style.paint(diagnostic.position.description.printable, .bold)
        let severity = style.paint("\(diagnostic.severity.rawValue)[\(diagnostic.code)]", colour(diagnostic.severity))
        var lines = ["\(place): \(severity): \(diagnostic.message.printable)"]
        let excerpt = excerpt(of: diagnostic)
        lines += excerpt
        if excerpt.isEmpty, let help = diagnostic.help?.printable { lines.append("       \(help)") }
        for note in diagnostic.notes { lines.append("  \(note.position): note: \(note.message)".printable) }
        return lines
    }

    private func excerpt(of diagnostic: Diagnostic) -> [String] {
        let position = diagnostic.position
        guard let file = sources[position.file], file.indices.contains(position.line - 1) else { return [] }
        return Excerpt(
            file[position.line - 1], at: position, length: diagnostic.length, remark: diagnostic.help?.printable,
            style: style
        ).lines
    }

    private func colour(_ severity: Diagnostic.Severity) -> Style.Colour {
        switch severity {
        case .error: .red
        case .warning: .yellow
        case .note: .cyan
        }
    }
}

/// Mistakes in files for machines.
package struct DiagnosticsDocument: Encodable {
    struct Item: Encodable {
        let severity: String
        let code: String
        let message: String
        let file: String
        let line: Int
        let column: Int
        /// Behind the last character that is meant.
        let endColumn: Int
        let length: Int
        /// The value that stands there.
        let path: String?
        let help: String?
        let notes: [Note]
    }
    struct Note: Encodable {
        let message: String
        let file: String
        let line: Int
        let column: Int
    }

    let format = 1
    let valid: Bool
    let diagnostics: [Item]

    /// `path`: which value of a file stands at a place.
    package init(_ diagnostics: [Diagnostic], path: (SourcePosition) -> String? = { _ in nil }) {
        valid = !diagnostics.contains { $0.severity == .error }
        self.diagnostics = diagnostics.map { diagnostic in
            Item(
                severity: diagnostic.severity.rawValue, code: diagnostic.code, message: diagnostic.message,
                file: diagnostic.position.file, line: diagnostic.position.line, column: diagnostic.position.column,
                endColumn: diagnostic.position.column + diagnostic.length, length: diagnostic.length,
                path: path(diagnostic.position), help: diagnostic.help,
                notes: diagnostic.notes.map {
                    Note(
                        message: $0.message, file: $0.position.file, line: $0.position.line,
                        column: $0.position.column)
                })
        }
    }
}
