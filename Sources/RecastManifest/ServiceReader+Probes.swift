import RecastModel
import RecastYAML

/// What `x-recast` asks of a running container: whether it is ready, and that it lets go of its work.
extension ServiceReader {
    mutating func readReadiness() {
        guard let field = root.at("x-recast", "ready") else { return }
        let timeout = positiveDuration(field["timeout"])
        let consecutive = report.integer(field["consecutive"], in: 1...Int64(Int32.max))
        guard let probe = report.probe(field, keys: ["http", "tcp", "exec"]) else {
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
        service.drain = Drain(report.probe(field, keys: ["http", "exec"]), wait: wait ?? .zero)
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
