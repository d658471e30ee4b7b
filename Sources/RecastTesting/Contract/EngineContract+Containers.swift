import RecastModel

extension EngineContract {
    static let systemChecks = [
        Check("the engine knows how many processors the host has") { session in
            let info = try await session.send("GET", "/info", is: 200).json
            try session.expect((info["NCPU"].int ?? 0) > 0, "NCPU is \(info["NCPU"])")
        },
        Check("the version names the API it speaks and the oldest it still speaks") { session in
            let (status, body) = try await session.exchange("GET", "/version", nil)
            try session.expect(status == 200, "GET /version answered \(status)")
            let version = try JSON(parsing: body)
            for key in ["Version", "ApiVersion", "Os", "Arch"] {
                try session.expect(version[key].string != nil, "GET /version has no \(key)")
            }
        },
        Check("an API version that is too new is refused") { session in
            let (status, body) = try await session.exchange("GET", "/v1.999/version", nil)
            try session.expect(status == 400, "v1.999 answered \(status)")
            try session.expect(
                String(decoding: body, as: UTF8.self).contains("client version 1.999 is too new"), "other words")
        },
        Check("a route that nobody knows is a 404 with a message") { session in
            try await session.send("GET", "/nonsense", is: 404, saying: "page not found")
        },
    ]

    static let containerChecks = [
        Check("what is not there is a 404 that says so") { session in
            let missing = session.name("missing")
            for (method, verb) in [("GET", "/json"), ("POST", "/start"), ("POST", "/stop"), ("DELETE", "")] {
                try await session.send(
                    method, "/containers/\(missing)\(verb)", is: 404, saying: "No such container: \(missing)")
            }
            try await session.send(
                "POST", "/containers/\(missing)/update", ["RestartPolicy": ["Name": "no"]], is: 404,
                saying: "No such container")
        },
        Check("a container of an image that is not there is a 404") { session in
            try await session.send(
                "POST", "/containers/create?name=\(session.name("x"))", ["Image": "recast.invalid/none:1"], is: 404,
                saying: "No such image: recast.invalid/none:1")
        },
        Check("a name that is taken is a 409, and nothing is made") { session in
            let name = try await session.create("x")
            let id = try await session.inspect(name)["Id"]
            try await session.send(
                "POST", "/containers/create?name=\(name)", session.sleeper(), is: 409,
                saying: "The container name \"/\(name)\" is already in use by container")
            try session.expect(try await session.inspect(name)["Id"], id, "the ID after the conflict")
        },
        Check("a name that is none is a 400") { session in
            try await session.pull(session.facts.base)
            try await session.send(
                "POST", "/containers/create?name=a%20b", session.sleeper(), is: 400, saying: "Invalid container name")
        },
        Check("a container can be asked for by its ID and by the beginning of its ID") { session in
            let name = try await session.create("x")
            let id = try await session.inspect(name)["Id"]
            for reference in [id.string ?? "", String((id.string ?? "").prefix(12))] {
                try session.expect(try await session.inspect(reference)["Id"], id, "the ID by \(reference)")
            }
        },
        Check("members that the engine does not know are dropped without a word") { session in
            let host: JSON = ["RecastHostNonsense": 2]
            let name = try await session.create(
                "x", session.sleeper(["RecastNonsense": 1, "HostConfig": host]))
            let live = try await session.inspect(name)
            try session.expect(live["Config"]["RecastNonsense"], .null, "the unknown member")
            try session.expect(live["HostConfig"]["RecastHostNonsense"], .null, "the unknown member of HostConfig")
        },
        Check("the list has every container with its names, labels and state") { session in
            let name = try await session.create("x", session.sleeper(["Labels": ["a": "b"]]))
            let id = try await session.inspect(name)["Id"]
            let list = try await session.send("GET", "/containers/json?all=1", is: 200).json.array
            guard let entry = list.first(where: { $0["Id"] == id }) else {
                throw ContractBreach(description: "the container is not in the list")
            }
            try session.expect(entry["Names"], [.string("/" + name)], "Names")
            try session.expect(entry["Labels"]["a"], "b", "the label")
            try session.expect(entry["State"], "created", "State")
            let running = try await session.send("GET", "/containers/json", is: 200).json.array
            try session.expect(!running.contains { $0["Id"] == id }, "without all=1 a created container is listed")
        },
        Check("a rename takes the name away and gives the new one") { session in
            let name = try await session.create("x")
            let other = session.name("y")
            try await session.send("POST", "/containers/\(name)/rename?name=\(other)", is: 204)
            try session.expect(try await session.inspect(other)["Name"], .string("/" + other), "the new name")
            try await session.send("GET", "/containers/\(name)/json", is: 404)
            try await session.send(
                "POST", "/containers/\(other)/rename?name=\(other)", is: 400, saying: "same name as its current name")
        },
        Check("a rename to a name that is taken is a 409") { session in
            let (one, two) = (try await session.create("x"), try await session.create("y"))
            try await session.send(
                "POST", "/containers/\(one)/rename?name=\(two)", is: 409,
                saying: "Conflict. The container name \"/\(two)\" is already in use")
        },
    ]
}
