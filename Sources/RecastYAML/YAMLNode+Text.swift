package import RecastModel

extension YAMLNode {
    /// The text that Docker Compose makes of a scalar where it wants a string (Go's `%v`); `nil` for null and collections.
    ///
    /// Where it differs from `text`, the person should have used quotes: `1.10` becomes `1.1`, `010` becomes `8`.
    package var formattedText: String? {
        switch content {
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .bigInt(let digits): digits
        case .float(let value): value.goText
        case .string(let value): value
        case .null, .sequence, .mapping: nil
        }
    }

    /// The place of one character of a scalar's text, counted from 0.
    ///
    /// Exact for plain and `|` text; after an escape in quotes, or in folded text, it is the nearest place known.
    package func position(ofCharacter offset: Int) -> SourcePosition {
        guard case .string(let value) = content else {
            return textPosition.advanced(lines: 0, columns: offset)
        }
        let before = value.unicodeScalars.prefix(offset)
        guard let lineBreak = before.lastIndex(of: "\n") else {
            return textPosition.advanced(lines: 0, columns: offset)
        }
        return textPosition.advanced(
            lines: before.count { $0 == "\n" },
            columns: before.distance(from: lineBreak, to: before.endIndex) - 1)
    }
}

extension SourcePosition {
    fileprivate func advanced(lines: Int, columns: Int) -> SourcePosition {
        SourcePosition(file: file, line: line + lines, column: column + columns)
    }
}
