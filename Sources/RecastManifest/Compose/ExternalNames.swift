import RecastModel
import RecastYAML

/// Turns the older `external: {name: x}` into `external: true` beside `name: x`.
struct ExternalNames {
    private(set) var report = Report()

    mutating func apply(to root: inout YAMLNode) {
        for section in ["networks", "volumes", "secrets", "configs"] {
            for entry in root[section]?.entries ?? [] {
                guard let external = entry.value.entry("external"), external.value.entries != nil else { continue }
                let changed = changed(entry.value, external, at: TreePath(section, entry.key))
                root.change(section) { $0.set(entry.key, to: changed) }
            }
        }
    }

    private mutating func changed(_ node: YAMLNode, _ external: YAMLNode.Entry, at path: TreePath) -> YAMLNode {
        var resource = node
        resource.set("external", to: external.value.replacing(.bool(true)))
        guard let name = external.value["name"] else { return resource }
        report.warn(
            .noEffect, "'external.name' is an older spelling", at: external.keyPlace,
            help: "write `name: \(name.text ?? "NAME")` and `external: true`")
        guard let own = node["name"] else {
            resource.set("name", to: name)
            return resource
        }
        if own.content != name.content {
            report.error(
                .conflict, "\(path) has two names", at: name.place, help: "keep `name`",
                notes: [.init("the other one is here", at: own.position)])
        }
        return resource
    }
}
