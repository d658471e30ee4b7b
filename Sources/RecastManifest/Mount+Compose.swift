import RecastModel
import RecastYAML

extension Mount {
    var shortTmpfs: String? {
        guard case .tmpfsOptions(let options) = source else { return nil }
        return options.isEmpty ? target : "\(target):\(options.joined(separator: ","))"
    }

    /// `nil` for what `tmpfs:` says.
    var compose: YAMLNode? {
        var mapping = ComposeMapping()
        var details = ComposeMapping()
        let kind: String
        switch source {
        case .bind(let path, let propagation, let selinux, let createHostPath):
            kind = "bind"
            mapping["source"] = .text(path)
            details["propagation"] = propagation.map(YAMLNode.text)
            if !selinux.isEmpty { details["selinux"] = .text(selinux) }
            if createHostPath { details["create_host_path"] = .yes }
            details["recursive"] = recursion.map { .text($0.rawValue) }
        case .volume(let name, let noCopy):
            kind = "volume"
            mapping["source"] = .text(name)
            write(noCopy: noCopy, into: &details)
        case .anonymous(let noCopy):
            kind = "volume"
            write(noCopy: noCopy, into: &details)
        case .image(let image):
            kind = "image"
            mapping["source"] = .text(image.description)
            if !subpath.isEmpty { details["subpath"] = .text(subpath) }
        case .tmpfs(let size, let mode):
            kind = "tmpfs"
            if size > 0 { details["size"] = .number(size) }
            if mode > 0 { details["mode"] = .number(Int64(mode)) }
        case .tmpfsOptions: return nil
        }
        var complete = ComposeMapping()
        complete["type"] = .text(kind)
        complete["source"] = mapping["source"]
        complete["target"] = .text(target)
        if readOnly { complete["read_only"] = .yes }
        complete[kind] = details.node
        return complete.node
    }

    private func write(noCopy: Bool, into details: inout ComposeMapping) {
        if noCopy { details["nocopy"] = .yes }
        if !subpath.isEmpty { details["subpath"] = .text(subpath) }
        details["labels"] = .mapping(labels, YAMLNode.text)
    }
}
