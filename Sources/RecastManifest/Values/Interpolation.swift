/// Text with `${…}` in it, parsed once.
///
/// The grammar is compose-spec's, and Docker Compose's where that says nothing.
package struct Interpolation: Hashable, Sendable {
    /// One use of a variable, and where in the text it stands.
    package struct Reference: Hashable, Sendable {
        package let name: String
        /// Characters before the `$`.
        package let offset: Int
        /// Characters from the `$` to the name's end or the `}`.
        package let length: Int

        init(_ name: String, over range: Range<Int>) {
            self.name = name
            offset = range.lowerBound
            length = range.count
        }
    }

    enum Segment: Hashable {
        case literal(String, Range<Int>)
        case variable(Reference, Rule)
    }

    /// What stands behind the name.
    ///
    /// `orEmpty`: the form with `:`, to which an empty value counts as unset.
    enum Rule: Hashable {
        case plain
        case fallback([Segment], orEmpty: Bool)
        case required(message: [Segment], orEmpty: Bool)
        case alternative([Segment], orEmpty: Bool)
    }

    let segments: [Segment]

    package init(_ text: String) throws(GrammarError) {
        let parser = InterpolationParser(text)
        segments = try parser.segments(in: parser.scalars.indices, depth: 0)
    }

    /// Every variable of the text, also those in defaults that may not be needed, in the order of the text.
    package var references: [Reference] { Self.references(in: segments) }

    private static func references(in segments: [Segment]) -> [Reference] {
        segments.flatMap { segment -> [Reference] in
            guard case .variable(let reference, let rule) = segment else { return [] }
            return [reference] + references(in: rule.operand)
        }
    }

    /// The text with values in place.
    ///
    /// `lookup` gives `nil` for a variable that is not set.
    ///
    /// Throws for a variable that `:?` or `?` requires.
    package func evaluate(_ lookup: (String) -> String?) throws(GrammarError) -> Interpolated {
        var result = Interpolated()
        for segment in segments {
            switch segment {
            case .literal(let text, let range): result.append(text, from: range, isLiteral: true)
            case .variable(let reference, let rule):
                let value = try result.value(of: reference, rule, lookup)
                result.append(
                    value, from: reference.offset..<reference.offset + reference.length, isLiteral: false)
            }
        }
        return result
    }
}

extension Interpolation.Rule {
    fileprivate var operand: [Interpolation.Segment] {
        switch self {
        case .plain: []
        case .fallback(let operand, _), .required(let operand, _), .alternative(let operand, _): operand
        }
    }
}

/// Interpolated text, and how it came about.
package struct Interpolated: Hashable, Sendable {
    private struct Piece: Hashable {
        let start: Int
        let count: Int
        let source: Range<Int>
        let isLiteral: Bool
    }

    package private(set) var text = ""
    /// The variables that were looked up, in order.
    package private(set) var used: [Interpolation.Reference] = []
    /// Those that gave nothing because they are not set and have no default.
    package private(set) var unset: [Interpolation.Reference] = []
    private var pieces: [Piece] = []

    /// The part of the source that a character of `text` came from: itself, or the whole `${…}`.
    package func source(ofCharacter offset: Int) -> (offset: Int, length: Int) {
        let piece =
            pieces.first { $0.start == offset && $0.count == 0 }
            ?? pieces.first { ($0.start..<$0.start + $0.count).contains(offset) } ?? pieces.last
        guard let piece else { return (offset, 1) }
        guard piece.isLiteral else { return (piece.source.lowerBound, piece.source.count) }
        return (min(piece.source.lowerBound + offset - piece.start, piece.source.upperBound), 1)
    }

    fileprivate mutating func append(_ value: String, from source: Range<Int>, isLiteral: Bool) {
        let start = pieces.last.map { $0.start + $0.count } ?? 0
        pieces.append(Piece(start: start, count: value.unicodeScalars.count, source: source, isLiteral: isLiteral))
        text.unicodeScalars.append(contentsOf: value.unicodeScalars)
    }

    fileprivate mutating func value(
        of reference: Interpolation.Reference, _ rule: Interpolation.Rule, _ lookup: (String) -> String?
    ) throws(GrammarError) -> String {
        used.append(reference)
        let value = lookup(reference.name)
        switch rule {
        case .plain:
            if value == nil { unset.append(reference) }
            return value ?? ""
        case .fallback(let operand, let orEmpty):
            if let value, !(orEmpty && value.isEmpty) { return value }
            return try joined(operand, lookup)
        case .alternative(let operand, let orEmpty):
            guard let value, !(orEmpty && value.isEmpty) else { return "" }
            return try joined(operand, lookup)
        case .required(let message, let orEmpty):
            if let value, !(orEmpty && value.isEmpty) { return value }
            let reason = try joined(message, lookup)
            throw GrammarError(
                "required variable \(reference.name) is missing a value" + (reason.isEmpty ? "" : ": " + reason),
                at: reference.offset, length: reference.length, help: "set \(reference.name)")
        }
    }

    private mutating func joined(
        _ segments: [Interpolation.Segment], _ lookup: (String) -> String?
    ) throws(GrammarError) -> String {
        var joined = ""
        for segment in segments {
            switch segment {
            case .literal(let text, _): joined += text
            case .variable(let reference, let rule): joined += try value(of: reference, rule, lookup)
            }
        }
        return joined
    }
}
