extension Sharing {
    /// Under the paths of what it stands in place of.
    func add(to fields: inout Fields) {
        for (path, owner) in [("network_mode", network), ("pid", pid), ("ipc", ipc)] {
            if let owner { fields.set(path, owner.description) }
        }
        fields.set("volumes_from", set: volumes.map { "\($0.owner)\($0.readOnly ? ":ro" : "")" })
    }

    /// Whether a field's canonical value names a container, or an instance whose container is meant.
    package static func isReference(_ value: String, at path: String) -> Bool {
        switch path {
        case "network_mode", "pid", "ipc": value.hasPrefix("service:") || value.hasPrefix("container:")
        case "volumes_from": true
        default: false
        }
    }
}
