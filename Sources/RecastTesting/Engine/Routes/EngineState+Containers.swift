import RecastModel

extension EngineState {
    mutating func containerRoute(_ call: EngineCall) throws(Refusal) -> HTTPReply {
        switch call.route {
        case "GET /containers/json": return list(call)
        case "POST /containers/create": return try create(call)
        case "GET /containers/*/json":
            return .json(200, inspected(try container(call.name), api: api(of: call)))
        case "GET /containers/*/logs": return logs(of: try container(call.name), call)
        case "POST /containers/*/start": return try start(call)
        case "POST /containers/*/stop": return try stop(call)
        case "POST /containers/*/rename": return try rename(call)
        case "POST /containers/*/update": return try update(call)
        case "POST /containers/*/exec": return try createExec(call)
        case "DELETE /containers/*": return try remove(call)
        case "PUT /containers/*/archive": return try putArchive(call)
        case "HEAD /containers/*/archive": return try headArchive(call)
        default: throw .noRoute
        }
    }

    private mutating func start(_ call: EngineCall) throws(Refusal) -> HTTPReply {
        let container = try container(call.name)
        if container.isRunning { return .empty(304) }
        try start(container.id)
        containers[container.id]?.restartCount = 0
        return .empty(204)
    }

    private mutating func stop(_ call: EngineCall) throws(Refusal) -> HTTPReply {
        let container = try container(call.name)
        guard container.isActive else { return .empty(304) }
        let isKilled = container.image.stopDelay > grace(of: container, call)
        stop(container.id, exitCode: isKilled ? 137 : 0, byHand: true)
        return .empty(204)
    }

    /// How long a request waits before it can do its work: a stop waits for the container.
    func pause(before call: EngineCall) -> Duration {
        guard call.route == "POST /containers/*/stop", let container = try? container(call.name),
            container.isRunning
        else { return .zero }
        return min(container.image.stopDelay, grace(of: container, call))
    }

    private func grace(of container: SimulatedContainer, _ call: EngineCall) -> Duration {
        .seconds(call.query["t"].flatMap { Int64($0) } ?? container.stopTimeout)
    }

    private mutating func rename(_ call: EngineCall) throws(Refusal) -> HTTPReply {
        let container = try container(call.name)
        let name = call.query["name"] ?? ""
        if name.isEmpty { throw Refusal(400, "Neither old nor new names may be empty") }
        if name == container.name {
            throw Refusal(400, "Renaming a container with the same name as its current name")
        }
        guard Self.isValidName(name) else {
            throw Refusal(400, "Error when allocating new name: " + Self.invalidName("/" + name).message)
        }
        if let conflict = nameConflict(name) {
            throw Refusal(409, "Error when allocating new name: " + conflict.message)
        }
        containers[container.id]?.name = name
        return .empty(204)
    }

    private mutating func remove(_ call: EngineCall) throws(Refusal) -> HTTPReply {
        let container = try container(call.name)
        if container.isActive, !call.flag("force") {
            let words =
                configuration.isAtLeast(25)
                ? "cannot remove container \"\(container.name)\": container is running: stop the container before "
                    + "removing or force remove"
                : "You cannot remove a running container \(container.id). Stop the container before attempting "
                    + "removal or force remove"
            throw Refusal(409, words)
        }
        remove(container.id, withVolumes: call.flag("v"))
        return .empty(204)
    }

    /// What can move without a new container; zero means "as it was".
    private static let mutableFields = [
        "Memory", "MemoryReservation", "MemorySwap", "NanoCpus", "CpuShares", "CpuPeriod", "CpuQuota",
        "CpuRealtimePeriod", "CpuRealtimeRuntime", "CpusetCpus", "CpusetMems", "BlkioWeight", "PidsLimit",
    ]

    private mutating func update(_ call: EngineCall) throws(Refusal) -> HTTPReply {
        let container = try container(call.name)
        try update(container.id, with: try call.json())
        return .json(200, ["Warnings": .null])
    }

    mutating func update(_ id: String, with request: JSON) throws(Refusal) {
        guard let container = containers[id] else { return }
        var host = container.hostConfig
        for key in Self.mutableFields { if let value = request[key].nonZero { host[key] = value } }
        if let policy = request["RestartPolicy"].nonZero, !policy["Name"].isZero {
            host["RestartPolicy"] = [
                "Name": policy["Name"], "MaximumRetryCount": .int(policy["MaximumRetryCount"].int ?? 0),
            ]
        }
        let check = RequestCheck(config: container.config, host: host, engine: configuration)
        try check.checkRestartPolicy(host["RestartPolicy"])
        try check.checkMemory()
        containers[id]?.hostConfig = host
    }
}
