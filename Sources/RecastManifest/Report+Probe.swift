import RecastModel
import RecastYAML

/// What is asked inside a container.
extension Report {
    /// What one of the keys asks; two of them are a mistake, and nothing is asked without any.
    mutating func probe(_ field: Field, keys: [String]) -> Probe? {
        let asked = field.entries.filter { keys.contains($0.key) && !$0.node.isNull }
        for extra in asked.dropFirst() {
            error(
                .conflict, "\(field.path) has `\(asked[0].key)` and `\(extra.key)`", at: extra.keyPlace,
                help: "keep one of \(keys.joined(separator: ", "))",
                notes: [.init("`\(asked[0].key)` is here", at: asked[0].keyPlace.position)])
        }
        switch asked.first?.key {
        case "http": return field["http"].flatMap { http($0) }
        case "tcp": return integer(field["tcp"], in: 1...65535).map { .tcp(port: Int($0)) }
        case "exec": return program(field["exec"]).map { .exec($0) }
        default: return nil
        }
    }

    /// `8080/path` and the like, or a mapping.
    private mutating func http(_ field: Field) -> Probe? {
        guard field.node.entries != nil else {
            guard let text = field.node.formattedText else { return nil }
            return parsed(field.node, prefix: "\(field.path): ") { () throws(GrammarError) in
                try HTTPProbeSyntax.parse(text)
            }
        }
        let port = integer(field["port"], in: 1...65535)
        var path = "/"
        if let field = field["path"] {
            guard let text = string(field) else { return nil }
            let parsed = self.parsed(field.node, prefix: "\(field.path): ") { () throws(GrammarError) in
                try HTTPProbeSyntax.path(Array(text.unicodeScalars)[...])
            }
            guard let parsed else { return nil }
            path = parsed
        }
        return port.map { .http(port: Int($0), path: path) }
    }
}
