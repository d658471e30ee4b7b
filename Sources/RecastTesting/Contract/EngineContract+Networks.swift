import RecastModel

extension EngineContract {
    static let networkChecks = [
        Check("a network has an ID, its labels, and addresses of the engine's choice") { session in
            let made = try await session.network("n", ["Labels": ["a": "b"]])
            let list = try await session.send("GET", "/networks", is: 200).json.array
            guard let entry = list.first(where: { $0["Id"].string == made.id }) else {
                throw ContractBreach(description: "the network is not in the list")
            }
            try session.expect(entry["Name"], .string(made.name), "Name")
            try session.expect(entry["Driver"], "bridge", "Driver")
            try session.expect(entry["Labels"], ["a": "b"], "Labels")
            try session.expect(entry["IPAM"]["Config"][0]["Subnet"].string != nil, "no subnet was chosen")
            for key in ["Internal", "Attachable", "EnableIPv6"] { try session.expect(entry[key], false, key) }
        },
        Check("a second network of the same name is a 409 with CheckDuplicate") { session in
            let made = try await session.network("n")
            try await session.send(
                "POST", "/networks/create", ["Name": .string(made.name), "CheckDuplicate": true], is: 409,
                saying: "network with name \(made.name) already exists")
        },
        Check("until API 1.44 a subnet may have host bits, until 1.47 IPv6 needs a subnet") { session in
            let api = session.facts.api
            let bits: JSON = ["Name": .string(session.name("n")), "IPAM": ["Config": [["Subnet": "10.97.1.2/16"]]]]
            try await session.send("POST", "/networks/create", bits, is: api < APIVersion(1, 44) ? 201 : 400)
            let six: JSON = ["Name": .string(session.name("m")), "EnableIPv6": true]
            try await session.send("POST", "/networks/create", six, is: api < APIVersion(1, 47) ? 404 : 201)
        },
        Check("a network that is not there is a 404") { session in
            let missing = session.name("missing")
            try await session.send("DELETE", "/networks/\(missing)", is: 404, saying: "network \(missing) not found")
            let container = try await session.run("x")
            try await session.send(
                "POST", "/networks/\(missing)/connect", ["Container": .string(container)], is: 404,
                saying: "network \(missing) not found")
        },
        Check("a network of the engine's own cannot be removed") { session in
            try await session.send("DELETE", "/networks/bridge", is: 403, saying: "pre-defined network")
        },
        Check("an endpoint knows its network's ID from the first start on") { session in
            let made = try await session.network("n")
            let name = try await session.create("x", session.attached(to: made.name, aliases: ["web"]))
            let before = try await session.endpoint(of: name, on: made.name)
            try session.expect(before["NetworkID"], "", "NetworkID before the start")
            try session.expect(before["Aliases"][0], "web", "the first alias")
            try await session.send("POST", "/containers/\(name)/start", is: 204)
            let after = try await session.endpoint(of: name, on: made.name)
            try session.expect(after["NetworkID"], .string(made.id), "NetworkID after the start")
        },
        Check("until API 1.44 the short ID is an alias after the start, later it is not") { session in
            let made = try await session.network("n")
            let name = try await session.run("x", session.attached(to: made.name, aliases: ["web"]))
            let shortID = String((try await session.inspect(name)["Id"].string ?? "").prefix(12))
            let wanted: JSON = session.facts.api < APIVersion(1, 45) ? ["web", .string(shortID)] : ["web"]
            try session.expect(try await session.endpoint(of: name, on: made.name)["Aliases"], wanted, "Aliases")
        },
        Check("a network with a running container is a 403, without one it goes") { session in
            let made = try await session.network("n")
            let name = try await session.run("x", session.attached(to: made.name))
            try await session.send("DELETE", "/networks/\(made.id)", is: 403, saying: "has active endpoints")
            try await session.send("POST", "/containers/\(name)/stop?t=0", is: 204)
            try await session.send("DELETE", "/networks/\(made.id)", is: 204)
            try await session.send("DELETE", "/networks/\(made.id)", is: 404)
            try await session.send("POST", "/containers/\(name)/start", is: 404, saying: "not found")
        },
        Check("a second network is joined by connect, and joining a running one twice is a 403") { session in
            let (one, two) = (try await session.network("n"), try await session.network("m"))
            let name = try await session.create("x", session.attached(to: one.name))
            let request: JSON = ["Container": .string(name), "EndpointConfig": ["Aliases": ["y"]]]
            try await session.send("POST", "/networks/\(two.name)/connect", request, is: 200)
            try await session.send("POST", "/containers/\(name)/start", is: 204)
            try session.expect(
                try await session.endpoint(of: name, on: two.name)["NetworkID"], .string(two.id), "NetworkID")
            try session.expect(try await session.endpoint(of: name, on: two.name)["Aliases"][0], "y", "the alias")
            try await session.send(
                "POST", "/networks/\(two.name)/connect", request, is: 403,
                saying: "already exists in network \(two.name)")
        },
        Check("several endpoints at create need API 1.44") { session in
            let (one, two) = (try await session.network("n"), try await session.network("m"))
            var body = session.attached(to: one.name)
            body["NetworkingConfig"] = ["EndpointsConfig": .set([one.name, two.name])]
            try await session.pull(session.facts.base)
            let path = "/containers/create?name=\(session.name("x"))"
            if session.facts.api < APIVersion(1, 44) {
                try await session.send(
                    "POST", path, body, is: 400, saying: "cannot be connected to network endpoints")
            } else {
                try await session.send("POST", path, body, is: 201)
            }
        },
        Check("a network that is not there shows at the start, not at create") { session in
            let missing = session.name("missing")
            let name = try await session.create("x", session.sleeper(["HostConfig": ["NetworkMode": .string(missing)]]))
            try await session.send(
                "POST", "/containers/\(name)/start", is: 404, saying: "network \(missing) not found")
        },
    ]

    static let volumeChecks = [
        Check("a volume that exists is a 201 with the old one, unchanged") { session in
            let name = JSON.string(session.name("v"))
            try await session.send("POST", "/volumes/create", ["Name": name, "Labels": ["a": "b"]], is: 201)
            let again = try await session.send(
                "POST", "/volumes/create", ["Name": name, "Labels": ["c": "d"]], is: 201)
            try session.expect(again.json["Labels"], ["a": "b"], "Labels")
            try session.expect(again.json["Driver"], "local", "Driver")
        },
        Check("a named volume that is not there is made with the container, without labels") { session in
            let volume = session.name("v")
            let mount: JSON = ["Type": "volume", "Source": .string(volume), "Target": "/x"]
            _ = try await session.create("x", session.sleeper(["HostConfig": ["Mounts": [mount]]]))
            let list = try await session.send("GET", "/volumes", is: 200).json["Volumes"].array
            let made = list.first { $0["Name"].string == volume }
            try session.expect(made != nil, "the volume was not made")
            try session.expect(made?["Labels"].isZero == true, "it has labels")
        },
        Check("removing a container leaves its named volume") { session in
            let volume = session.name("v")
            let name = try await session.create(
                "x", session.sleeper(["HostConfig": ["Binds": [.string("\(volume):/x")]]]))
            try await session.send("DELETE", "/volumes/\(volume)", is: 409, saying: "volume is in use")
            try await session.send("DELETE", "/containers/\(name)?force=1&v=1", is: 204)
            try await session.send("GET", "/volumes/\(volume)", is: 200)
        },
    ]
}

extension ContractSession {
    /// A container on one network of this check's.
    func attached(to network: String, aliases: [String] = []) -> JSON {
        sleeper([
            "HostConfig": ["NetworkMode": .string(network)],
            "NetworkingConfig": ["EndpointsConfig": .object([network: ["Aliases": .strings(aliases)]])],
        ])
    }

    func endpoint(of container: String, on network: String) async throws -> JSON {
        try await inspect(container)["NetworkSettings"]["Networks"][network]
    }
}
