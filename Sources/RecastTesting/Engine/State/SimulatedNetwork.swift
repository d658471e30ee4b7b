struct SimulatedNetwork: Sendable {
    let id: String
    let name: String
    var driver = "bridge"
    var flags: [String: Bool] = [:]
    var options: JSON = [:]
    var labels: JSON = [:]
    var pools: [JSON] = []
    var addressDriver = "default"
    var addressOptions: JSON = .null
    var created = Duration.zero

    static let flagNames = ["EnableIPv6", "Internal", "Attachable", "Ingress", "ConfigOnly", "EnableIPv4"]

    var isPredefined: Bool { ["bridge", "host", "none"].contains(name) }

    var json: JSON {
        var json: JSON = [
            "Name": .string(name), "Id": .string(id), "Created": .string(Timestamp.text(created)), "Scope": "local",
            "Driver": .string(driver), "ConfigFrom": ["Network": ""], "Containers": [:], "Options": options,
            "IPAM": [
                "Driver": .string(addressDriver), "Options": addressOptions, "Config": .array(pools),
            ], "Labels": labels,
        ]
        for flag in Self.flagNames { json[flag] = .bool(flags[flag] ?? (flag == "EnableIPv4")) }
        return json
    }
}
