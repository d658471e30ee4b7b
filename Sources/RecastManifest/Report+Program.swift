import RecastModel
import RecastYAML

extension Report {
    /// The words of a program: a list of them, or a text for a shell; `nil` for what is absent, and for what it has
    /// reported.
    mutating func program(_ field: Field?) -> [String]? {
        guard let field else { return nil }
        let count = field.items.count
        let words = field.node.string.map { $0.isEmpty ? [] : ["/bin/sh", "-c", $0] } ?? strings(field)
        // What is no text has been reported.
        guard field.node.string != nil || words.count == count else { return nil }
        guard let program = words.first, !program.isEmpty else {
            badValue(field, "names no program")
            return nil
        }
        return words
    }
}
