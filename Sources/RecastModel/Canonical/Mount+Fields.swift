extension Mount {
    func add(to fields: inout Fields) {
        fields.set("volumes.\(CanonicalText.path(target))", canonicalText)
    }

    private var canonicalText: String {
        let access = readOnly ? " ro" : ""
        switch source {
        case .bind(let path, let propagation, let selinux, _):
            let spread = (propagation ?? "").isEmpty || propagation == "rprivate" ? "" : " \(propagation ?? "")"
            return "bind \(CanonicalText.path(path))\(access)\(spread)\(selinux.isEmpty ? "" : " \(selinux)")\(details)"
        case .volume(let name, let noCopy): return "volume \(name)\(access)\(noCopy ? " nocopy" : "")\(details)"
        case .anonymous(let noCopy): return "volume\(access)\(noCopy ? " nocopy" : "")\(details)"
        case .tmpfs(let size, let mode): return "tmpfs size=\(size) mode=\(mode)\(access)"
        case .image(let image): return "image \(image.content)\(details)"
        case .tmpfsOptions(let options):
            return (["tmpfs"] + Set(options).subtracting([""]).sorted()).joined(separator: " ")
        }
    }

    /// What few mounts have; empty for the others.
    private var details: String {
        let folder = CanonicalText.path(subpath)
        let parts =
            [folder.isEmpty || folder == "." ? nil : "subpath=\(CanonicalText.quoted(folder))"]
            + [recursion.map { "recursive=\($0.rawValue)" }]
            + labels.sorted { $0.key < $1.key }
            .map { "label=\(CanonicalText.quoted($0.key))=\(CanonicalText.quoted($0.value))" }
        return parts.compactMap(\.self).map { " " + $0 }.joined()
    }
}
