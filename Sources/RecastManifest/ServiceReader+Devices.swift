import RecastModel
import RecastYAML

extension ServiceReader {
    mutating func readDevices() {
        for item in root["devices"]?.items ?? [] {
            let field = Field(item, at: root.path.appending("devices"))
            if let name = field["source"]?.node.string, name.isInterfaceName {
                addInterfaceDevice(name)
            } else if let device = device(field) {
                spec.isolation.devices.append(device)
            }
        }
        for item in root["gpus"]?.items ?? [] { add(Field(item, at: root.path.appending("gpus")), implied: ["gpu"]) }
        let reserved = root.at("deploy", "resources", "reservations", "devices")
        for item in reserved?.items ?? [] { add(Field(item, at: reserved?.path ?? root.path), implied: []) }
    }

    /// `VENDOR/CLASS=NAME` of the Container Device Interface.
    private mutating func addInterfaceDevice(_ name: String) {
        let index = spec.isolation.deviceRequests.firstIndex { $0.driver == DeviceRequest.cdiDriver }
        if let index {
            spec.isolation.deviceRequests[index].deviceIDs.append(name)
        } else {
            spec.isolation.deviceRequests.append(DeviceRequest(driver: DeviceRequest.cdiDriver, deviceIDs: [name]))
        }
    }

    private mutating func add(_ field: Field, implied: [String]) {
        let capabilities = report.strings(field["capabilities"])
        spec.isolation.deviceRequests.append(
            DeviceRequest(
                driver: report.optionalWord(field["driver"]) ?? "",
                count: Int(report.integer(field["count"], in: -1...Int64(Int32.max)) ?? 0),
                deviceIDs: report.strings(field["device_ids"]),
                capabilities: [capabilities + implied.filter { !capabilities.contains($0) }],
                options: report.texts(field["options"])))
    }

    private mutating func device(_ field: Field) -> Isolation.Device? {
        guard let source = field["source"], let path = report.word(source) else { return nil }
        guard FilePath.isAbsolute(path) else {
            report.badValue(source, "is '\(path)', which is no path of a host", help: "write a path under /dev")
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
    /// `VENDOR/CLASS=NAME`, as the Container Device Interface names devices.
    fileprivate var isInterfaceName: Bool { !hasPrefix("/") && contains("/") && contains("=") }

    fileprivate var isDevicePermissions: Bool { !isEmpty && allSatisfy { "rwm".contains($0) } }
}
