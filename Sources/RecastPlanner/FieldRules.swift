import RecastModel

/// What is special about a field when desired and live are compared.
enum FieldRules {
    /// The daemon's settings give these a value when nobody else does; unset means "not compared".
    private static let daemonDefaults: Set<String> = [
        "hostname", "shm_size", "ipc", "cgroup", "runtime", "init", "logging.driver", "platform",
    ]
    /// The daemon adds entries of its own to these maps; only declared keys are compared.
    private static let supersets = ["ulimits.", "logging.options."]

    /// Whether a live value that nobody asked for is no difference.
    static func isIgnoredWhenUndesired(_ path: String, in live: Fields, on product: EngineFacts.Product) -> Bool {
        // No daemon lets containers into other IPC namespaces unless it is asked to.
        if path == "ipc", !["private", "shareable"].contains(live[path] ?? "") { return false }
        return daemonDefaults.contains(path) || supersets.contains { path.hasPrefix($0) } || isMadeUp(path, in: live)
            || product == .podman && PodmanRules.isIgnoredWhenUndesired(path)
    }

    /// An engine makes up addresses, and adds options of its own; on the first network it tells what was asked for.
    private static func isMadeUp(_ path: String, in live: Fields) -> Bool {
        guard path.hasPrefix("networks.") else { return false }
        if path.contains(".driver_opts.") { return true }
        return path.hasSuffix(".mac_address") && path != "networks.\(live["network_mode"] ?? "").mac_address"
    }

    /// The closed set that can change without a new container: `POST /containers/{id}/update` and networks.
    private static let mutable: Set<String> = [
        "memory", "memory_swap", "memory_reservation", "cpus", "cpu_shares", "cpu_period", "cpu_quota",
        "cpu_rt_period", "cpu_rt_runtime", "cpuset", "cpuset_mems", "pids_limit", "blkio_weight", "restart", "state",
    ]

    /// A reference to another container may mean another one than it did, without a change of this one.
    static func isMutable(_ difference: Difference) -> Bool {
        let path = difference.field
        return mutable.contains(path) || path.hasPrefix("networks.") || isReference(difference)
    }

    static func isReference(_ difference: Difference) -> Bool {
        difference.desired.map { Sharing.isReference($0, at: difference.field) } ?? false
    }
}
