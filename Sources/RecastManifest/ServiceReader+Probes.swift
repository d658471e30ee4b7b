import RecastModel
import RecastYAML

/// What `x-recast` asks of a running container: whether it is ready, and that it lets go of its work.
extension ServiceReader {
    mutating func readReadiness() {
        guard let field = root.at("x-recast", "ready") else { return }
        let timeout = positiveDuration(field["timeout"])
        let consecutive = report.integer(field["consecutive"], in: 1...Int64(Int32.max))
        guard let probe = probe(field, keys: ["http", "tcp", "exec"]) else {
            if field["http"] == nil, field["tcp"] == nil, field["exec"] == nil {
                report.error(
                    .missingKey, "\(field.path) asks nothing", at: field.keyPlace, help: "add `http`, `tcp` or `exec`")
            }
            return
        }
        var readiness = Readiness(probe)
        if let timeout { readiness.timeout = timeout }
        if let consecutive { readiness.consecutive = Int(consecutive) }
        service.gate.readiness = readiness
    }

    mutating func readDrain() {
        guard let field = root.at("x-recast", "drain") else { return }
        if ["http", "exec", "wait"].allSatisfy({ field[$0] == nil }) {
            report.error(
                .missingKey, "\(field.path) says nothing", at: field.keyPlace, help: "add `exec`, `http` or `wait`")
            return
        }
        let wait = report.duration(field["wait"]).map { Duration.nanoseconds($0) }
        service.drain = Drain(probe(field, keys: ["http", "exec"]), wait: wait ?? .zero)
    }

    /// What one of the keys asks; two of them are a mistake, and nothing is asked without any.
    private mutating func probe(_ field: Field, keys: [String]) -> Probe? {
        let asked = field.entries.filter { keys.contains($0.key) && !$0.node.isNull }
        for extra in asked.dropFirst() {
            report.error(
                .conflict, "\(field.path) has `\(asked[0].key)` and `\(extra.key)`", at: extra.keyPlace,
                help: "keep one of \(keys.joined(separator: ", "))",
                notes: [.init("`\(asked[0].key)` is here", at: asked[0].keyPlace.position)])
        }
        switch asked.first?.key {
        case "http": return field["http"].flatMap { http($0) }
        case "tcp": return report.integer(field["tcp"], in: 1...65535).map { .tcp(port: Int($0)) }
        case "exec": return report.program(field["exec"]).map { .exec($0) }
        default: return nil
        }
    }

    /// `8080/path` and the like, or a mapping.
    private mutating func http(_ field: Field) -> Probe? {
        guard field.node.entries != nil else {
            guard let text = field.node.formattedText else { return nil }
            return report.parsed(field.node, prefix: "\(field.path): ") { () throws(GrammarError) in
                try HTTPProbeSyntax.parse(text)
            }
        }
        let port = report.integer(field["port"], in: 1...65535)
        var path = "/"
        if let field = field["path"] {
            guard let text = report.string(field) else { return nil }
            let parsed = report.parsed(field.node, prefix: "\(field.path): ") { () throws(GrammarError) in
                try HTTPProbeSyntax.path(Array(text.unicodeScalars)[...])
            }
            guard let parsed else { return nil }
            path = parsed
        }
        return port.map { .http(port: Int($0), path: path) }
    }

    /// A time within which something must happen, so that there must be some.
    mutating func positiveDuration(_ field: Field?) -> Duration? {
        guard let field, let nanoseconds = report.duration(field) else { return nil }
        guard nanoseconds > 0 else {
            report.badValue(field, "leaves no time", help: "write a longer one, or leave the key out")
            return nil
        }
        return .nanoseconds(nanoseconds)
    }
}
