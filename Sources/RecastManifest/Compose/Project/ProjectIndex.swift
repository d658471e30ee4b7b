import RecastModel
import RecastYAML

/// What the names of a project stand for.
struct ProjectIndex {
    /// Enabled ones, in the order of the file.
    let services: [YAMLNode.Entry]
    private let byName: [String: Int]
    /// Services that no profile enables, and where their names stand.
    let disabled: [String: SourcePosition]
    /// The places of the keys of `networks`, `volumes`, `configs`, `secrets` and `models`.
    private let resources: [String: [String: SourcePosition]]
    let secrets: [YAMLNode.Entry]

    init(_ root: YAMLNode, disabled: [String: SourcePosition]) {
        services = root["services"]?.entries ?? []
        byName = Dictionary(services.enumerated().map { ($1.key, $0) }) { first, _ in first }
        self.disabled = disabled
        resources = ["networks", "volumes", "configs", "secrets", "models"].reduce(into: [:]) { sections, section in
            sections[section] = (root[section]?.entries ?? []).reduce(into: [:]) { $0[$1.key] = $1.keyPosition }
        }
        secrets = root["secrets"]?.entries ?? []
    }

    func service(_ name: String) -> YAMLNode.Entry? { byName[name].map { services[$0] } }

    func declares(_ key: String, in section: String) -> Bool { resources[section]?[key] != nil }

    /// Where to look for what is missing: the nearest name, or the section that should declare it.
    func help(for key: String, in section: String) -> String {
        let declared = resources[section] ?? [:]
        guard let near = nearest(to: key, in: declared.keys), let position = declared[near] else {
            return "declare it under `\(section):`"
        }
        return "did you mean '\(near)' (\(position))?"
    }

    func helpForService(_ name: String) -> String {
        let all = disabled.merging(services.map { ($0.key, $0.keyPosition) }) { _, enabled in enabled }
        guard let near = nearest(to: name, in: all.keys), let position = all[near] else {
            return "declare it under `services:`"
        }
        return "did you mean '\(near)' (\(position))?"
    }
}
