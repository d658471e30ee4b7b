import RecastModel
import RecastYAML

extension ConsistencyCheck {
    /// Settings that the service and its `deploy` both have must say the same.
    mutating func checkAgreement(of service: YAMLNode.Entry) {
        let limits = ["deploy", "resources", "limits"]
        checkReplicas(of: service)
        checkAgreement("cpus", limits, "cpus", of: service)
        checkAgreement("mem_limit", limits, "memory", of: service)
        checkAgreement("mem_reservation", ["deploy", "resources", "reservations"], "memory", of: service)
        checkAgreement("pids_limit", limits, "pids", of: service)
    }

    /// Where the object of `deploy` is given and says nothing, its setting is 0, as Docker Compose sees it.
    private mutating func checkAgreement(
        _ key: String, _ path: [String], _ last: String, of service: YAMLNode.Entry
    ) {
        guard let own = service.value.entry(key), let value = own.value.number, value != 0 else { return }
        let object = path.reduce(Optional(service.value)) { $0?[$1] }
        guard let object, object.entries != nil else { return }
        let other = object.entry(last)
        guard Float(other?.value.number ?? 0) != Float(value) else { return }
        let name = (path + [last]).joined(separator: ".")
        report.error(
            .conflict,
            other == nil
                ? "'\(key)' of service '\(service.key)' is missing in '\(path.joined(separator: "."))'"
                : "'\(key)' and '\(name)' of service '\(service.key)' differ",
            at: own.value.place, help: "write the same value in both, or leave '\(key)' out",
            notes: [.init("'\(name)' belongs here", at: other?.value.position ?? object.position)])
    }

    private mutating func checkReplicas(of service: YAMLNode.Entry) {
        let scale = service.value["scale"]
        let replicas = service.value["deploy"]?["replicas"]
        for node in [scale, replicas] {
            guard let node, let count = node.number, count < 0 else { continue }
            report.error(
                .badValue, "service '\(service.key)' cannot have \(Int64(count)) replicas", at: node.place,
                help: "write 0 or more")
        }
        if let scale, let replicas, let first = scale.number, let second = replicas.number, first != second {
            report.error(
                .conflict, "'scale' and 'deploy.replicas' of service '\(service.key)' differ", at: scale.place,
                help: "write the same number in both, or leave 'scale' out",
                notes: [.init("'deploy.replicas' is here", at: replicas.position)])
        }
        guard let counted = scale ?? replicas, let count = counted.number, count > 1,
            let name = service.value["container_name"], name.string?.isEmpty == false
        else { return }
        report.error(
            .conflict, "service '\(service.key)' has a 'container_name' and \(Int64(count)) replicas", at: name.place,
            help: "leave `container_name` out: only one container can have the name",
            notes: [.init("the number is here", at: counted.position)])
    }
}

extension YAMLNode {
    /// A number, also one in quotes, as byte sizes are.
    fileprivate var number: Double? {
        switch content {
        case .int(let value): Double(value)
        case .float(let value) where value.isFinite: value
        case .string(let text): Double(text).flatMap { $0.isFinite ? $0 : nil }
        default: nil
        }
    }
}
