import RecastModel

/// How Podman's answers differ from Docker's for the same definition.
///
/// Podman reports what it runs where Docker reports what was asked for: values of its own configuration, variables of
/// its own, and another spelling of networks and ports.
enum PodmanRules {
    /// Podman gives these a value when nobody else does, so that unset is "not compared".
    private static let defaults: Set<String> = [
        "environment.PATH", "environment.HOME", "environment.HOSTNAME", "environment.TERM", "environment.container",
        "pids_limit", "memory_swappiness", "healthcheck.interval", "healthcheck.timeout", "healthcheck.retries",
    ]

    static func isIgnoredWhenUndesired(_ path: String) -> Bool { defaults.contains(path) }

    /// Brings both sides into one spelling.
    static func normalise(_ spec: inout ContainerSpec) {
        // Every network is a "bridge" to it; which ones they are shows in the endpoints.
        if !["none", "host"].contains(spec.networking.mode) { spec.networking.mode = "" }
        spec.networking.published = spec.networking.published.map {
            PublishedPort(
                $0.port, hostAddress: $0.hostAddress.isEmpty ? "0.0.0.0" : $0.hostAddress, hostPort: $0.hostPort)
        }
        if spec.isolation.pidMode == "private" { spec.isolation.pidMode = "" }
        if spec.isolation.utsMode == "private" { spec.isolation.utsMode = "" }
        if spec.workingDirectory == "/" { spec.workingDirectory = nil }
        spec.isolation.ulimits = Dictionary(
            spec.isolation.ulimits.map { (ulimitName($0.key), $0.value) }, uniquingKeysWith: { $1 })
    }

    /// `RLIMIT_NOFILE` → `nofile`.
    private static func ulimitName(_ name: String) -> String {
        name.hasPrefix("RLIMIT_") ? name.dropFirst("RLIMIT_".count).lowercased() : name
    }
}
