import RecastModel

/// What libyaml says, in the words of someone who edits the file.
struct SyntaxProblem {
    let diagnostic: Diagnostic

    init(_ failure: EventReader.Failure, in source: SourceText) {
        if let tab = Self.tab(near: failure.mark, in: source) {
            diagnostic = Diagnostic(
                code: YAMLProblem.tab.rawValue, "a tab indents this line", at: source.position(tab),
                help: "YAML does not allow tabs for indentation; use spaces")
            return
        }
        let wording = Wording(failure, rest: source.rest(from: failure.mark))
        let notes = [wording.note.map { Diagnostic.Note($0, at: source.position(failure.contextMark)) }]
        diagnostic = Diagnostic(
            code: YAMLProblem.syntax.rawValue, wording.message,
            at: source.position(wording.blamesContext ? failure.contextMark : failure.mark), help: wording.help,
            notes: notes.compactMap(\.self))
    }

    /// libyaml notices a tab where it stands or, having taken the line for a continuation, a line later.
    private static func tab(near mark: SourceText.Mark, in source: SourceText) -> SourceText.Mark? {
        source.tabInIndentation(ofLine: mark.line) ?? source.tabInIndentation(ofLine: mark.line - 1)
    }
}

/// One row of the table from libyaml's phrases to ours.
private struct Wording {
    var message: String
    var help: String?
    /// Explains the place where the construct began.
    var note: String?
    /// The fault is where the construct began, not where libyaml gave up.
    var blamesContext = false

    init(_ failure: EventReader.Failure, rest: ArraySlice<Unicode.Scalar>) {
        let context = failure.context ?? ""
        self =
            Self.ofScanner(failure.problem, context, rest: rest.prefix(2).map(String.init))
            ?? Self.ofParser(failure.problem, context)
            ?? Wording(message: failure.problem, note: failure.context)
    }

    private init(message: String, help: String? = nil, note: String? = nil, blamesContext: Bool = false) {
        self.message = message
        self.help = help
        self.note = note
        self.blamesContext = blamesContext
    }

    private static func ofScanner(_ problem: String, _ context: String, rest: [String]) -> Wording? {
        switch problem {
        case "mapping values are not allowed in this context":
            Wording(
                message: "a ':' cannot stand here",
                help: "check the indentation, or put a value that contains ': ' in quotes")
        case "block sequence entries are not allowed in this context":
            Wording(message: "a list item cannot stand here", help: "start the list on a line of its own")
        case "found character that cannot start any token":
            Wording(
                message: "a value cannot start with '\(rest.first ?? "")'", help: "put the value in quotes")
        case "could not find expected ':'" where context == "while scanning a simple key":
            Wording(
                message: "a ':' is missing after this key", help: "write  key: value, or indent it as the lines above",
                blamesContext: true)
        case "found unexpected end of stream" where context == "while scanning a quoted scalar":
            Wording(message: "this quote is never closed", help: "close it, or remove it", blamesContext: true)
        case "found unknown escape character":
            Wording(
                message: "'\(rest.joined())' is no escape that YAML knows",
                help: "write '\\\\' for a backslash, or use single quotes")
        default: nil
        }
    }

    private static func ofParser(_ problem: String, _ context: String) -> Wording? {
        switch (problem, context) {
        case ("did not find expected key", "while parsing a block mapping"):
            Wording(
                message: "this line does not fit the mapping that it stands in",
                help: "keys of one mapping begin in the same column; check indentation and quotes",
                note: "the mapping begins here")
        case ("did not find expected '-' indicator", _):
            Wording(
                message: "this line does not fit the list that it stands in",
                help: "items of one list begin with '-' in the same column", note: "the list begins here")
        case ("did not find expected ',' or ']'", _):
            Wording(message: "a ',' or ']' is missing before this", note: "the list begins here")
        case ("did not find expected ',' or '}'", _):
            Wording(message: "a ',' or '}' is missing before this", note: "the mapping begins here")
        case ("did not find expected <document start>", _):
            Wording(
                message: "this line cannot follow what stands before it",
                help: "write  key: value  on every line, or begin a document with ---")
        default: nil
        }
    }
}
