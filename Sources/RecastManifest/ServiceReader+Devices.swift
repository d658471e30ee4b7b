import RecastModel
import RecastYAML

extension ServiceReader {
    /// An override replaces the device at the same path of the container.
    mutating func devices() -> [Isolation.Device] {
        var devices: [Isolation.Device] = []
        for item in root["devices"]?.items ?? [] {
            let field = Field(item, at: root.path.appending("devices"))
            guard let device = item.entries == nil ? shortDevice(field) : longDevice(field) else { continue }
            if let index = devices.firstIndex(where: { $0.inContainer == device.inContainer }) {
                devices[index] = device
            } else {
                devices.append(device)
            }
        }
        return devices
    }

    private mutating func longDevice(_ field: Field) -> Isolation.Device? {
        guard let source = field["source"] else {
            report.error(.missingKey, "a device has no source", at: field.place, help: "add `source: /dev/…`")
            return nil
        }
        guard let path = report.word(source) else { return nil }
        let permissions = report.word(field["permissions"])
        if let permissions, let field = field["permissions"], !permissions.isDevicePermissions {
            report.badValue(field, "may hold r, w and m, not '\(permissions)'")
        }
        return Isolation.Device(
            onHost: path, inContainer: report.word(field["target"]) ?? path, permissions: permissions ?? "rwm")
    }

    /// `HOST[:CONTAINER][:rwm]`.
    private mutating func shortDevice(_ field: Field) -> Isolation.Device? {
        guard let text = report.word(field) else { return nil }
        var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard FilePath.isAbsolute(text) else {
            report.error(
                text.contains("=") ? .unsupportedValue : .badValue,
                text.contains("=") ? "CDI devices are not supported yet" : "'\(text)' is no path of a host",
                at: field.place, help: "write a path under /dev")
            return nil
        }
        var permissions = "rwm"
        if parts.count > 1, let last = parts.last, last.isDevicePermissions {
            permissions = last
            parts.removeLast()
        }
        guard parts.count <= 2, !parts.contains("") else {
            report.badValue(field, "is '\(text)'; write HOST[:CONTAINER[:rwm]]")
            return nil
        }
        return Isolation.Device(onHost: parts[0], inContainer: parts.last ?? parts[0], permissions: permissions)
    }
}

extension String {
    fileprivate var isDevicePermissions: Bool { !isEmpty && allSatisfy { "rwm".contains($0) } }
}
