import RecastModel

/// What is special about a field when desired and live are compared.
enum FieldRules {
    /// The daemon's settings give these a value when nobody else does; unset means "not compared".
    private static let daemonDefaults: Set<String> = [
        "hostname", "shm_size", "ipc", "cgroup", "runtime", "init", "logging.driver", "platform", "mac_address",
    ]
    /// The daemon adds entries of its own to these maps; only declared keys are compared.
    private static let supersets = ["ulimits.", "logging.options."]

    /// Whether a live value that nobody asked for is no difference.
    static func isIgnoredWhenUndesired(_ path: String, on product: EngineFacts.Product) -> Bool {
        daemonDefaults.contains(path) || supersets.contains { path.hasPrefix($0) } || isOfEndpoint(path)
            || product == .podman && PodmanRules.isIgnoredWhenUndesired(path)
    }

    /// An engine makes up addresses, and adds options of its own.
    private static func isOfEndpoint(_ path: String) -> Bool {
        path.hasPrefix("networks.") && (path.hasSuffix(".mac_address") || path.contains(".driver_opts."))
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
