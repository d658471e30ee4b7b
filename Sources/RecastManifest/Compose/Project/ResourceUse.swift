import RecastYAML

/// Which networks, volumes, configs, secrets and models the services of a project use.
struct ResourceUse {
    private var used: [String: Set<String>] = [:]

    init(of root: YAMLNode) {
        for service in root["services"]?.entries ?? [] {
            let value = service.value
            use("networks", value["networks"]?.entries?.map(\.key))
            use("models", value["models"]?.entries?.map(\.key))
            let volumes = value["volumes"]?.items?.filter { $0["type"]?.string == "volume" }
            use("volumes", volumes?.compactMap { $0["source"]?.string })
            use("configs", value["configs"]?.sources)
            use("secrets", value["secrets"]?.sources)
            use("secrets", value["build"]?["secrets"]?.sources)
        }
    }

    private mutating func use(_ section: String, _ keys: [String]?) {
        used[section, default: []].formUnion(keys ?? [])
    }

    /// Drops what is not used, and sections that have nothing left.
    func removeUnused(of root: inout YAMLNode) {
        for section in ["networks", "volumes", "configs", "secrets", "models"] {
            root.change(section) { resources in
                resources.changeEntries { entries in
                    entries.removeAll { used[section]?.contains($0.key) != true }
                }
            }
            if root[section]?.entries?.isEmpty ?? true { root.remove(section) }
        }
    }
}

extension YAMLNode {
    /// What the items of `configs` or `secrets` refer to.
    fileprivate var sources: [String]? { items?.compactMap { $0["source"]?.string } }
}
