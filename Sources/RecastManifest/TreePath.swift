/// Where in a file's tree a value stands, for messages and for telling services apart.
struct TreePath: Hashable, CustomStringConvertible {
    private(set) var keys: [String]

    init(_ keys: String...) { self.keys = keys }
    private init(keys: [String]) { self.keys = keys }

    func appending(_ key: String) -> TreePath {
        var longer = self
        longer.keys.append(key)
        return longer
    }

    /// The service that the value belongs to.
    var service: String? { keys.count > 1 && keys[0] == "services" ? keys[1] : nil }

    /// `service 'web'`, `'deploy.placement' of service 'web'`, `network 'front'`.
    var description: String {
        guard keys.count > 1, let kind = Self.kinds[keys[0]] else { return "'\(keys.joined(separator: "."))'" }
        let owner = "\(kind) '\(keys[1])'"
        return keys.count == 2 ? owner : "'\(keys.dropFirst(2).joined(separator: "."))' of \(owner)"
    }

    /// `service 'web'`: what the value is a part of.
    var owner: TreePath { TreePath(keys: Array(keys.prefix(2))) }

    private static let kinds = [
        "services": "service", "networks": "network", "volumes": "volume", "hosts": "host", "secrets": "secret",
        "configs": "config",
    ]
}
