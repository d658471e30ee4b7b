import RecastYAML

extension Schema {
    static let service = Object(
        [identity, process, files, networking, resources, isolation, lifecycle, refused].reduce(into: [:]) {
            all, part in
            all.merge(part) { $1 }
        },
        hints: serviceHints)

    private static let identity: [String: Key] = [
        "image": .differs(.text, "pinned to its digest before anything runs"),
        "build": .differs(
            .textOr("context", build), "never built: a service needs an `image:` that a registry or its host has"),
        "platform": .honoured(.text),
        "pull_policy": .differs(
            .scalar(.pullPolicy),
            "images are pinned by digest, so a pull brings the same bytes; `build` is refused"),
        "pull_refresh_after": .ignored(.text, "images are pinned by digest"),
        "container_name": .differs(
            .scalar(.containerName), "a network alias and a label: names of containers follow from their content"),
        "hostname": .honoured(.text),
        "domainname": .honoured(.text),
        "labels": .honoured(.pairs(Pairs())),
        "label_file": .honoured(.list(List(.text, mayBeSingle: true, isDistinct: false))),
        "annotations": .honoured(.pairs(Pairs())),
        "profiles": .honoured(.texts(.key)),
        "extends": .honoured(
            .textOr(
                "service",
                Object(honoured: ["service": .text, "file": .text], required: ["service"], extensible: false))),
    ]

    private static let process: [String: Key] = [
        "command": .honoured(.words(.command)),
        "entrypoint": .honoured(.words(.command)),
        "environment": .honoured(.pairs(Pairs(emptiesNulls: false))),
        "env_file": .honoured(envFiles),
        "user": .honoured(.text),
        "working_dir": .honoured(.text),
        "tty": .honoured(.bool),
        "stdin_open": .honoured(.bool),
        "init": .honoured(.bool),
        "attach": .ignored(.bool, "nothing is attached to a terminal"),
        "healthcheck": .honoured(.object(healthcheck)),
        "logging": .honoured(
            .object(
                Object(
                    honoured: ["driver": .text, "options": .pairs(Pairs(mayBeListed: false))],
                    exclusive: "driver"))),
    ]

    private static let files: [String: Key] = [
        "volumes": .differs(
            .list(List(.object(mount), identity: .target, short: .mount)),
            "relative paths are on your machine: read-only ones are delivered, writable ones refused"),
        "volumes_from": .differs(.texts(), "the other service's mounts are written out"),
        "tmpfs": .honoured(.texts(.key, single: true)),
        "configs": .honoured(fileReferences("")),
        "secrets": .honoured(fileReferences("/run/secrets")),
        "read_only": .honoured(.bool),
        "devices": .honoured(
            .list(
                List(
                    .object(
                        Object(
                            honoured: ["source": .text, "target": .text, "permissions": .text],
                            required: ["source"])),
                    identity: .target, short: .device, isDistinct: false))),
        "device_cgroup_rules": .honoured(.texts()),
        "gpus": .honoured(.list(List(.object(deviceRequest(requires: [])), mayBeSingle: true, short: .devices))),
        "storage_opt": .honoured(.pairs(Pairs(mayBeListed: false))),
    ]

    private static let networking: [String: Key] = [
        "ports": .honoured(.list(List(.object(port), identity: .port, short: .port))),
        "expose": .honoured(.list(List(.scalar(.numberOrText), identity: .wholeText))),
        "networks": .honoured(.names(endpoint, listed: [:])),
        "network_mode": .honoured(.text),
        "extra_hosts": .honoured(.hosts),
        "dns": .honoured(.list(List(.text, mayBeSingle: true, identity: .key, dropsEmpty: true))),
        "dns_opt": .honoured(.texts(.key)),
        "dns_search": .honoured(.texts(.key, single: true)),
        "links": .differs(.texts(.key), "the other service gets the alias for everybody on the networks they share"),
        "mac_address": .honoured(.text),
    ]

    private static let resources: [String: Key] = [
        "mem_limit": .honoured(.scalar(.bytes(numbers: true))),
        "mem_reservation": .honoured(.scalar(.bytes(numbers: true))),
        "memswap_limit": .honoured(.scalar(.bytes(numbers: true))),
        "mem_swappiness": .honoured(.scalar(.bytes(numbers: true))),
        "shm_size": .honoured(.scalar(.bytes(numbers: true))),
        "oom_kill_disable": .honoured(.bool),
        "oom_score_adj": .honoured(.scalar(.integer(-1000...1000))),
        "pids_limit": .honoured(.scalar(.integer)),
        "cpus": .honoured(.scalar(.cpus)),
        "cpu_shares": .honoured(.scalar(.integer)),
        "cpu_period": .honoured(.scalar(.integer)),
        "cpu_quota": .honoured(.scalar(.integer)),
        "cpu_rt_period": .honoured(.scalar(.integer)),
        "cpu_rt_runtime": .honoured(.scalar(.integer)),
        "cpuset": .honoured(.text),
        "blkio_config": .honoured(.object(blkio)),
        "ulimits": .honoured(ulimits),
    ]

    private static let isolation: [String: Key] = [
        "privileged": .honoured(.bool),
        "cap_add": .honoured(.texts(.key)),
        "cap_drop": .honoured(.texts(.key)),
        "security_opt": .honoured(.texts()),
        "group_add": .honoured(.list(List(.scalar(.numberOrText)))),
        "sysctls": .honoured(.pairs(Pairs())),
        "cgroup": .honoured(.scalar(.choice(["host", "private"]))),
        "cgroup_parent": .honoured(.text),
        "ipc": .honoured(.text),
        "pid": .honoured(.scalar(.textOrNull)),
        "uts": .honoured(.text),
        "userns_mode": .honoured(.text),
        "runtime": .honoured(.text),
    ]

    private static let lifecycle: [String: Key] = [
        "depends_on": .honoured(
            .names(dependency, listed: ["condition": .string("service_started"), "required": .bool(true)])),
        "restart": .honoured(.text),
        "scale": .honoured(.scalar(.integer)),
        "deploy": .honoured(.object(deploy)),
        "stop_grace_period": .honoured(.duration),
        "stop_signal": .honoured(.text),
        "post_start": .honoured(.list(List(.object(hook), isDistinct: false))),
        "pre_stop": .honoured(.list(List(.object(hook), isDistinct: false))),
        "pre_start": .refused(
            .list(List(.object(startHook), isDistinct: false)), "start hooks before the start are not acted on",
            help: "write a service of its own, and wait for it with `condition: service_completed_successfully`"),
        "develop": .ignored(.object(develop), "it is for `docker compose watch`"),
    ]

    /// Keys whose meaning does not fit a fleet of Linux hosts, each with the way out.
    private static let refused: [String: Key] = [
        "cpu_count": windows(.scalar(.integer(0...Int64.max))),
        "cpu_percent": windows(.scalar(.number)),
        "isolation": windows(.text),
        "credential_spec": windows(.object(Object(honoured: ["config": .text, "file": .text, "registry": .text]))),
        "external_links": .refused(
            .texts(), "links to containers outside of the application follow no release",
            help: "put both on one external network, and use the name there"),
        "models": .refused(
            .names(Object(honoured: ["endpoint_var": .text, "model_var": .text]), listed: [:]),
            "models are run by Docker Desktop, not by an engine", help: "run the model in a service of its own"),
        "provider": .refused(
            .object(
                Object(
                    honoured: [
                        "type": .text, "options": .map(.list(List(.scalar(.printed), mayBeSingle: true)), Keys()),
                    ],
                    required: ["type"])),
            "a provider is a program on your machine", help: "make what it provides before the deployment"),
        "use_api_socket": .refused(
            .scalar(.plainBool), "it would hand the engine and your logins to the container",
            help: "mount the socket by its path if that is meant: /var/run/docker.sock:/var/run/docker.sock"),
    ]

    private static func windows(_ shape: Shape) -> Key {
        .refused(shape, "it is for Windows containers", help: "remove it")
    }
}

extension Schema {
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
        "test": "healthcheck: {test: …}", "aliases": "networks: {NAME: {aliases: […]}}", "net": "network_mode",
        "dockerfile": "build: {dockerfile: …}", "log_driver": "logging: {driver: …}",
        "log_opt": "logging: {options: …}", "volume_driver": "volumes: {NAME: {driver: …}} at the top level",
        "secret": "secrets", "config": "configs", "exec": "command", "timeout": "healthcheck: {timeout: …}",
    ]
}
