import RecastModel
import RecastYAML

extension ConsistencyCheck {
    /// One path in a container holds one mount, whether it comes from `tmpfs` or from `volumes`.
    mutating func checkMounts(of service: YAMLNode.Entry) {
        var taken: [String: SourcePosition] = [:]
        for item in service.value["tmpfs"]?.items ?? [] {
            guard let text = item.string else { continue }
            let path = String(text.prefix { $0 != ":" })
            claim(path, at: item.place(offset: 0, length: path.unicodeScalars.count), of: service, &taken)
        }
        for mount in service.value["volumes"]?.items ?? [] {
            guard let target = mount["target"], let path = target.string else { continue }
            claim(path, at: target.place, of: service, &taken)
        }
    }

    private mutating func claim(
        _ path: String, at place: Place, of service: YAMLNode.Entry, _ taken: inout [String: SourcePosition]
    ) {
        guard let other = taken[path] else {
            taken[path] = place.position
            return
        }
        report.error(
            .mountConflict, "service '\(service.key)' has two mounts at \(path)", at: place, help: "keep one of them",
            notes: [.init("the other one is here", at: other)])
    }
}
