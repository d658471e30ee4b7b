extension ContainerSpec {
    /// The spec's own words in canonical form; nothing of an image or a daemon.
    package var fields: Fields {
        var fields = Fields()
        addProcess(to: &fields)
        healthcheck?.add(to: &fields)
        resources.add(to: &fields)
        isolation.add(to: &fields)
        networking.add(to: &fields)
        sharing.add(to: &fields)
        for mount in mounts { mount.add(to: &fields) }
        fileRecord.add(to: &fields)
        fields.set("restart", restart == .never ? nil : restart.canonicalText)
        fields.set("logging.driver", logging.driver)
        fields.set("logging.options", map: logging.options)
        fields.set("rm", autoRemove)
        fields.set("platform", platform)
        fields.set("annotations", map: annotations)
        return fields
    }

    private func addProcess(to fields: inout Fields) {
        fields.set("command", command.map(CanonicalText.list))
        fields.set("entrypoint", entrypoint.map(CanonicalText.list))
        fields.set("environment", map: environment.mapValues { $0 ?? removedVariable })
        fields.set("labels", map: labels.filter { !$0.key.hasPrefix(InstanceLabels.prefix) })
        fields.set("user", text: user ?? "")
        fields.set("working_dir", text: CanonicalText.path(workingDirectory ?? ""))
        fields.set("hostname", text: hostname ?? "")
        fields.set("domainname", text: domainname ?? "")
        fields.set("tty", tty)
        fields.set("stdin_open", stdinOpen)
        fields.set("stdin_once", stdinOnce)
        fields.set("stop_signal", stopSignal.flatMap { $0.isEmpty ? nil : CanonicalText.signal($0) })
        fields.set("stop_grace_period", Int64(stopTimeout ?? 10), unless: 10)
    }
}

extension RestartPolicy {
    package var canonicalText: String {
        switch self {
        case .never: "no"
        case .always: "always"
        case .unlessStopped: "unless-stopped"
        case .onFailure(let retries): retries > 0 ? "on-failure:\(retries)" : "on-failure"
        }
    }
}

extension Healthcheck {
    func add(to fields: inout Fields) {
        if let test, !test.isEmpty { fields.set("healthcheck.test", CanonicalText.list(test)) }
        if test == ["NONE"] { return }
        fields.set("healthcheck.interval", interval ?? 0)
        fields.set("healthcheck.timeout", timeout ?? 0)
        fields.set("healthcheck.start_period", startPeriod ?? 0)
        fields.set("healthcheck.start_interval", startInterval ?? 0)
        fields.set("healthcheck.retries", Int64(retries ?? 0))
    }
}

extension Resources {
    func add(to fields: inout Fields) {
        fields.set("memory", memory)
        fields.set("memory_swap", memorySwap == 0 ? 2 * memory : memorySwap)
        fields.set("memory_reservation", memoryReservation)
        fields.set("memory_swappiness", memorySwappiness ?? -1, unless: -1)
        fields.set("oom_kill_disable", oomKillDisable)
        fields.set("cpus", nanoCPUs)
        fields.set("cpu_shares", cpuShares)
        fields.set("cpu_period", cpuPeriod)
        fields.set("cpu_quota", cpuQuota)
        fields.set("cpu_rt_period", cpuRealtimePeriod)
        fields.set("cpu_rt_runtime", cpuRealtimeRuntime)
        fields.set("cpuset", text: CanonicalText.cpuSet(cpusetCPUs))
        fields.set("cpuset_mems", text: CanonicalText.cpuSet(cpusetMems))
        fields.set("pids_limit", max(pidsLimit, 0))
        fields.set("blkio_weight", Int64(blkioWeight))
        blockIO.add(to: &fields)
    }
}

extension Isolation {
    func add(to fields: inout Fields) {
        addPrivileges(to: &fields)
        fields.set("devices", set: devices.map(\.canonicalText))
        fields.set("device_requests", set: deviceRequests.map(\.canonicalText))
        fields.set("device_cgroup_rules", list: deviceCgroupRules)
        fields.set("group_add", set: groupAdd)
        fields.set("sysctls", map: sysctls)
        fields.set("storage_opt", map: storageOptions)
        fields.set("ulimits", map: ulimits.mapValues { "\($0.soft):\($0.hard)" })
        fields.set("oom_score_adj", Int64(oomScoreAdjustment))
        fields.set("pid", text: pidMode)
        fields.set("uts", text: utsMode)
        fields.set("userns_mode", text: usernsMode)
        fields.set("cgroup_parent", text: cgroupParent)
        fields.set("volume_driver", text: volumeDriver)
        fields.set("ipc", text: ipcMode ?? "")
        fields.set("cgroup", text: cgroupnsMode ?? "")
        fields.set("runtime", text: runtime ?? "")
        fields.set("init", initProcess.map { String($0) })
        fields.set("shm_size", shmSize ?? 0)
    }

    private func addPrivileges(to fields: inout Fields) {
        fields.set("privileged", privileged)
        fields.set("read_only", readOnlyRootFilesystem)
        fields.set("cap_add", set: capAdd.map(CanonicalText.capability))
        fields.set("cap_drop", set: capDrop.map(CanonicalText.capability))
        // A privileged container is unmasked anyway, and the daemon adds `label=disable` by itself in three cases.
        fields.set("systempaths_unconfined", unmaskedPaths && !privileged)
        let addedByDaemon = privileged || pidMode == "host" || ipcMode == "host" ? ["label=disable"] : []
        let options = Set(securityOptions.map(CanonicalText.securityOption)).subtracting(addedByDaemon)
        fields.set("security_opt", set: options)
    }
}

extension Isolation.Device {
    fileprivate var canonicalText: String {
        let target = inContainer.isEmpty ? onHost : inContainer
        return "\(onHost):\(target):\(permissions.isEmpty ? "rwm" : permissions)"
    }
}

extension Networking {
    func add(to fields: inout Fields) {
        fields.set("network_mode", ["", "default", "bridge"].contains(mode) ? nil : mode)
        // A published port is exposed too: some engines publish nothing otherwise.
        for port in exposed.union(published.map(\.port)) { fields.set("expose.\(port)", "yes") }
        for (port, bindings) in Dictionary(grouping: published, by: \.port) {
            fields.set("ports.\(port)", CanonicalText.list(bindings.map(\.canonicalHost).sorted()))
        }
        fields.set("publish_all", publishAll)
        fields.set("mac_address", macAddress.map(CanonicalText.macAddress))
        fields.set("dns", list: dns)
        fields.set("dns_search", list: dnsSearch)
        fields.set("dns_opt", list: dnsOptions)
        fields.set("extra_hosts", set: extraHosts)
        for endpoint in endpoints { endpoint.add(to: &fields) }
    }
}

extension PublishedPort {
    fileprivate var canonicalHost: String {
        let address = CanonicalText.address(hostAddress)
        let port = hostPort == "0" ? "" : hostPort
        return address.isEmpty ? port : "\(address.contains(":") ? "[\(address)]" : address):\(port)"
    }
}

extension Endpoint {
    func add(to fields: inout Fields) {
        let path = "networks.\(network)"
        fields.set(path, "attached")
        fields.set(path + ".aliases", set: aliases)
        fields.set(path + ".ipv4_address", ipv4Address.map(CanonicalText.address))
        fields.set(path + ".ipv6_address", ipv6Address.map(CanonicalText.address))
        fields.set(path + ".link_local_ips", set: linkLocalAddresses.map(CanonicalText.address))
        fields.set(path + ".mac_address", macAddress.map(CanonicalText.macAddress))
        fields.set(path + ".driver_opts", map: driverOptions)
        fields.set(path + ".gw_priority", Int64(gatewayPriority))
        fields.set(path + ".interface_name", interfaceName)
    }
}
