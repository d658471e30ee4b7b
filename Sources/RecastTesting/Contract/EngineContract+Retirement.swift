import RecastModel

extension EngineContract {
    static let execChecks = [
        Check("a program runs in a running container, and tells its exit code") { session in
            let name = try await session.run("x")
            for (command, code) in [("true", 0), ("false", 1)] as [(JSON, JSON)] {
                let made = try await session.send("POST", "/containers/\(name)/exec", ["Cmd": [command]], is: 201)
                let path = "/exec/\(made.json["Id"].string ?? "")"
                try await session.send("POST", path + "/start", ["Detach": false, "Tty": false], is: 200)
                try await session.eventually("it has ended") {
                    try await session.send("GET", path + "/json", is: 200).json["Running"] == false
                }
                let ended = try await session.send("GET", path + "/json", is: 200).json
                try session.expect(ended["ExitCode"], code, "the exit code of \(command)")
            }
        },
        Check("a program in a container that does not run is a 409") { session in
            let name = try await session.create("x")
            try await session.send(
                "POST", "/containers/\(name)/exec", ["Cmd": ["true"]], is: 409, saying: "is not running")
        },
        Check("a log that is followed has every line and ends with its container") { session in
            let name = try await session.run("x", ["Image": .string(session.facts.task)])
            let path = "/containers/\(name)/logs?stdout=1&stderr=1&follow=1"
            let reply = try await session.send("GET", path, is: 200)
            try session.expect(reply.body.first == 1, "the log does not begin with a frame")
            let text = String(decoding: reply.body.dropFirst(8), as: UTF8.self)
            try session.expect(text == "task 1: done\n", "the log is '\(text)'")
            try await session.eventually("it has ended") {
                try await session.inspect(name)["State"]["Status"] == "exited"
            }
        },
    ]

    static let retirementChecks = [
        Check("an image is not removed while a container uses it, and is by its ID when none does") { session in
            let name = try await session.create("x", ["Image": .string(session.facts.spare), "Cmd": ["true"]])
            let id = try await session.inspect(name)["Image"].string ?? ""
            try await session.send("DELETE", "/images/\(id)", is: 409, saying: "image is being used by stopped")
            try await session.send("DELETE", "/containers/\(name)?v=0", is: 204)
            let listed = try await session.send("GET", "/images/json", is: 200).json.array.first {
                $0["Id"] == .string(id)
            }
            try session.expect(listed?["RepoTags"] ?? .null, [.string(session.facts.spare)], "RepoTags")
            let digests = listed?["RepoDigests"].strings ?? []
            try session.expect(digests.contains { $0.contains("/spare@sha256:") }, "RepoDigests is \(digests)")
            try session.expect((listed?["Created"].int ?? 0) > 0, "Created is no number of seconds")
            try await session.send("DELETE", "/images/\(id)", is: 200)
            try await session.send("DELETE", "/images/\(id)", is: 404)
        },
        Check("a removal with v=1 takes the volumes that have no name, and leaves those that have") { session in
            let named = session.name("kept")
            let body = session.sleeper([
                "Image": .string(session.facts.rich), "Entrypoint": [],
                "HostConfig": ["Binds": [.string("\(named):/named")]],
            ])
            let name = try await session.create("x", body)
            let mounts = try await session.inspect(name)["Mounts"].array.compactMap { $0["Name"].string }
            try session.expect(mounts.count == 3, "it has \(mounts.count) volumes")
            try await session.send("DELETE", "/containers/\(name)?force=1&v=1", is: 204)
            for mount in mounts {
                try await session.send("GET", "/volumes/\(mount)", is: mount == named ? 200 : 404)
            }
        },
    ]
}
