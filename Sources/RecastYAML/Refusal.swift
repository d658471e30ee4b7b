import RecastModel

/// A fault after which the rest of the file cannot be read.
struct Refusal: Error {
    let diagnostic: Diagnostic

    init(_ diagnostic: Diagnostic) {
        self.diagnostic = diagnostic
    }

    init(
        _ problem: YAMLProblem, _ message: String, at position: SourcePosition, length: Int = 1, help: String? = nil,
        notes: [Diagnostic.Note] = []
    ) {
        diagnostic = Diagnostic(
            code: problem.rawValue, message, at: position, length: length, help: help, notes: notes)
    }
}
