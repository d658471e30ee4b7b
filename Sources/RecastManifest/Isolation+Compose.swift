import RecastModel
import RecastYAML

extension Isolation {
    func writeNamespaces(into mapping: inout ComposeMapping) {
        let words = [
            ("pid", pidMode), ("uts", utsMode), ("userns_mode", usernsMode), ("cgroup_parent", cgroupParent),
            ("ipc", ipcMode ?? ""), ("cgroup", cgroupnsMode ?? ""), ("runtime", runtime ?? ""),
        ]
        for (key, word) in words where !word.isEmpty { mapping[key] = .text(word) }
        mapping["device_cgroup_rules"] = .texts(deviceCgroupRules)
        mapping["storage_opt"] = .mapping(storageOptions, YAMLNode.text)
    }

    /// The names that the Container Device Interface gives devices.
    var cdiDevices: [String] {
        deviceRequests.filter { $0.driver == DeviceRequest.cdiDriver }.flatMap(\.deviceIDs)
    }

    /// The other devices that a driver chooses, as `deploy.resources` has them.
    var reservations: YAMLNode? {
        let requests = deviceRequests.filter { $0.driver != DeviceRequest.cdiDriver }
        guard !requests.isEmpty else { return nil }
        var devices = ComposeMapping()
        devices["devices"] = .list(requests.map(\.compose))
        var reservations = ComposeMapping()
        reservations["reservations"] = devices.node
        return reservations.node
    }
}

extension DeviceRequest {
    fileprivate var compose: YAMLNode {
        var mapping = ComposeMapping()
        if !driver.isEmpty { mapping["driver"] = .text(driver) }
        if count != 0 { mapping["count"] = count < 0 ? .text("all") : .number(Int64(count)) }
        mapping["device_ids"] = .texts(deviceIDs)
        mapping["capabilities"] = .texts(capabilities.first ?? [])
        mapping["options"] = .mapping(options, YAMLNode.text)
        return mapping.node
    }
}

extension RecastModel.Resources {
    func writeRare(into mapping: inout ComposeMapping) {
        let numbers = [
            ("cpu_period", cpuPeriod), ("cpu_quota", cpuQuota), ("cpu_rt_period", cpuRealtimePeriod),
            ("cpu_rt_runtime", cpuRealtimeRuntime),
        ]
        for (key, number) in numbers where number != 0 { mapping[key] = .number(number) }
        if let memorySwappiness, memorySwappiness >= 0 { mapping["mem_swappiness"] = .number(memorySwappiness) }
        if oomKillDisable { mapping["oom_kill_disable"] = .yes }
        var io = ComposeMapping()
        if blkioWeight != 0 { io["weight"] = .number(Int64(blkioWeight)) }
        let weights = blockIO.weights.mapValues(Int64.init)
        let lists = [
            ("weight_device", "weight", weights), ("device_read_bps", "rate", blockIO.readRates),
            ("device_write_bps", "rate", blockIO.writeRates), ("device_read_iops", "rate", blockIO.readOperations),
            ("device_write_iops", "rate", blockIO.writeOperations),
        ]
        for (key, word, values) in lists {
            io[key] = .list(
                values.sorted { $0.key < $1.key }.map { path, value in
                    var device = ComposeMapping()
                    device["path"] = .text(path)
                    device[word] = .number(value)
                    return device.node
                })
        }
        mapping["blkio_config"] = io.node
    }
}

extension Hooks {
    func write(into mapping: inout ComposeMapping) {
        mapping["post_start"] = .list(postStart.map(\.compose))
        mapping["pre_stop"] = .list(preStop.map(\.compose))
    }
}

extension Hook {
    fileprivate var compose: YAMLNode {
        var mapping = ComposeMapping()
        mapping["command"] = .texts(command)
        mapping["user"] = user.map(YAMLNode.text)
        if privileged { mapping["privileged"] = .yes }
        mapping["working_dir"] = workingDirectory.map(YAMLNode.text)
        let shown = environment.map { name, value in
            (name, Sensitivity.isSensitive(name: name) ? value.map { _ in maskedValue } : value)
        }
        mapping["environment"] = .mapping(Dictionary(shown) { $1 }) { $0.map(YAMLNode.text) ?? .nothing }
        return mapping.node
    }
}
