/// The objects within a service.
extension Schema {
    static let envFiles = Shape.list(
        List(.object(envFile), mayBeSingle: true, identity: .path, short: .envFile, isDistinct: false))

    private static let envFile = Object(
        honoured: ["path": .text, "format": .text], also: ["required": .honoured(.bool)],
        required: ["path"], extensible: false)

    static let healthcheck = Object(
        honoured: ["test": .words(.test), "disable": .bool],
        also: [
            "interval": .honoured(.duration), "timeout": .honoured(.duration),
            "start_period": .honoured(.duration), "start_interval": .honoured(.duration),
            "retries": .honoured(.scalar(.truncated)),
        ],
        hints: ["cmd": "test", "command": "test", "disabled": "disable"])

    static let port = Object(
        honoured: [
            "target": .scalar(.integer), "published": .scalar(.numberOrText), "host_ip": .text, "protocol": .text,
            "name": .text,
        ],
        also: [
            "mode": .differs(.text, "a port is published on the host that the container runs on, in either mode"),
            "app_protocol": .ignored(.text, "it is a hint for tools"),
        ],
        hints: ["port": "target", "host_port": "published", "container_port": "target"], required: ["target"])

    static let mount = Object(
        honoured: [
            "type": .scalar(.choice(["bind", "volume", "tmpfs", "cluster", "npipe", "image"])),
            "source": .text, "target": .text, "read_only": .bool,
            "bind": .object(
                Object(honoured: [
                    "propagation": .text, "create_host_path": .bool, "selinux": .scalar(.choice(["z", "Z"])),
                    "recursive": .scalar(.choice(["enabled", "disabled", "writable", "readonly"])),
                ])),
            "volume": .object(
                Object(honoured: ["nocopy": .bool, "subpath": .text, "labels": .pairs(Pairs())])),
            "tmpfs": .object(
                Object(honoured: [
                    "size": .scalar(.bytes(numbers: true, mayBeUnlimited: false)), "mode": .scalar(.modeNumber),
                ])),
            "image": .object(Object(honoured: ["subpath": .text])),
        ],
        also: ["consistency": .ignored(.text, "it was for Docker Desktop on a Mac")],
        hints: ["src": "source", "destination": "target", "dst": "target", "readonly": "read_only", "ro": "read_only"],
        required: ["type", "target"])

    static func fileReferences(_ directory: String) -> Shape {
        let reference = Object(
            honoured: ["source": .text, "target": .text, "uid": .text, "gid": .text],
            also: ["mode": .honoured(.scalar(.fileMode))])
        return .list(
            List(.object(reference), identity: .file(directory: directory), short: .file, isDistinct: false))
    }

    static let endpoint = Object(honoured: [
        "aliases": .texts(.key), "ipv4_address": .text, "ipv6_address": .text, "link_local_ips": .texts(.key),
        "mac_address": .text, "driver_opts": options, "priority": .scalar(.plainNumber),
        "gw_priority": .scalar(.plainNumber), "interface_name": .text,
    ])

    static let dependency = Object(
        honoured: [
            "condition": .scalar(
                .choice(["service_started", "service_healthy", "service_completed_successfully"]))
        ],
        also: [
            "restart": .ignored(.bool, "a container is never restarted in place"),
            "required": .honoured(.scalar(.plainBool)),
        ], required: ["condition"])

    static func deviceRequest(requires required: [String]) -> Object {
        Object(
            honoured: [
                "driver": .text, "count": .scalar(.deviceCount), "device_ids": .texts(), "capabilities": .texts(),
                "options": .pairs(Pairs()),
            ], required: required)
    }

    static let blkio: Object = {
        let limits = Shape.list(
            List(
                .object(
                    Object(honoured: ["path": .text, "rate": .scalar(.bytes(numbers: true))], extensible: false)),
                isDistinct: false))
        let weights: ClosedRange<Int64> = 0...Int64(UInt16.max)
        let weighted = Shape.list(
            List(
                .object(Object(honoured: ["path": .text, "weight": .scalar(.integer(weights))], extensible: false)),
                isDistinct: false))
        return Object(
            honoured: [
                "weight": .scalar(.integer(weights)), "weight_device": weighted, "device_read_bps": limits,
                "device_read_iops": limits, "device_write_bps": limits, "device_write_iops": limits,
            ], extensible: false)
    }()

    static let ulimits = Shape.map(
        .scalarOr(
            .integer,
            Object(honoured: ["soft": .scalar(.integer), "hard": .scalar(.integer)], required: ["soft", "hard"])),
        Keys(allowed: .lowercaseLetters))

    static let hook = Object(
        honoured: hookKeys, required: ["command"])

    /// What runs before a service starts, in a container of its own.
    static let startHook = Object(
        honoured: hookKeys.merging(["image": .text, "per_replica": .bool]) { $1 })

    private static let hookKeys: [String: Shape] = [
        "user": .text, "privileged": .bool, "working_dir": .text, "environment": .pairs(Pairs(emptiesNulls: false)),
        "command": .words(.command),
    ]

    static let develop = Object(honoured: [
        "watch": .list(
            List(
                .object(
                    Object(
                        honoured: [
                            "path": .text, "target": .text, "exec": .object(hook), "initial_sync": .scalar(.plainBool),
                            "ignore": .texts(single: true), "include": .texts(single: true),
                            "action": .scalar(.choice(["rebuild", "sync", "restart", "sync+restart", "sync+exec"])),
                        ], required: ["path", "action"])),
                isDistinct: false))
    ])
}

extension Schema {
    static let build = Object(honoured: [
        "context": .text, "dockerfile": .text, "dockerfile_inline": .text, "entitlements": plainTexts,
        "args": .pairs(Pairs(emptiesNulls: false)), "ssh": .pairs(Pairs(emptiesNulls: false)),
        "labels": .pairs(Pairs()), "cache_from": plainTexts, "cache_to": plainTexts, "no_cache": .bool,
        "no_cache_filter": .texts(single: true),
        "additional_contexts": .pairs(Pairs()), "network": .text, "provenance": .scalar(.printed),
        "sbom": .scalar(.printed), "pull": .bool, "target": .text, "shm_size": .scalar(.bytes(numbers: true)),
        "extra_hosts": .hosts, "isolation": .text, "privileged": .bool, "secrets": fileReferences("/run/secrets"),
        "tags": .list(List(.text, identity: .key, isDistinct: false)), "ulimits": ulimits, "platforms": plainTexts,
    ])

    private static let plainTexts = Shape.list(List(.text, isDistinct: false))
}

extension Schema {
    static let deploy = Object(
        [
            "mode": .honoured(.text),
            "replicas": .honoured(.scalar(.integer)),
            "labels": .ignored(.pairs(Pairs()), "they are for a swarm's service; a container gets those of `labels`"),
            "endpoint_mode": .ignored(
                .text, "a service has no address of its own: its name resolves to its containers"),
            "placement": .honoured(.object(placement)),
            "resources": .honoured(.object(deployResources)),
            "restart_policy": .honoured(.object(restartPolicy)),
            "update_config": .honoured(
                .object(
                    Object(
                        honoured: rolloutKeys,
                        also: [
                            "monitor": .differs(
                                .duration,
                                "without a health check, also how long a container must run to count as good")
                        ]))),
            "rollback_config": .honoured(
                .object(Object(rolloutKeys.mapValues { .ignored($0, "going back keeps to `update_config`") }))),
        ],
        hints: [
            "constraints": "placement: {constraints: […]}", "limits": "resources: {limits: {…}}",
            "memory": "resources: {limits: {memory: …}}", "cpus": "resources: {limits: {cpus: …}}",
            "restart": "restart_policy: {condition: …}", "reservations": "resources: {reservations: {…}}",
            "parallelism": "update_config: {parallelism: …}", "order": "update_config: {order: …}",
        ])

    private static let placement = Object(honoured: [
        "constraints": .list(List(.text, isDistinct: false)),
        "preferences": .list(List(.object(Object(honoured: ["spread": .text])), isDistinct: false)),
        "max_replicas_per_node": .scalar(.count),
    ])

    private static let deployResources = Object(
        honoured: [
            "limits": .object(
                Object(honoured: [
                    "cpus": .scalar(.cpus), "memory": .scalar(.bytes(numbers: false)), "pids": .scalar(.integer),
                ])),
            "reservations": .object(
                Object(
                    honoured: [
                        "cpus": .scalar(.cpus), "memory": .scalar(.bytes(numbers: false)),
                        "devices": .list(List(.object(deviceRequest(requires: ["capabilities"])), isDistinct: false)),
                    ],
                    also: [
                        "generic_resources": .ignored(
                            .list(List(.object(genericResource), isDistinct: false)), "they are a swarm's")
                    ])),
        ],
        hints: ["memory": "limits: {memory: …}", "cpus": "limits: {cpus: …}"])

    private static let genericResource = Object(honoured: [
        "discrete_resource_spec": .object(Object(honoured: ["kind": .text, "value": .scalar(.integer)]))
    ])

    private static let restartPolicy = Object(
        honoured: ["condition": .text],
        also: [
            "delay": .ignored(.duration, "the engine has no delay between restarts"),
            "max_attempts": .honoured(.scalar(.count)),
            "window": .ignored(.duration, "the engine has no such window"),
        ])

    private static let rolloutKeys: [String: Shape] = [
        "delay": .duration, "failure_action": .text, "max_failure_ratio": .scalar(.number),
        "order": .scalar(.choice(["start-first", "stop-first"])), "parallelism": .scalar(.count), "monitor": .duration,
    ]
}
