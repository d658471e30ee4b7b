extension Schema {
    static let service = Object.of(
        scalars: [
            "image", "network_mode", "restart", "user", "working_dir", "hostname", "domainname", "init", "read_only",
            "privileged", "tty", "stdin_open", "stop_signal", "stop_grace_period", "shm_size", "mem_limit",
            "memswap_limit", "mem_reservation", "cpus", "cpu_shares", "cpuset", "pids_limit", "oom_score_adj",
            "pull_policy", "scale",
        ],
        serviceSections.merging(refused) { $1 },
        unsupported: [
            "annotations", "attach", "blkio_config", "cgroup", "cgroup_parent", "configs", "cpu_count", "cpu_percent",
            "cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime", "credential_spec", "device_cgroup_rules",
            "external_links", "gpus", "ipc", "isolation", "label_file", "mac_address", "mem_swappiness", "models",
            "oom_kill_disable", "pid", "platform", "post_start", "pre_start", "pre_stop", "provider",
            "pull_refresh_after", "runtime", "secrets", "storage_opt", "use_api_socket", "userns_mode", "uts",
            "volumes_from",
        ],
        hints: serviceHints)

    private static let serviceSections: [String: Shape] = [
        "command": .whole,
        "entrypoint": .whole,
        "environment": .pairs,
        "env_file": .oneOrMany(of: .of(scalars: ["path", "required", "format"])),
        "ports": .list(
            of: .of(
                scalars: ["target", "published", "host_ip", "protocol", "mode", "app_protocol", "name"],
                hints: ["port": "target", "host_port": "published", "container_port": "target"])),
        "expose": .list(of: nil),
        "volumes": .list(of: mount),
        "networks": .names(
            .of(
                scalars: ["ipv4_address", "ipv6_address", "priority"], ["aliases": .list(of: nil)],
                unsupported: ["link_local_ips", "mac_address", "driver_opts", "gw_priority", "interface_name"]),
            listed: [:]),
        "labels": .pairs,
        "healthcheck": .object(healthcheck),
        "cap_add": .list(of: nil),
        "cap_drop": .list(of: nil),
        "security_opt": .list(of: nil),
        "tmpfs": .oneOrMany(of: nil),
        "ulimits": .map(.scalarOr(.of(scalars: ["soft", "hard"]))),
        "sysctls": .pairs,
        "extra_hosts": .hosts,
        "dns": .oneOrMany(of: nil),
        "dns_search": .oneOrMany(of: nil),
        "dns_opt": .oneOrMany(of: nil),
        "logging": .object(.of(scalars: ["driver"], ["options": .map(.scalar)], exclusive: "driver")),
        "depends_on": .names(
            .of(scalars: ["condition", "restart", "required"]), listed: ["condition": "service_started"]),
        "deploy": .object(deploy),
        "group_add": .list(of: nil),
        "devices": .list(of: .of(scalars: ["source", "target", "permissions"])),
        "profiles": .list(of: nil),
    ]

    /// Keys whose meaning does not fit a fleet, each with the way out.
    private static let refused: [String: Shape] = [
        "build": .unsupported("build and push the image in CI, and name it under `image:`"),
        "develop": .unsupported("it is for `docker compose watch`: keep it in a compose.override.yaml of your own"),
        "container_name": .unsupported(
            "container names follow from their content; other services reach this one by its service name"),
        "extends": .unsupported("list the other file under `manifests:`, or share a block with a YAML anchor"),
        "links": .unsupported(
            "services on one network reach each other by name; add `networks: {NAME: {aliases: […]}}`"),
    ]

    private static let healthcheck = Object.of(
        scalars: ["interval", "timeout", "retries", "start_period", "start_interval", "disable"],
        ["test": .whole], hints: ["cmd": "test", "command": "test", "disabled": "disable"])

    private static let mount = Object.of(
        scalars: ["type", "source", "target", "read_only", "consistency"],
        [
            "bind": .object(
                .of(scalars: ["propagation", "create_host_path", "selinux"], unsupported: ["recursive"])),
            "volume": .object(.of(scalars: ["nocopy"], unsupported: ["subpath", "labels"])),
            "tmpfs": .object(.of(scalars: ["size", "mode"])),
            "image": .unsupported(nil),
        ],
        hints: ["src": "source", "destination": "target", "dst": "target", "readonly": "read_only", "ro": "read_only"])

    private static let deploy = Object.of(
        scalars: ["mode", "replicas"],
        [
            "placement": .object(
                .of(
                    scalars: [], ["constraints": .list(of: nil)],
                    unsupported: ["preferences", "max_replicas_per_node"])),
            "resources": .object(
                .of(
                    scalars: [], ["limits": .object(.of(scalars: ["cpus", "memory", "pids"]))],
                    unsupported: ["reservations"],
                    hints: ["memory": "limits: {memory: …}", "cpus": "limits: {cpus: …}"])),
            "restart_policy": .object(.of(scalars: ["condition", "delay", "max_attempts", "window"])),
            "labels": .pairs,
            "update_config": .object(
                .of(scalars: [
                    "parallelism", "delay", "failure_action", "monitor", "max_failure_ratio", "order",
                ])),
        ],
        unsupported: ["endpoint_mode", "rollback_config"],
        hints: [
            "constraints": "placement: {constraints: […]}", "limits": "resources: {limits: {…}}",
            "memory": "resources: {limits: {memory: …}}", "cpus": "resources: {limits: {cpus: …}}",
            "restart": "restart_policy: {condition: …}",
        ])

    private static let serviceHints = [
        "replicas": "deploy: {replicas: …}", "placement": "deploy: {placement: …}", "mode": "deploy: {mode: …}",
        "constraints": "deploy: {placement: {constraints: […]}}", "resources": "deploy: {resources: …}",
        "limits": "deploy: {resources: {limits: …}}", "restart_policy": "deploy: {restart_policy: …}",
        "update_config": "deploy: {update_config: …}", "rollback_config": "deploy: {rollback_config: …}",
        "memory": "mem_limit", "mem": "mem_limit", "cpu": "cpus", "cmd": "command", "args": "command",
        "env": "environment", "envs": "environment", "environments": "environment", "variables": "environment",
        "health_check": "healthcheck", "volume": "volumes", "mounts": "volumes", "network": "networks",
        "port": "ports", "stop_timeout": "stop_grace_period", "workdir": "working_dir", "caps": "cap_add",
        "needs": "depends_on", "hosts": "deploy: {placement: {constraints: […]}}", "tag": "image",
        "interval": "healthcheck: {interval: …}", "retries": "healthcheck: {retries: …}",
        "test": "healthcheck: {test: …}", "aliases": "networks: {NAME: {aliases: […]}}",
    ]
}
