/// Something a person can mend in a manifest or environment, with its place and the next move.
package struct Diagnostic: Hashable, Sendable {
    package enum Severity: String, Hashable, Sendable {
        case error, warning, note
    }

    /// A second place that explains the first, such as "first declared here".
    package struct Note: Hashable, Sendable {
        package let message: String
        package let position: SourcePosition

        package init(_ message: String, at position: SourcePosition) {
            self.message = message
            self.position = position
        }
    }

    package let severity: Severity
    /// A stable, documented identifier such as `manifest.unknown-key`.
    package let code: String
    package let message: String
    package let position: SourcePosition
    /// How many characters the caret underlines; at least 1.
    package let length: Int
    /// What to do about it, such as "did you mean 'image'?".
    package let help: String?
    package let notes: [Note]

    package init(
        _ severity: Severity = .error, code: String, _ message: String, at position: SourcePosition,
        length: Int = 1, help: String? = nil, notes: [Note] = []
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.position = position
        self.length = length
        self.help = help
        self.notes = notes
    }
}
