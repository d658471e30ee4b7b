import RecastModel

/// What an engine refuses to create, with its own words.
struct RequestCheck {
    let config: JSON
    let host: JSON
    let engine: EngineConfiguration

    /// In the engine's order: first the request alone.
    func checkRequest() throws(Refusal) {
        try checkProcess()
        try checkRestartPolicy(host["RestartPolicy"])
        if host["AutoRemove"] == true, !["", "no"].contains(host["RestartPolicy"]["Name"].string ?? "") {
            throw Refusal(400, "can't create 'AutoRemove' container with restart policy")
        }
        if host["UTSMode"] == "host", !config["Hostname"].isZero {
            throw Refusal(400, "conflicting options: hostname and the UTS mode")
        }
        try checkPorts()
        try checkMemory()
        try checkProcessors()
        try checkMounts()
    }

    /// Then what came out of request and image.
    func checkMerged() throws(Refusal) {
        if config["Cmd"].isZero, config["Entrypoint"].isZero { throw Refusal(400, "No command specified") }
    }

    func checkRestartPolicy(_ policy: JSON) throws(Refusal) {
        let name = policy["Name"].string ?? ""
        guard ["", "no", "always", "unless-stopped", "on-failure"].contains(name) else {
            throw Refusal(400, "invalid restart policy '\(name)'")
        }
        if name != "on-failure", name != "", (policy["MaximumRetryCount"].int ?? 0) != 0 {
            throw Refusal(400, "maximum retry count cannot be used with restart policy '\(name)'")
        }
    }

    func checkMemory() throws(Refusal) {
        let (memory, swap) = (host["Memory"].int ?? 0, host["MemorySwap"].int ?? 0)
        if memory > 0, memory < 6 << 20 { throw Refusal(400, "Minimum memory limit allowed is 6MB") }
        if memory == 0, swap > 0 {
            throw Refusal(400, "You should always set the Memory limit when using Memoryswap limit, see usage")
        }
        if memory > 0, swap > 0, swap < memory {
            throw Refusal(400, "Minimum memoryswap limit should be larger than memory limit, see usage")
        }
    }

    private func checkProcess() throws(Refusal) {
        let directory = config["WorkingDir"].string ?? ""
        if !directory.isEmpty, !directory.hasPrefix("/") {
            throw Refusal(400, "the working directory '\(directory)' is invalid, it needs to be an absolute path")
        }
        for variable in config["Env"].strings where variable.isEmpty || variable.hasPrefix("=") {
            throw Refusal(400, "invalid environment variable: \(variable)")
        }
        for key in ["Interval", "Timeout", "StartPeriod"] {
            if let value = config["Healthcheck"][key].int, value != 0, value < 1_000_000 {
                throw Refusal(400, "\(key) in Healthcheck cannot be less than 1ms")
            }
        }
    }

    private func checkPorts() throws(Refusal) {
        for binding in host["PortBindings"].object.values.flatMap(\.array) {
            let text = binding["HostPort"].string ?? ""
            let isValid = text.split(separator: "-", maxSplits: 1).allSatisfy { UInt16($0) != nil }
            if !isValid { throw Refusal(400, "invalid port specification: \"\(text)\"") }
        }
    }

    private func checkProcessors() throws(Refusal) {
        let nano = host["NanoCpus"].int ?? 0
        if nano > 0, (host["CpuQuota"].int ?? 0) > 0 {
            throw Refusal(400, "Conflicting options: Nano CPUs and CPU Quota cannot both be set")
        }
        if nano > 0, (host["CpuPeriod"].int ?? 0) > 0 {
            throw Refusal(400, "Conflicting options: Nano CPUs and CPU Period cannot both be set")
        }
        let count = engine.processorCount
        if nano < 0 || nano > Int64(count) * 1_000_000_000 {
            let range = "ange of CPUs is from 0.01 to \(count).00, as there are only \(count) CPUs available"
            throw Refusal(400, (engine.isAtLeast(28) ? "r" : "R") + range)
        }
        let set = host["CpusetCpus"].string ?? ""
        let members = CanonicalText.cpuSet(set).split(separator: ",").compactMap { Int($0) }
        if let last = members.max(), last >= count {
            throw Refusal(400, "Requested CPUs are not available - requested \(set), available: 0-\(count - 1)")
        }
    }

    private func checkMounts() throws(Refusal) {
        var targets: Set<String> = []
        let bound = host["Binds"].strings.map { VolumeMount.target(ofBind: $0) }
        let mounted = host["Mounts"].array.map { $0["Target"].string ?? "" }
        for target in (bound + mounted).map(CanonicalText.path) where !targets.insert(target).inserted {
            throw Refusal(400, "Duplicate mount point: \(target)")
        }
    }
}
