package import RecastModel

/// What a service is in every environment: its program and the form of its surroundings, and none of the values that
/// stages differ in.
package enum BaseSpec {
    /// `v1:sha256:…`; instances of one service on several hosts have the same.
    ///
    /// Of variables and mounts only the names count. Images, hosts, networks, ports, limits and labels do not.
    package static func hash(of spec: ContainerSpec) -> String {
        let lines = spec.fields.values.compactMap { path, value -> String? in
            if named.contains(where: path.hasPrefix) { return path }
            return whole.contains(path) || path.hasPrefix("healthcheck.")
                ? "\(path)=\(CanonicalText.quoted(value))" : nil
        }
        return "v1:" + sha256(of: Array(lines.sorted().joined(separator: "\n").utf8))
    }

    /// Fields of which only the name counts.
    private static let named = ["environment.", "volumes."]

    private static let whole: Set = [
        "command", "entrypoint", "user", "working_dir", "stop_signal", "tty", "stdin_open", "init", "privileged",
        "read_only", "cap_add", "cap_drop", "security_opt", "group_add", "devices", "sysctls", "ipc", "pid",
    ]
}
