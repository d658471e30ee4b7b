extension String {
    /// Without quotes where every reader takes it for this text, else in double quotes.
    var yamlScalar: String { isFitForPlain ? self : doubleQuoted }

    private var doubleQuoted: String {
        unicodeScalars.reduce(into: "\"") { $0 += $1.inDoubleQuotes } + "\""
    }

    // MARK: Plain

    private var isFitForPlain: Bool {
        guard let first = unicodeScalars.first, let last = unicodeScalars.last else { return false }
        guard first.mayBeginPlain, last != " ", last != ":" else { return false }
        guard unicodeScalars.allSatisfy(\.mayStandInPlain), !looksTyped else { return false }
        return !zip(unicodeScalars, unicodeScalars.dropFirst()).contains { $0 == (":", " ") || $0 == (" ", "#") }
    }

    /// Read as something else here, or by readers of YAML 1.1: `yes`, `22:22`, `2020-01-01`.
    private var looksTyped: Bool {
        if ScalarTyping.content(ofPlain: self) != .string(self) { return true }
        if ["y", "n", "yes", "no", "on", "off"].contains(lowercased()) { return true }
        let year = unicodeScalars.prefix { ("0"..."9").contains($0) }
        if year.count == 4, unicodeScalars.dropFirst(4).first == "-" { return true }
        return !unicodeScalars.contains { $0.properties.isAlphabetic || $0 == "/" }
    }

    // MARK: Block

    /// Text of several lines that `|` gives back unchanged.
    var isFitForBlock: Bool {
        guard contains("\n"), unicodeScalars.allSatisfy({ $0 == "\n" || $0.mayStandInBlock }) else { return false }
        let lines = blockLines
        guard let first = lines.first?.unicodeScalars.first, first != " ", first != "\t" else { return false }
        return lines.allSatisfy { line in line.isEmpty || line.contains { $0 != " " && $0 != "\t" } }
    }

    /// The chomping indicator says how many line breaks end the text.
    var blockHeader: String {
        let breaks = unicodeScalars.reversed().prefix { $0 == "\n" }.count
        return breaks == 0 ? "|-" : breaks == 1 ? "|" : "|+"
    }

    var blockLines: [String] {
        var lines = unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}

extension Unicode.Scalar {
    fileprivate var mayBeginPlain: Bool {
        properties.isAlphabetic || ("0"..."9").contains(self) || self == "/" || self == "_" || self == "$"
    }

    fileprivate var mayStandInBlock: Bool { isAllowedInYAML && !isLineBreak }

    fileprivate var mayStandInPlain: Bool { mayStandInBlock && self != "\t" }

    fileprivate var inDoubleQuotes: String {
        switch self {
        case "\"": "\\\""
        case "\\": "\\\\"
        case "\n": "\\n"
        case "\t": "\\t"
        case "\r": "\\r"
        default: mayStandInBlock ? String(self) : escapedByNumber
        }
    }

    private var escapedByNumber: String {
        let digits = String(value, radix: 16, uppercase: true)
        let (letter, width) = value <= 0xFF ? ("x", 2) : value <= 0xFFFF ? ("u", 4) : ("U", 8)
        return "\\" + letter + String(repeating: "0", count: width - digits.count) + digits
    }
}
