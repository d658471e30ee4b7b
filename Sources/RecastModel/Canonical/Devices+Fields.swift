extension DeviceRequest {
    /// Neither IDs nor capabilities have an order.
    var canonicalText: String {
        let parts = [
            driver.isEmpty ? nil : "driver=\(CanonicalText.quoted(driver))",
            count == 0 ? nil : "count=\(count)",
            deviceIDs.isEmpty ? nil : "ids=\(CanonicalText.list(Set(deviceIDs).sorted()))",
            capabilities.isEmpty
                ? nil : "capabilities=\(Set(capabilities.map { CanonicalText.list(Set($0).sorted()) }).sorted())",
            options.isEmpty ? nil : "options=\(CanonicalText.list(options.map { "\($0.key)=\($0.value)" }.sorted()))",
        ]
        return parts.compactMap(\.self).joined(separator: " ")
    }
}

extension BlockIO {
    func add(to fields: inout Fields) {
        fields.set("blkio_weight_device", map: weights.mapValues { String($0) })
        let rates = [
            ("device_read_bps", readRates), ("device_write_bps", writeRates), ("device_read_iops", readOperations),
            ("device_write_iops", writeOperations),
        ]
        for (path, values) in rates { fields.set("blkio_" + path, map: values.mapValues { String($0) }) }
    }
}

extension CanonicalText {
    /// `02-42-AC-11-00-02` → `02:42:ac:11:00:02`.
    static func macAddress(_ text: String) -> String { text.lowercased().replacing("-", with: ":") }
}
