import RecastModel

/// The file as lines of characters, to find places that libyaml does not mark.
///
/// Lines break where libyaml breaks them, so that its marks index into `lines`.
struct SourceText {
    /// A zero-based place, as libyaml counts.
    struct Mark: Hashable {
        var line: Int
        var column: Int
    }

    let file: String
    /// Without their line breaks; never empty.
    private(set) var lines: [[Unicode.Scalar]] = [[]]

    /// Refuses bytes that are not UTF-8 or hold characters that YAML forbids.
    init(_ bytes: ArraySlice<UInt8>, file: String) throws(Refusal) {
        self.file = file
        var input = bytes.makeIterator()
        var decoder = UTF8()
        var afterReturn = false
        while true {
            switch decoder.decode(&input) {
            case .emptyInput: return
            case .error:
                throw Refusal(
                    .encoding, "the file is not UTF-8 from here on", at: position(end),
                    help: "save the file as UTF-8")
            case .scalarValue(let scalar):
                if !(afterReturn && scalar == "\n") { try append(scalar) }
                afterReturn = scalar == "\r"
            }
        }
    }

    private mutating func append(_ scalar: Unicode.Scalar) throws(Refusal) {
        guard scalar.isAllowedInYAML else {
            let digits = String(scalar.value, radix: 16, uppercase: true)
            let name = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            throw Refusal(
                .encoding, "the character \(name) is not allowed in YAML", at: position(end),
                help: "remove it, or write it as an escape in double quotes")
        }
        if scalar.isLineBreak {
            lines.append([])
        } else {
            lines[lines.count - 1].append(scalar)
        }
    }

    private var end: Mark { Mark(line: lines.count - 1, column: lines[lines.count - 1].count) }

    func position(_ mark: Mark) -> SourcePosition {
        SourcePosition(file: file, line: mark.line + 1, column: mark.column + 1)
    }

    /// The rest of the line from the mark on; empty at the end of a line and of the file.
    func rest(from mark: Mark) -> ArraySlice<Unicode.Scalar> {
        guard lines.indices.contains(mark.line) else { return [] }
        return lines[mark.line].dropFirst(mark.column)
    }

    /// Where a node itself starts when an anchor or a tag stands before it.
    func skippingProperties(from mark: Mark) -> Mark {
        var mark = mark
        while lines.indices.contains(mark.line) {
            let rest = rest(from: mark)
            switch rest.first {
            case nil, "#": mark = Mark(line: mark.line + 1, column: 0)
            case " ", "\t": mark.column += rest.prefix { $0 == " " || $0 == "\t" }.count
            case "&", "!": mark.column += rest.prefix { $0 != " " && $0 != "\t" }.count
            default: return mark
            }
        }
        return end
    }

    /// The first character of a block scalar's text, on the line after its `|` or `>`.
    func blockText(after mark: Mark) -> Mark {
        let indentations = lines.dropFirst(mark.line + 1).lazy.compactMap { line in line.firstIndex { $0 != " " } }
        return indentations.first.map { Mark(line: mark.line + 1, column: $0) } ?? mark
    }

    /// The first tab among the white space that the line begins with.
    func tabInIndentation(ofLine line: Int) -> Mark? {
        guard lines.indices.contains(line) else { return nil }
        let indentation = lines[line].prefix { $0 == " " || $0 == "\t" }
        return indentation.firstIndex(of: "\t").map { Mark(line: line, column: $0) }
    }
}

extension Unicode.Scalar {
    /// What libyaml takes for the end of a line.
    var isLineBreak: Bool {
        switch value {
        case 0x0A, 0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    var isAllowedInYAML: Bool {
        switch value {
        case 0xFEFF: false
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}
