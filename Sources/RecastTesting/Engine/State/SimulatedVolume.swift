struct SimulatedVolume: Sendable {
    let name: String
    var driver = "local"
    /// `null` where none were given, as the engine has it.
    var options: JSON = .null
    var labels: JSON = .null
    let created: Duration
    /// By path below its root.
    var files: [String: SimulatedFile] = [:]

    static func mountpoint(of name: String) -> String { "/var/lib/docker/volumes/\(name)/_data" }

    var json: JSON {
        [
            "CreatedAt": .string(Timestamp.text(created)), "Driver": .string(driver), "Labels": labels,
            "Mountpoint": .string(Self.mountpoint(of: name)), "Name": .string(name), "Options": options,
            "Scope": "local",
        ]
    }
}
