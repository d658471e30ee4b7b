import RecastModel

/// One check's way to talk to the engine.
struct ContractSession: Sendable {
    struct Reply {
        let route: String
        let status: Int
        let body: [UInt8]
        /// `null` when the body is not JSON.
        var json: JSON { (try? JSON(parsing: body)) ?? .null }
        var message: String { json["message"].string ?? String(decoding: body, as: UTF8.self) }
    }

    let facts: EngineContract.Facts
    let prefix: String
    let exchange: EngineContract.Exchange

    /// A name of this check's own.
    func name(_ suffix: String) -> String { prefix + suffix }

    /// Sends to a path to which the version prefix is added.
    func send(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> Reply {
        let (status, bytes) = try await exchange(method, "/v\(facts.api)" + path, body?.bytes)
        return Reply(route: "\(method) \(path)", status: status, body: bytes)
    }

    /// Sends and expects a status and words in the message.
    @discardableResult
    func send(
        _ method: String, _ path: String, _ body: JSON? = nil, is status: Int, saying words: String = ""
    ) async throws -> Reply {
        let reply = try await send(method, path, body)
        guard reply.status == status else {
            throw ContractBreach(
                description: "\(reply.route) answered \(reply.status) instead of \(status): \(reply.message)")
        }
        guard words.isEmpty || reply.message.contains(words) else {
            throw ContractBreach(description: "\(reply.route) does not say '\(words)' but '\(reply.message)'")
        }
        return reply
    }

    func expect(_ actual: JSON, _ wanted: JSON, _ what: String) throws {
        if actual != wanted { throw ContractBreach(description: "\(what) is \(actual) instead of \(wanted)") }
    }

    func expect(_ holds: Bool, _ what: String) throws {
        if !holds { throw ContractBreach(description: what) }
    }

    // MARK: What checks are made of

    /// A request for a container that sleeps, with more members.
    func sleeper(_ more: [String: JSON] = [:]) -> JSON {
        .object(["Image": .string(facts.base), "Cmd": ["sleep", "600"]].merging(more) { $1 })
    }

    /// Makes a container and gives its full name.
    func create(_ suffix: String, _ body: JSON? = nil) async throws -> String {
        try await pull(body?["Image"].string ?? facts.base)
        try await send("POST", "/containers/create?name=\(name(suffix))", body ?? sleeper(), is: 201)
        return name(suffix)
    }

    /// Makes and starts a container and gives its full name.
    func run(_ suffix: String, _ body: JSON? = nil) async throws -> String {
        let container = try await create(suffix, body)
        try await send("POST", "/containers/\(container)/start", is: 204)
        return container
    }

    func inspect(_ container: String) async throws -> JSON {
        try await send("GET", "/containers/\(container)/json", is: 200).json
    }

    /// What the engine makes of a request.
    func config(of body: JSON) async throws -> JSON { try await inspect(create("x", body))["Config"] }
    func hostConfig(of host: JSON) async throws -> JSON {
        try await inspect(create("x", sleeper(["HostConfig": host])))["HostConfig"]
    }

    func network(_ suffix: String, _ more: [String: JSON] = [:]) async throws -> (name: String, id: String) {
        let body = JSON.object(["Name": .string(name(suffix)), "CheckDuplicate": true].merging(more) { $1 })
        let reply = try await send("POST", "/networks/create", body, is: 201)
        return (name(suffix), reply.json["Id"].string ?? "")
    }

    @discardableResult
    func pull(_ reference: String) async throws -> Reply {
        let colon = reference.lastIndex(of: ":") ?? reference.endIndex
        let tag = reference[colon...].dropFirst()
        return try await send("POST", "/images/create?fromImage=\(reference[..<colon])&tag=\(tag)", is: 200)
    }

    /// Asks again and again until it holds, for ten seconds.
    func eventually(_ what: String, _ holds: () async throws -> Bool) async throws {
        for _ in 0..<400 {
            if try await holds() { return }
            try await Task.sleep(for: .milliseconds(25))
        }
        throw ContractBreach(description: "not within ten seconds: \(what)")
    }

    /// Removes what has a name of this check's.
    func cleanUp() async throws {
        for container in try await send("GET", "/containers/json?all=1").json.array
        where container["Names"][0].string?.dropFirst().hasPrefix(prefix) ?? false {
            _ = try await send("DELETE", "/containers/\(container["Id"].string ?? "")?force=1&v=1")
        }
        for network in try await send("GET", "/networks").json.array
        where network["Name"].string?.hasPrefix(prefix) ?? false {
            _ = try await send("DELETE", "/networks/\(network["Id"].string ?? "")")
        }
        for volume in try await send("GET", "/volumes").json["Volumes"].array {
            guard let name = volume["Name"].string, name.hasPrefix(prefix) else { continue }
            _ = try await send("DELETE", "/volumes/\(name)")
        }
    }
}
