/// A fault in a short text such as `80:80/tcp`, or a warning about one.
///
/// The reader of the file turns the offset into a place.
package struct GrammarError: Error, Hashable, Sendable {
    package let message: String
    /// Characters (Unicode scalars) before the fault.
    package let offset: Int
    /// Characters that a caret underlines; at least 1.
    package let length: Int
    /// The next move, such as "write 10s".
    package let help: String?

    package init(_ message: String, at offset: Int, length: Int = 1, help: String? = nil) {
        self.message = message
        self.offset = offset
        self.length = max(1, length)
        self.help = help
    }

    init(_ message: String, over range: Range<Int>, help: String? = nil) {
        self.init(message, at: range.lowerBound, length: range.count, help: help)
    }
}
