import RecastManifest
import Testing

/// A short text in which `▸` stands before the place of a fault.
struct MarkedOffset: ExpressibleByStringLiteral, CustomTestStringConvertible {
    let text: String
    let offset: Int
    let testDescription: String

    init(stringLiteral marked: String) {
        let parts = marked.split(separator: "▸", omittingEmptySubsequences: false)
        text = parts.joined()
        offset = parts.count == 2 ? parts[0].unicodeScalars.count : -1
        testDescription = marked
    }

    /// The error that `parse` throws of the text, at the mark.
    @discardableResult
    func expectFault(
        sourceLocation: SourceLocation = #_sourceLocation, _ parse: (String) throws(GrammarError) -> some Any
    ) -> GrammarError? {
        do throws(GrammarError) {
            let value = try parse(text)
            Issue.record("no fault in '\(text)', but \(value)", sourceLocation: sourceLocation)
            return nil
        } catch {
            #expect(error.offset == offset, "\(error)", sourceLocation: sourceLocation)
            return error
        }
    }
}
