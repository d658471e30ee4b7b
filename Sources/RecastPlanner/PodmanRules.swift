import RecastModel

/// How a container that Podman reports is compared.
///
/// Podman answers with what it runs where Docker answers with what was asked for: capabilities as differences from its
/// own set, mounts with the options it added, nothing at all for some fields. So only the fields that it gives back
/// as they were given are compared; a change of any other shows in the recorded hash.
enum PodmanRules {
    private static let faithful: Set<String> = [
        "command", "user", "hostname", "tty", "stdin_open", "stop_signal", "stop_grace_period", "restart", "state",
        "memory", "memory_reservation", "cpus", "cpu_shares", "cpuset", "pids_limit", "oom_score_adj", "shm_size",
        "privileged", "read_only", "group_add", "extra_hosts", "dns", "dns_search", "dns_opt",
    ]
    private static let faithfulMaps = ["environment.", "labels.", "ulimits.", "networks.", FileRecord.fieldPrefix]

    /// Podman's own configuration gives these a value when nobody else does.
    private static let defaults: Set<String> = ["pids_limit", "environment.PATH"]
    /// It sets these variables in every container, whatever was asked for.
    private static let ownVariables: Set<String> = [
        "environment.HOME", "environment.HOSTNAME", "environment.TERM", "environment.container",
    ]

    /// What it does not give back of an endpoint.
    private static let lostOfEndpoints = [
        ".mac_address", ".gw_priority", ".interface_name", ".driver_opts.", ".link_local_ips",
    ]

    static func isCompared(_ path: String) -> Bool {
        if path.hasPrefix("networks."), lostOfEndpoints.contains(where: { path.contains($0) }) { return false }
        return faithful.contains(path) || faithfulMaps.contains { path.hasPrefix($0) }
    }

    static func isIgnoredWhenUndesired(_ path: String) -> Bool {
        defaults.contains(path) || ownVariables.contains(path)
    }

    /// Brings both sides into one spelling.
    static func normalise(_ spec: inout ContainerSpec) {
        var resources = spec.resources
        // It stores a share of processors as time per period, and reports all three.
        if resources.cpuQuota > 0, resources.cpuPeriod > 0 {
            resources.nanoCPUs = resources.cpuQuota * 1_000_000_000 / resources.cpuPeriod
        }
        spec.resources = resources
        spec.isolation.ulimits = Dictionary(
            spec.isolation.ulimits.map { (ulimitName($0.key), $0.value) }, uniquingKeysWith: { $1 })
    }

    /// `RLIMIT_NOFILE` → `nofile`.
    private static func ulimitName(_ name: String) -> String {
        name.hasPrefix("RLIMIT_") ? name.dropFirst("RLIMIT_".count).lowercased() : name
    }
}
