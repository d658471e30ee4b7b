import RecastModel

/// The host's half of a container: the request's words, and what the engine makes of them.
struct HostConfigMerge {
    let request: JSON
    let api: APIVersion
    let engine: EngineConfiguration

    func merged() throws(Refusal) -> JSON {
        var host = try Template.hostConfig.filled(
            from: request, optional: Template.optionalHostConfig, named: "HostConfig")
        if api < APIVersion(1, 43) { host["Annotations"] = .null }
        if api < APIVersion(1, 42) {
            for key in ["KernelMemory", "KernelMemoryTCP"] { host[key] = .int(request[key].int ?? 0) }
        }
        if api >= APIVersion(1, 48), let name = interfaceSetting {
            throw Refusal(
                500,
                "interface specific sysctl setting \"\(name)\" must be supplied using driver option "
                    + "'com.docker.network.endpoint.sysctls'")
        }
        try fillNested(&host)
        setResources(&host)
        setIsolation(&host)
        setDefaults(&host)
        return host.withoutNull(Template.optionalHostConfig)
    }

    /// A restart policy and the network mode in the spelling of this engine.
    static func rewriteLegacyNames(_ host: inout JSON, on engine: EngineConfiguration) {
        if engine.isAtLeast(25), host["RestartPolicy"]["Name"].isZero { host["RestartPolicy"]["Name"] = "no" }
        if engine.isAtLeast(26, 1), host["NetworkMode"] == "default" { host["NetworkMode"] = "bridge" }
        if engine.isAtLeast(29) {
            let bindings = host["PortBindings"].object.mapValues { $0.isZero ? [["HostIp": "", "HostPort": ""]] : $0 }
            if !bindings.isEmpty { host["PortBindings"] = .object(bindings) }
        }
    }

    private var interfaceSetting: String? {
        request["Sysctls"].object.keys.first { name in
            let parts = name.split(separator: ".")
            return parts.count > 3 && parts[0] == "net" && parts[3].hasPrefix("eth")
        }
    }

    private func fillNested(_ host: inout JSON) throws(Refusal) {
        let policy: JSON = ["Name": "", "MaximumRetryCount": 0]
        host["RestartPolicy"] = try policy.filled(from: host["RestartPolicy"], named: "HostConfig.RestartPolicy")
        let log: JSON = ["Type": "", "Config": [:]]
        host["LogConfig"] = try log.filled(from: host["LogConfig"], named: "HostConfig.LogConfig")
        var bindings: [String: JSON] = [:]
        for (port, list) in host["PortBindings"].object {
            bindings[port] = try Self.filled(list, template: ["HostIp": "", "HostPort": ""])
        }
        if case .object = host["PortBindings"] { host["PortBindings"] = .object(bindings) }
        let request: JSON = ["Driver": "", "Count": 0, "DeviceIDs": .null, "Capabilities": .null, "Options": .null]
        host["DeviceRequests"] = try Self.filled(host["DeviceRequests"], template: request)
        host["Mounts"] = Self.pruned(host["Mounts"])
        host["Devices"] = try Self.filled(
            host["Devices"], template: ["PathOnHost": "", "PathInContainer": "", "CgroupPermissions": ""])
    }

    /// Members of a mount that say nothing are not kept.
    private static func pruned(_ mounts: JSON) -> JSON {
        guard case .array(let items) = mounts else { return mounts }
        return .array(items.map { .object($0.object.filter { !$0.value.isZero }) })
    }

    private static func filled(_ list: JSON, template: JSON) throws(Refusal) -> JSON {
        guard case .array(let items) = list else { return list }
        var filled: [JSON] = []
        for item in items { filled.append(try template.filled(from: item, named: "HostConfig")) }
        return .array(filled)
    }

    private func setResources(_ host: inout JSON) {
        if let memory = host["Memory"].int, memory > 0, host["MemorySwap"] == 0 {
            host["MemorySwap"] = .int(2 * memory)
        }
        if (host["PidsLimit"].int ?? 0) <= 0 { host["PidsLimit"] = .null }
        if host["MemorySwappiness"] == -1 || engine.hasUnifiedCgroups { host["MemorySwappiness"] = .null }
        if engine.hasUnifiedCgroups {
            host["OomKillDisable"] = .null
        } else if host["OomKillDisable"].isNull {
            host["OomKillDisable"] = false
        }
        if host["ShmSize"] == 0 { host["ShmSize"] = .int(64 << 20) }
    }

    private func setIsolation(_ host: inout JSON) {
        let isPrivileged = host["Privileged"] == true
        if isPrivileged || host["PidMode"] == "host" || host["IpcMode"] == "host" {
            let options = host["SecurityOpt"].array
            if !options.contains("label=disable") { host["SecurityOpt"] = .array(options + ["label=disable"]) }
        }
        if isPrivileged {
            for key in ["MaskedPaths", "ReadonlyPaths"] where host[key].isNull { host[key] = .null }
        } else {
            if host["MaskedPaths"].isNull { host["MaskedPaths"] = Template.maskedPaths }
            if host["ReadonlyPaths"].isNull { host["ReadonlyPaths"] = Template.readonlyPaths }
        }
        if host["CgroupnsMode"].isZero {
            host["CgroupnsMode"] = engine.hasUnifiedCgroups && !isPrivileged ? "private" : "host"
        }
    }

    private func setDefaults(_ host: inout JSON) {
        let defaults = [("IpcMode", "private"), ("Runtime", "runc"), ("NetworkMode", "default")]
        for (key, value) in defaults where host[key].isZero { host[key] = .string(value) }
        if host["LogConfig"]["Type"].isZero { host["LogConfig"]["Type"] = "json-file" }
        Self.rewriteLegacyNames(&host, on: engine)
    }
}
