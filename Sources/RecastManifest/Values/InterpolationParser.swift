/// Splits a text into literals and variables; places are indices into `scalars`.
struct InterpolationParser {
    /// Braces within braces that nobody writes by hand.
    private static let depthLimit = 50

    let scalars: [Unicode.Scalar]

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    func segments(in range: Range<Int>, depth: Int) throws(GrammarError) -> [Interpolation.Segment] {
        var segments: [Interpolation.Segment] = []
        var literalStart = range.lowerBound
        var index = range.lowerBound
        while index < range.upperBound {
            guard let (segment, end) = try special(at: index, in: range, depth: depth) else {
                index += 1
                continue
            }
            segments += literal(literalStart..<index) + [segment]
            (index, literalStart) = (end, end)
        }
        return segments + literal(literalStart..<range.upperBound)
    }

    private func literal(_ range: Range<Int>) -> [Interpolation.Segment] {
        range.isEmpty ? [] : [.literal(scalars[range].text, range)]
    }

    /// What begins at a `$`, and its end; `nil` where a `$` is only a `$`.
    private func special(
        at start: Int, in range: Range<Int>, depth: Int
    ) throws(GrammarError) -> (Interpolation.Segment, end: Int)? {
        guard scalars[start] == "$", start + 1 < range.upperBound else { return nil }
        switch scalars[start + 1] {
        case "$": return (.literal("$", start..<start + 2), start + 2)
        case "{": return try braced(start, in: range, depth: depth)
        default:
            let end = nameEnd(from: start + 1, in: range)
            guard end > start + 1 else { return nil }
            return (.variable(.init(scalars[start + 1..<end].text, over: start..<end), .plain), end)
        }
    }

    private func nameEnd(from start: Int, in range: Range<Int>) -> Int {
        guard start < range.upperBound, scalars[start].mayBeginVariableName else { return start }
        return scalars[start..<range.upperBound].firstIndex { !$0.mayStandInVariableName } ?? range.upperBound
    }

    // MARK: Braces

    private func braced(
        _ start: Int, in range: Range<Int>, depth: Int
    ) throws(GrammarError) -> (Interpolation.Segment, end: Int) {
        guard depth < Self.depthLimit else { throw GrammarError("variables are nested too deeply", at: start) }
        let close = try closingBrace(from: start, in: range)
        let nameEnd = nameEnd(from: start + 2, in: range)
        guard nameEnd > start + 2 else { throw badName(start, close) }
        let reference = Interpolation.Reference(scalars[start + 2..<nameEnd].text, over: start..<close + 1)
        let rule = try rule(nameEnd..<close, depth: depth)
        return (.variable(reference, rule), close + 1)
    }

    /// The brace that balances, or else the last of the line, as Docker Compose has it: `${A:-{}` holds a `{`.
    private func closingBrace(from start: Int, in range: Range<Int>) throws(GrammarError) -> Int {
        var open = 0
        var index = start + 1
        var last: Int?
        while index < range.upperBound, scalars[index] != "\n" {
            if scalars[index] == "{" { open += 1 }
            if scalars[index] == "}" { (open, last) = (open - 1, index) }
            if open == 0 { return index }
            index += 1
        }
        if let last { return last }
        throw GrammarError(
            "'${' is not closed" + (index < range.upperBound ? " before the end of the line" : ""), at: start,
            length: 2, help: "add '}', or write '$$' for a dollar sign")
    }

    private func badName(_ start: Int, _ close: Int) -> GrammarError {
        guard close > start + 2 else {
            return GrammarError("a name is missing in '${}'", over: start..<close + 1, help: "write ${NAME}")
        }
        return GrammarError(
            "a name cannot begin with '\(scalars[start + 2])'", at: start + 2,
            help: "write ${NAME} without spaces; names are letters, digits and '_'")
    }

    /// `range`: from the name's end to the closing brace.
    private func rule(_ range: Range<Int>, depth: Int) throws(GrammarError) -> Interpolation.Rule {
        guard !range.isEmpty else { return .plain }
        let orEmpty = scalars[range.lowerBound] == ":"
        let mark = range.lowerBound + (orEmpty ? 1 : 0)
        guard mark < range.upperBound, "-?+".unicodeScalars.contains(scalars[mark]) else {
            throw GrammarError(
                "'\(scalars[range.lowerBound])' cannot stand behind the name of a variable", at: range.lowerBound,
                help: "use ${NAME}, ${NAME:-default}, ${NAME:?message} or ${NAME:+value}")
        }
        let operand = try segments(in: mark + 1..<range.upperBound, depth: depth + 1)
        switch scalars[mark] {
        case "-": return .fallback(operand, orEmpty: orEmpty)
        case "?": return .required(message: operand, orEmpty: orEmpty)
        default: return .alternative(operand, orEmpty: orEmpty)
        }
    }
}

extension Unicode.Scalar {
    fileprivate var mayBeginVariableName: Bool { isASCIILetter || self == "_" }

    fileprivate var mayStandInVariableName: Bool { mayBeginVariableName || isASCIIDigit }
}
