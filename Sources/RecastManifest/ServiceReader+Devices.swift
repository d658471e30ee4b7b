import RecastModel
import RecastYAML

extension ServiceReader {
    mutating func devices() -> [Isolation.Device] {
        (root["devices"]?.items ?? []).compactMap { device(Field($0, at: root.path.appending("devices"))) }
    }

    private mutating func device(_ field: Field) -> Isolation.Device? {
        guard let source = field["source"], let path = report.word(source) else { return nil }
        guard FilePath.isAbsolute(path) else {
            report.error(
                path.contains("=") ? .unsupportedValue : .badValue,
                path.contains("=") ? "CDI devices are not supported yet" : "'\(path)' is no path of a host",
                at: source.place, help: "write a path under /dev")
            return nil
        }
        let permissions = report.word(field["permissions"])
        if let permissions, let field = field["permissions"], !permissions.isDevicePermissions {
            report.badValue(field, "may hold r, w and m, not '\(permissions)'")
        }
        return Isolation.Device(
            onHost: path, inContainer: report.word(field["target"]) ?? path, permissions: permissions ?? "rwm")
    }
}

extension String {
    fileprivate var isDevicePermissions: Bool { !isEmpty && allSatisfy { "rwm".contains($0) } }
}
