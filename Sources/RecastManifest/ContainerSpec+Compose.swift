import RecastModel
import RecastYAML

extension [DesiredInstance] {
    /// One service with all its slots on one host; they share their spec.
    var compose: YAMLNode {
        guard let first else { return .nothing }
        var mapping = ComposeMapping()
        first.spec.writeProcess(into: &mapping)
        first.spec.writeNetworking(into: &mapping)
        first.spec.writeIsolation(into: &mapping)
        first.spec.writeResources(into: &mapping)
        first.spec.writeSharing(into: &mapping)
        first.hooks.write(into: &mapping)
        mapping["volumes"] = .list(first.spec.mounts.compactMap(\.compose) + first.spec.files.binds)
        mapping["secrets"] = first.spec.files.references(.secret)
        mapping["configs"] = first.spec.files.references(.config)
        mapping["tmpfs"] = .texts(first.spec.mounts.compactMap(\.shortTmpfs))
        mapping["depends_on"] = .mapping(
            Dictionary(first.dependencies.map { ($0.service, $0) }) { $1 }
        ) { dependency in
            var condition = ComposeMapping()
            condition["condition"] = .text(dependency.condition.rawValue)
            return condition.node
        }
        if first.pull != .missing { mapping["pull_policy"] = .text(first.pull.rawValue) }
        var deploy = ComposeMapping()
        if count > 1 { deploy["replicas"] = .number(Int64(count)) }
        deploy["resources"] = first.spec.isolation.reservations
        mapping["deploy"] = deploy.node
        return mapping.node.masking(first.spec.secrets, except: "image")
    }
}

extension ContainerSpec {
    fileprivate func writeProcess(into mapping: inout ComposeMapping) {
        mapping["image"] = .text(image.description)
        mapping["platform"] = platform.map(YAMLNode.text)
        if let entrypoint { mapping.keep("entrypoint", .texts(entrypoint)) }
        if let command { mapping.keep("command", .texts(command)) }
        let masked = environment.merging(sensitive.map { ($0, maskedValue) }) { $0 == nil ? nil : $1 }
        mapping["environment"] = .mapping(masked) { $0.map(YAMLNode.text) ?? .nothing }
        mapping["labels"] = .mapping(labels, YAMLNode.text)
        mapping["annotations"] = .mapping(annotations, YAMLNode.text)
        mapping["user"] = user.map(YAMLNode.text)
        mapping["working_dir"] = workingDirectory.map(YAMLNode.text)
        mapping["hostname"] = hostname.map(YAMLNode.text)
        mapping["domainname"] = domainname.map(YAMLNode.text)
        if tty { mapping["tty"] = .yes }
        if stdinOpen { mapping["stdin_open"] = .yes }
        mapping["stop_signal"] = stopSignal.map(YAMLNode.text)
        mapping["stop_grace_period"] = stopTimeout.map { .text("\($0)s") }
        mapping["healthcheck"] = healthcheck?.compose
        if restart != .never { mapping["restart"] = .text(restart.compose) }
        writeLogging(into: &mapping)
    }

    private func writeLogging(into mapping: inout ComposeMapping) {
        var log = ComposeMapping()
        log["driver"] = logging.driver.map(YAMLNode.text)
        log["options"] = .mapping(logging.options, YAMLNode.text)
        mapping["logging"] = log.node
    }

    fileprivate func writeNetworking(into mapping: inout ComposeMapping) {
        if networking.endpoints.isEmpty, !networking.mode.isEmpty {
            mapping["network_mode"] = .text(networking.mode)
        }
        mapping["networks"] = networking.networks
        mapping["mac_address"] = networking.macAddress.map(YAMLNode.text)
        mapping["ports"] = .list(networking.published.map(\.compose))
        let published = Set(networking.published.map(\.port))
        mapping["expose"] = .texts(networking.exposed.subtracting(published).sorted().map(\.description))
        mapping["dns"] = .texts(networking.dns)
        mapping["dns_search"] = .texts(networking.dnsSearch)
        mapping["dns_opt"] = .texts(networking.dnsOptions)
        mapping["extra_hosts"] = .texts(networking.extraHosts)
    }

    fileprivate func writeIsolation(into mapping: inout ComposeMapping) {
        if isolation.privileged { mapping["privileged"] = .yes }
        if isolation.readOnlyRootFilesystem { mapping["read_only"] = .yes }
        mapping["init"] = isolation.initProcess.map(YAMLNode.flag)
        mapping["cap_add"] = .texts(isolation.capAdd)
        mapping["cap_drop"] = .texts(isolation.capDrop)
        let unmasked = isolation.unmaskedPaths ? ["systempaths=unconfined"] : []
        mapping["security_opt"] = .texts(isolation.securityOptions + unmasked)
        mapping["group_add"] = .texts(isolation.groupAdd)
        mapping["devices"] = .texts(
            isolation.devices.map { "\($0.onHost):\($0.inContainer):\($0.permissions)" } + isolation.cdiDevices)
        isolation.writeNamespaces(into: &mapping)
        mapping["sysctls"] = .mapping(isolation.sysctls, YAMLNode.text)
        mapping["ulimits"] = .mapping(isolation.ulimits) { limit in
            var both = ComposeMapping()
            both["soft"] = .number(limit.soft)
            both["hard"] = .number(limit.hard)
            return both.node
        }
        if isolation.oomScoreAdjustment != 0 { mapping["oom_score_adj"] = .number(Int64(isolation.oomScoreAdjustment)) }
        mapping["shm_size"] = isolation.shmSize.map(YAMLNode.number)
    }

    fileprivate func writeResources(into mapping: inout ComposeMapping) {
        let numbers = [
            ("mem_limit", resources.memory), ("memswap_limit", resources.memorySwap),
            ("mem_reservation", resources.memoryReservation), ("cpu_shares", resources.cpuShares),
            ("pids_limit", resources.pidsLimit),
        ]
        for (key, number) in numbers where number != 0 { mapping[key] = .number(number) }
        if resources.nanoCPUs != 0 { mapping["cpus"] = .text(resources.nanoCPUs.decimalText(digits: 9)) }
        resources.writeRare(into: &mapping)
        if !resources.cpusetCPUs.isEmpty { mapping["cpuset"] = .text(resources.cpusetCPUs) }
    }
}

extension Int64 {
    /// The number divided by ten to the power of `digits`: `500000000` with 9 is `0.5`.
    fileprivate func decimalText(digits: Int) -> String {
        let text = String(self)
        let padded = String(repeating: "0", count: Swift.max(0, digits + 1 - text.count)) + text
        var fraction = padded.suffix(digits)
        while fraction.last == "0" { fraction.removeLast() }
        return padded.dropLast(digits) + (fraction.isEmpty ? "" : "." + fraction)
    }
}

extension RestartPolicy {
    fileprivate var compose: String {
        switch self {
        case .never: "no"
        case .always: "always"
        case .unlessStopped: "unless-stopped"
        case .onFailure(let retries): retries == 0 ? "on-failure" : "on-failure:\(retries)"
        }
    }
}

extension Healthcheck {
    fileprivate var compose: YAMLNode {
        var mapping = ComposeMapping()
        mapping["test"] = test.map(YAMLNode.texts)
        mapping["interval"] = interval.map(YAMLNode.nanoseconds)
        mapping["timeout"] = timeout.map(YAMLNode.nanoseconds)
        mapping["start_period"] = startPeriod.map(YAMLNode.nanoseconds)
        mapping["start_interval"] = startInterval.map(YAMLNode.nanoseconds)
        mapping["retries"] = retries.map { .number(Int64($0)) }
        return mapping.node
    }
}

extension PublishedPort {
    fileprivate var compose: YAMLNode {
        var mapping = ComposeMapping()
        mapping["target"] = .number(Int64(port.number))
        if !hostPort.isEmpty { mapping["published"] = .text(hostPort) }
        if !hostAddress.isEmpty { mapping["host_ip"] = .text(hostAddress) }
        mapping["protocol"] = .text(port.proto.rawValue)
        return mapping.node
    }
}
