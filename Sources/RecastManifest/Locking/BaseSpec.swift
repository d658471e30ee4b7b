package import RecastModel

/// What a service is in every environment: its program and the form of its surroundings, and none of the values that
/// stages differ in.
package enum BaseSpec {
    /// `v1:sha256:…`; instances of one service on several hosts have the same.
    ///
    /// Of variables and mounts only the names count. Images, hosts, networks, ports, limits and labels do not.
    package static func hash(of spec: ContainerSpec) -> String {
        let lines = parts(of: spec).map { path, value in value.map { "\(path)=\($0)" } ?? path }
        return "v1:" + sha256(of: Array(lines.sorted().joined(separator: "\n").utf8))
    }

    /// The canonical text of each field that counts; `nil` for those of which only the name does.
    static func parts(of spec: ContainerSpec) -> [String: String?] {
        spec.fields.values.reduce(into: [:]) { parts, field in
            let (path, value) = field
            if isNamed(path) {
                parts.updateValue(nil, forKey: path)
            } else if whole.contains(path) || path.hasPrefix("healthcheck.") {
                parts[path] = CanonicalText.quoted(value)
            }
        }
    }

    /// Only the name of the field counts.
    static func isNamed(_ path: String) -> Bool { named.contains(where: path.hasPrefix) }

    private static let named = ["environment.", "volumes."]

    private static let whole: Set = [
        "command", "entrypoint", "user", "working_dir", "stop_signal", "tty", "stdin_open", "init", "privileged",
        "read_only", "cap_add", "cap_drop", "security_opt", "group_add", "devices", "sysctls", "ipc", "pid",
    ]
}
