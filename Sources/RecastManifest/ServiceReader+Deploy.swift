import RecastModel
import RecastYAML

extension ServiceReader {
    mutating func readDeploy() {
        let deploy = root["deploy"]
        readMode(deploy)
        readConstraints(deploy?.at("placement", "constraints"))
    }

    private mutating func readMode(_ deploy: Field?) {
        let replicas = report.integer(deploy?["replicas"], in: 0...1000)
        let scale = report.integer(root["scale"], in: 0...1000)
        let mode = modeWord(deploy?["mode"])
        guard mode == "global" else {
            service.mode = .replicated(Int(replicas ?? scale ?? 1))
            return
        }
        service.mode = .global
        if let field = deploy?["replicas"] ?? root["scale"] {
            report.error(
                .conflict, "a global service runs once on each matching host", at: field.keyPlace,
                help: "remove the number, or `mode: global`")
        }
    }

    private mutating func modeWord(_ field: Field?) -> String? {
        if let field, case .string(let text) = field.node.content, ["replicated-job", "global-job"].contains(text) {
            report.error(.unsupportedValue, "mode '\(text)' is not supported yet", at: field.place)
            return nil
        }
        return report.choice(field, ["replicated", "global"])
    }

    /// What can be known of a host before it is asked: its name and its labels.
    private mutating func readConstraints(_ field: Field?) {
        for item in field?.items ?? [] {
            let item = Field(item, at: root.path.appending("deploy.placement.constraints"))
            guard let text = report.string(item) else { continue }
            let constraint = report.parsed(item.node, .badConstraint) { () throws(GrammarError) in
                try Constraint(text)
            }
            guard let constraint else { continue }
            switch constraint.key {
            case .hostname, .role, .nodeLabel: service.constraints.append(Located(constraint, at: item.place))
            case .id, .address, .operatingSystem, .architecture, .engineLabel:
                report.error(
                    .badConstraint, "'\(constraint)' is about something an environment does not say of its hosts",
                    at: item.place, help: "give the hosts a label, and use node.labels.NAME or node.hostname")
            }
        }
    }

    mutating func readNeeds() {
        for field in root["depends_on"]?.entries ?? [] {
            let required = report.bool(field["required"]) ?? true
            guard let condition = condition(field) else { continue }
            service.needs.append(
                Service.Need(
                    service: Located(field.key, at: field.keyPlace), condition: condition, required: required))
        }
    }

    private mutating func condition(_ field: Field) -> Dependency.Condition? {
        let allowed: [Dependency.Condition] = [.started, .healthy, .completed]
        return report.choice(field["condition"], allowed.map(\.rawValue)).flatMap(Dependency.Condition.init)
    }
}
