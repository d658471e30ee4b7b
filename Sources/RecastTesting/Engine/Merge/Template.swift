/// What the engine stores of a request in which nothing is said, and which members it knows.
enum Template {
    /// Members that are absent unless they are said.
    static let optionalConfig: Set<String> = [
        "ExposedPorts", "Healthcheck", "StopSignal", "StopTimeout", "Shell", "MacAddress", "NetworkDisabled",
    ]
    static let optionalHostConfig: Set<String> = ["Mounts", "Tmpfs", "Sysctls", "StorageOpt", "Init", "Annotations"]

    static let config = parsed(
        """
        {"Hostname": "", "Domainname": "", "User": "", "AttachStdin": false, "AttachStdout": false,
         "AttachStderr": false, "Tty": false, "OpenStdin": false, "StdinOnce": false, "Env": null, "Cmd": null,
         "Image": "", "Volumes": null, "WorkingDir": "", "Entrypoint": null, "OnBuild": null, "Labels": {}}
        """)

    static let hostConfig = parsed(
        """
        {"Binds": null, "ContainerIDFile": "", "LogConfig": {"Type": "", "Config": {}}, "NetworkMode": "",
         "PortBindings": null, "RestartPolicy": {"Name": "", "MaximumRetryCount": 0}, "AutoRemove": false,
         "VolumeDriver": "", "VolumesFrom": null, "CapAdd": null, "CapDrop": null, "CgroupnsMode": "", "Dns": null,
         "DnsOptions": null, "DnsSearch": null, "ExtraHosts": null, "GroupAdd": null, "IpcMode": "", "Cgroup": "",
         "Links": null, "OomScoreAdj": 0, "PidMode": "", "Privileged": false, "PublishAllPorts": false,
         "ReadonlyRootfs": false, "SecurityOpt": null, "UTSMode": "", "UsernsMode": "", "ShmSize": 0, "Runtime": "",
         "ConsoleSize": [0, 0], "Isolation": "", "CpuShares": 0, "Memory": 0, "NanoCpus": 0, "CgroupParent": "",
         "BlkioWeight": 0, "BlkioWeightDevice": null, "BlkioDeviceReadBps": null, "BlkioDeviceWriteBps": null,
         "BlkioDeviceReadIOps": null, "BlkioDeviceWriteIOps": null, "CpuPeriod": 0, "CpuQuota": 0,
         "CpuRealtimePeriod": 0, "CpuRealtimeRuntime": 0, "CpusetCpus": "", "CpusetMems": "", "Devices": null,
         "DeviceCgroupRules": null, "DeviceRequests": null, "MemoryReservation": 0, "MemorySwap": 0,
         "MemorySwappiness": null, "OomKillDisable": null, "PidsLimit": null, "Ulimits": null, "CpuCount": 0,
         "CpuPercent": 0, "IOMaximumIOps": 0, "IOMaximumBandwidth": 0, "MaskedPaths": null, "ReadonlyPaths": null}
        """)

    static let maskedPaths: JSON = [
        "/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
        "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware",
    ]
    static let readonlyPaths: JSON = [
        "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
    ]

    private static func parsed(_ text: String) -> JSON {
        guard let value = try? JSON(parsing: Array(text.utf8)) else {
            preconditionFailure("a template of the simulated engine is not JSON")
        }
        return value
    }
}

extension JSON {
    /// This template with what the request says; members that nobody knows are dropped without a word.
    func filled(from request: JSON, optional: Set<String> = [], named name: String) throws(Refusal) -> JSON {
        var filled = self
        for (key, value) in request.object where !value.isNull {
            if let known = object[key] {
                guard known.isNull || known.hasKind(of: value) else {
                    throw Refusal(400, "json: cannot unmarshal \(value.kind) into Go struct field \(name).\(key)")
                }
                filled[key] = value
            } else if optional.contains(key) {
                filled[key] = value
            }
        }
        return filled
    }

    private func hasKind(of other: JSON) -> Bool { kind == other.kind }

    private var kind: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .int, .double: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
