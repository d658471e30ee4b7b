import RecastModel

extension EngineState {
    /// The answer of the engine, and the change that it stands for.
    mutating func answer(_ call: EngineCall) -> HTTPReply {
        if let mismatch = versionMismatch(of: call) { return mismatch }
        do {
            return try route(call)
        } catch {
            return error.reply
        }
    }

    private mutating func route(_ call: EngineCall) throws(Refusal) -> HTTPReply {
        switch call.segments.first {
        case "containers": try containerRoute(call)
        case "networks": try networkRoute(call)
        case "volumes": try volumeRoute(call)
        case "exec": try execRoute(call)
        case "images", "distribution": try imageRoute(call)
        default: try systemRoute(call)
        }
    }

    private func systemRoute(_ call: EngineCall) throws(Refusal) -> HTTPReply {
        switch call.route {
        case "GET /version": .json(200, version)
        case "GET /info":
            .json(
                200,
                [
                    "Name": .string(configuration.hostname), "NCPU": .int(Int64(configuration.processorCount)),
                    "CgroupVersion": configuration.hasUnifiedCgroups ? "2" : "1",
                ])
        case "GET /_ping", "HEAD /_ping": ping
        default: throw .noRoute
        }
    }

    private var ping: HTTPReply {
        var reply = HTTPReply.text(200, "OK")
        reply.headers = [("Api-Version", "\(configuration.api)"), ("Ostype", "linux")]
        return reply
    }

    private var version: JSON {
        let known: [String: JSON] = [
            "Version": .string(configuration.version), "ApiVersion": "\(configuration.api)",
            "MinAPIVersion": "\(configuration.minimumAPI)", "Os": "linux",
            "Arch": .string(configuration.architecture), "GitCommit": "simulated", "GoVersion": "go1.19.8",
            "KernelVersion": "6.1.0", "Platform": ["Name": ""], "Components": [],
        ]
        return .object(known.merging(configuration.versionExtras) { $1 })
    }

    private func versionMismatch(of call: EngineCall) -> HTTPReply? {
        guard let api = call.api else { return nil }
        if api > configuration.api {
            return Refusal(
                400, "client version \(api) is too new. Maximum supported API version is \(configuration.api)"
            ).reply
        }
        guard api < configuration.minimumAPI else { return nil }
        let text =
            "client version \(api) is too old. Minimum supported API version is \(configuration.minimumAPI), "
            + "please upgrade your client to a newer version"
        return configuration.isAtLeast(25) ? Refusal(400, text).reply : .text(400, text)
    }

    /// The version that the request named, or the engine's own.
    func api(of call: EngineCall) -> APIVersion { call.api ?? configuration.api }
}

extension Refusal {
    static var noRoute: Self { Self(404, "page not found") }
}

extension EngineCall {
    /// The body of a request that must have one.
    func json() throws(Refusal) -> JSON {
        guard !body.isEmpty else { throw Refusal(400, "invalid JSON: got EOF while reading request body") }
        guard contentType?.hasPrefix("application/json") ?? false else {
            throw Refusal(400, "Content-Type specified (\(contentType ?? "")) must be 'application/json'")
        }
        guard let value = try? JSON(parsing: body) else {
            throw Refusal(400, "invalid JSON: invalid character in the request body")
        }
        return value
    }
}
