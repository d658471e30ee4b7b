import RecastModel
import RecastYAML

/// Settings that exclude or need each other within one object, which no table of keys can say.
struct ExclusionCheck {
    private(set) var report = Report()
    private let strict: Bool

    /// `strict`: also combinations that Docker Compose accepts and that cannot work.
    init(strict: Bool) { self.strict = strict }

    mutating func run(on root: YAMLNode) {
        for volume in root["volumes"]?.entries ?? [] { checkExternal(volume, kind: "volume") }
        if strict {
            for network in root["networks"]?.entries ?? [] { checkExternal(network, kind: "network") }
        }
        for config in root["configs"]?.entries ?? [] {
            checkSource(config, kind: "config", ["file", "environment", "content"])
        }
        for secret in root["secrets"]?.entries ?? [] { checkSource(secret, kind: "secret", ["file", "environment"]) }
        for service in root["services"]?.entries ?? [] { check(service) }
    }

    // MARK: Resources

    /// What exists already has a name and nothing else to say.
    private mutating func checkExternal(_ resource: YAMLNode.Entry, kind: String) {
        guard resource.value["external"]?.bool == true else { return }
        for entry in resource.value.entries ?? [] where !entry.isAllowedBesidesExternal {
            report.error(
                .conflict, "\(kind) '\(resource.key)' is external, so it cannot have '\(entry.key)'",
                at: entry.keyPlace, help: "remove '\(entry.key)', or `external: true`")
        }
    }

    /// Exactly one source, unless a driver or somebody else provides the content.
    private mutating func checkSource(_ object: YAMLNode.Entry, kind: String, _ sources: [String]) {
        guard object.value.entries != nil || object.value.isNull else { return }
        let given = sources.compactMap { object.value.entry($0) }
        for extra in given.dropFirst() {
            report.error(
                .conflict, "\(kind) '\(object.key)' has '\(given[0].key)' and '\(extra.key)'", at: extra.keyPlace,
                help: "keep one of \(sources.joined(separator: ", "))",
                notes: [.init("'\(given[0].key)' is here", at: given[0].keyPosition)])
        }
        let isCommand = object.value["x-recast"]?["command"] != nil
        if given.isEmpty, !isCommand, object.value["driver"] == nil, object.value["external"] == nil {
            report.error(
                .missingKey, "\(kind) '\(object.key)' has no content", at: object.keyPlace,
                help: "add one of \(sources.joined(separator: ", "))")
        }
        if strict, let source = given.first, object.value["external"]?.bool == true {
            report.error(
                .conflict, "\(kind) '\(object.key)' is external, so it cannot have '\(source.key)'",
                at: source.keyPlace, help: "remove '\(source.key)', or `external: true`")
        }
    }

    // MARK: Services

    private mutating func check(_ service: YAMLNode.Entry) {
        let value = service.value
        for port in value["ports"]?.items ?? [] { checkAddress(of: port, service) }
        let reserved = value["deploy"]?["resources"]?["reservations"]?["devices"]
        for request in (reserved?.items ?? []) + (value["gpus"]?.items ?? []) { checkDevices(request, service) }
        for rule in value["develop"]?["watch"]?.items ?? [] {
            guard let path = rule["path"], path.string == "" else { continue }
            report.error(
                .badValue, "a path of 'develop.watch' of service '\(service.key)' is empty", at: path.place,
                help: "name a file or a directory")
        }
    }

    private mutating func checkAddress(of port: YAMLNode, _ service: YAMLNode.Entry) {
        guard let node = port["host_ip"], let address = node.string, IPAddress(address) == nil else { return }
        report.error(
            .badValue, "'\(address)', where service '\(service.key)' publishes a port, is no IP address",
            at: node.place, help: "write an address such as 127.0.0.1 or ::1")
    }

    private mutating func checkDevices(_ request: YAMLNode, _ service: YAMLNode.Entry) {
        guard let count = request.entry("count"), let ids = request.entry("device_ids") else { return }
        report.error(
            .conflict, "a device request of service '\(service.key)' has 'count' and 'device_ids'",
            at: max(count, ids).keyPlace, help: "keep one of them",
            notes: [.init("the other one is here", at: min(count, ids).keyPosition)])
    }

    private func max(_ first: YAMLNode.Entry, _ second: YAMLNode.Entry) -> YAMLNode.Entry {
        first.keyPosition < second.keyPosition ? second : first
    }

    private func min(_ first: YAMLNode.Entry, _ second: YAMLNode.Entry) -> YAMLNode.Entry {
        first.keyPosition < second.keyPosition ? first : second
    }
}

extension YAMLNode.Entry {
    fileprivate var isAllowedBesidesExternal: Bool { key == "name" || key == "external" || key.hasPrefix("x-") }
}
