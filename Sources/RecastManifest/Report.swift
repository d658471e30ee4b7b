import RecastModel
import RecastYAML

/// Collects what is wrong, so that one run shows every mistake.
struct Report {
    private(set) var diagnostics: [Diagnostic] = []
    /// The first word of every code.
    let domain: Domain

    init(domain: Domain = .manifest) { self.domain = domain }

    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    mutating func error(
        _ code: Code, _ message: String, at place: Place, help: String? = nil, notes: [Diagnostic.Note] = []
    ) {
        add(.error, code, message, place, help, notes)
    }

    mutating func warn(
        _ code: Code, _ message: String, at place: Place, help: String? = nil, notes: [Diagnostic.Note] = []
    ) {
        add(.warning, code, message, place, help, notes)
    }

    mutating func note(
        _ code: Code, _ message: String, at place: Place, help: String? = nil, notes: [Diagnostic.Note] = []
    ) {
        add(.note, code, message, place, help, notes)
    }

    mutating func add(_ more: [Diagnostic]) { diagnostics += more }
    mutating func add(_ other: Report) { diagnostics += other.diagnostics }

    /// Where values stand that could not be read.
    var errorPositions: [SourcePosition: String] {
        diagnostics.filter { $0.severity == .error }.reduce(into: [:]) {
            $0[$1.position] = $0[$1.position] ?? $1.message
        }
    }

    /// Of what is wrong with one value only the first finding, which is the cause of the others.
    mutating func removeRepeated(_ causes: [SourcePosition: String]) {
        diagnostics.removeAll { found in causes[found.position].map { $0 != found.message } ?? false }
    }

    mutating func removeAll(at positions: Set<SourcePosition>) {
        diagnostics.removeAll { positions.contains($0.position) }
    }

    /// By file, line and column; what an alias would repeat stands once, for the first place that uses it.
    func sorted() -> [Diagnostic] {
        var seen: Set<Cause> = []
        return diagnostics.filter { seen.insert(Cause(code: $0.code, position: $0.position, help: $0.help)).inserted }
            .enumerated()
            .sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }
            .map(\.element)
    }

    /// Takes secrets out of what would be printed: a message may quote a value that a variable went into.
    mutating func redact(_ secrets: [String]) {
        let longestFirst = secrets.sorted { ($1.count, $0) < ($0.count, $1) }
        func redacted(_ text: String) -> String {
            longestFirst.reduce(text) { $0.replacing($1, with: maskedValue) }
        }
        diagnostics = diagnostics.map { found in
            Diagnostic(
                found.severity, code: found.code, redacted(found.message), at: found.position, length: found.length,
                help: found.help.map(redacted), notes: found.notes.map { .init(redacted($0.message), at: $0.position) })
        }
    }

    private struct Cause: Hashable {
        let code: String
        let position: SourcePosition
        let help: String?
    }

    private mutating func add(
        _ severity: Diagnostic.Severity, _ code: Code, _ message: String, _ place: Place, _ help: String?,
        _ notes: [Diagnostic.Note]
    ) {
        diagnostics.append(
            Diagnostic(
                severity, code: domain.identifier(code), message, at: place.position, length: place.length, help: help,
                notes: notes))
    }
}

/// What a caret underlines.
struct Place: Hashable {
    let position: SourcePosition
    let length: Int

    init(_ position: SourcePosition, length: Int = 1) {
        self.position = position
        self.length = max(1, length)
    }
}

extension YAMLNode {
    /// The whole scalar when it stands on one line; otherwise its first character.
    var place: Place {
        guard let text, !text.contains(where: \.isNewline) else { return Place(position) }
        return Place(position, length: text.unicodeScalars.count + (quoted ? 2 : 0))
    }

    /// Part of a scalar, or the whole of it when what is read is not what is written.
    func place(offset: Int, length: Int) -> Place {
        guard isAsWritten else { return place }
        return Place(position(ofCharacter: offset), length: length)
    }

    /// No interpolation has changed the text.
    var isAsWritten: Bool { content == text.map(Content.string) }
}

extension YAMLNode.Entry {
    var keyPlace: Place { Place(keyPosition, length: key.unicodeScalars.count) }
}
