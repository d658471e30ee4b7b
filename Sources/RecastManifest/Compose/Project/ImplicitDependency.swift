import RecastModel
import RecastYAML

/// A service that another needs without `depends_on`: linked, lending its volumes, or sharing a namespace.
struct ImplicitDependency {
    let service: String
    /// Whether a restart of that service restarts the other one.
    let restart: Bool
    /// Where the reference stands.
    let position: SourcePosition

    /// Links first, then namespaces, then volumes.
    static func all(of service: YAMLNode) -> [ImplicitDependency] {
        let links = (service["links"]?.items ?? []).compactMap(link)
        let namespaces = ["network_mode", "ipc", "pid", "uts", "cgroup"].compactMap { service[$0].flatMap(namespace) }
        let volumes = (service["volumes_from"]?.items ?? []).compactMap(lender)
        return links + namespaces + volumes
    }

    /// The service of `service:NAME`, the form of every shared namespace.
    static func serviceReference(_ text: String) -> String? {
        let prefix = "service:"
        return text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
    }

    /// As an entry of `depends_on`.
    var entry: YAMLNode.Entry {
        let settings: [(String, YAMLNode.Content)] = [
            ("condition", .string("service_started")), ("restart", .bool(restart)), ("required", .bool(true)),
        ]
        let entries = settings.map { key, content in
            YAMLNode.Entry(key: key, keyPosition: position, value: YAMLNode(content, at: position))
        }
        return YAMLNode.Entry(key: service, keyPosition: position, value: YAMLNode(.mapping(entries), at: position))
    }

    /// `SERVICE` or `SERVICE:ALIAS`.
    private static func link(_ node: YAMLNode) -> ImplicitDependency? {
        guard let text = node.string else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return ImplicitDependency(
            service: parts.count == 2 ? String(parts[0]) : text, restart: true,
            position: node.place(offset: 0, length: 1).position)
    }

    private static func namespace(_ node: YAMLNode) -> ImplicitDependency? {
        guard let text = node.string, let service = serviceReference(text) else { return nil }
        return ImplicitDependency(
            service: service, restart: true, position: node.place(offset: "service:".count, length: 1).position)
    }

    /// `SERVICE[:ro|rw]`; `container:NAME` is no service.
    private static func lender(_ node: YAMLNode) -> ImplicitDependency? {
        guard let text = node.string, !text.hasPrefix("container:") else { return nil }
        let name = text.prefix { $0 != ":" }
        return ImplicitDependency(
            service: String(name), restart: false, position: node.place(offset: 0, length: 1).position)
    }
}
