import RecastModel
import RecastYAML

/// The files of services, as a compose file declares them.
extension [DeliveredFile] {
    /// `secrets:` or `configs:` of a service.
    func references(_ kind: DeliveredFile.Kind) -> YAMLNode {
        .list(filter { $0.kind == kind }.sorted { $0.target < $1.target }.map(\.reference))
    }

    /// The binds among them, for `volumes:`.
    var binds: [YAMLNode] {
        filter { $0.kind == .bind }.sorted { $0.target < $1.target }.map { file in
            var mapping = ComposeMapping()
            mapping["type"] = .text("bind")
            mapping["source"] = .text(file.name)
            mapping["target"] = .text(file.target)
            mapping["read_only"] = .yes
            return mapping.node
        }
    }

    /// `secrets:` or `configs:` of the whole file; no content of a secret is shown.
    func declarations(_ kind: DeliveredFile.Kind) -> YAMLNode {
        let named = Dictionary(filter { $0.kind == kind }.map { ($0.name, $0) }) { first, _ in first }
        return .mapping(named) { file in
            var mapping = ComposeMapping()
            mapping["content"] = .text(file.shownContent)
            return mapping.node
        }
    }
}

extension DeliveredFile {
    fileprivate var reference: YAMLNode {
        var mapping = ComposeMapping()
        mapping["source"] = .text(name)
        mapping["target"] = .text(target)
        if user != 0 { mapping["uid"] = .text(String(user)) }
        if group != 0 { mapping["gid"] = .text(String(group)) }
        if case .file(_, let mode)? = entries[""] { mapping["mode"] = .text("0" + String(mode, radix: 8)) }
        return mapping.node
    }

    /// Masked unless it is a config's text.
    fileprivate var shownContent: String {
        guard kind == .config, case .file(let content, _)? = entries[""],
            let text = String(validating: content.bytes, as: UTF8.self)
        else { return maskedValue }
        return text
    }
}
