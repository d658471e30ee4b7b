import RecastModel

extension EngineContract {
    static let mergeChecks = [
        Check("an image passes everything on to a container that says nothing") { session in
            let config = try await session.config(of: ["Image": .string(session.facts.rich)])
            let directory: JSON = session.facts.api < APIVersion(1, 44) ? "/app" : "/app/"
            let wanted: [String: JSON] = [
                "Cmd": ["default", "cmd"], "Entrypoint": ["/bin/sh", "-c"], "User": "1000:1000",
                "WorkingDir": directory,
                "StopSignal": "SIGQUIT", "Labels": ["img.label": "one", "both": "image"],
                "Env": ["PATH=/usr/local/bin:/usr/bin:/bin:/sbin", "IMGVAR=fromimage", "EMPTY="],
                "ExposedPorts": ["80/tcp": [:], "53/udp": [:]], "Volumes": ["/data": [:], "/cache/": [:]],
                "Healthcheck": [
                    "Test": ["CMD-SHELL", "echo ok"], "Interval": 7_000_000_000, "Timeout": 3_000_000_000,
                    "Retries": 4,
                ],
                "Image": .string(session.facts.rich),
            ]
            for (key, value) in wanted { try session.expect(config[key], value, key) }
        },
        Check("variables of the request come first and win, those of the image follow") { session in
            let config = try await session.config(of: [
                "Image": .string(session.facts.rich), "Env": ["A=1", "IMGVAR=z", "B"],
            ])
            try session.expect(
                config["Env"], ["A=1", "IMGVAR=z", "B", "PATH=/usr/local/bin:/usr/bin:/bin:/sbin", "EMPTY="], "Env")
        },
        Check("labels of the request win, null is the empty text") { session in
            let config = try await session.config(of: [
                "Image": .string(session.facts.rich), "Labels": ["both": "x", "n": .null],
            ])
            try session.expect(config["Labels"], ["both": "x", "img.label": "one", "n": ""], "Labels")
        },
        Check("any entrypoint drops the image's command, an empty one keeps it") { session in
            let image = JSON.string(session.facts.rich)
            let own = try await session.config(of: ["Image": image, "Entrypoint": ["/x"]])
            try session.expect(own["Cmd"], .null, "Cmd below an entrypoint of its own")
            try await session.cleanUp()
            let empty = try await session.config(of: ["Image": image, "Entrypoint": []])
            try session.expect(empty["Cmd"], ["default", "cmd"], "Cmd below an empty entrypoint")
            try session.expect(empty["Entrypoint"].isZero, "the empty entrypoint is filled up")
            try await session.cleanUp()
            let cleared = try await session.config(of: ["Image": image, "Entrypoint": [""], "Cmd": ["q"]])
            try session.expect(cleared["Entrypoint"].isZero, "[\"\"] does not clear the entrypoint")
            try session.expect(cleared["Cmd"], ["q"], "Cmd beside [\"\"]")
        },
        Check("an empty command is the image's") { session in
            let config = try await session.config(of: ["Image": .string(session.facts.rich), "Cmd": []])
            try session.expect(config["Cmd"], ["default", "cmd"], "Cmd")
        },
        Check("no command at all is a 400") { session in
            try await session.pull(session.facts.base)
            try await session.send(
                "POST", "/containers/create?name=\(session.name("x"))",
                ["Image": .string(session.facts.base), "Entrypoint": [""]], is: 400, saying: "o command specified")
        },
        Check("a health check inherits field by field, NONE keeps the image's timings") { session in
            let image = JSON.string(session.facts.rich)
            let partial = try await session.config(of: ["Image": image, "Healthcheck": ["Interval": 5_000_000_000]])
            try session.expect(partial["Healthcheck"]["Test"], ["CMD-SHELL", "echo ok"], "Test")
            try session.expect(partial["Healthcheck"]["Interval"], 5_000_000_000, "Interval")
            try session.expect(partial["Healthcheck"]["Retries"], 4, "Retries")
            try await session.cleanUp()
            let none = try await session.config(of: ["Image": image, "Healthcheck": ["Test": ["NONE"]]])
            try session.expect(none["Healthcheck"]["Test"], ["NONE"], "Test")
            try session.expect(none["Healthcheck"]["Interval"], 7_000_000_000, "Interval below NONE")
        },
        Check("ports and volumes are joined with the image's, paths are cleaned for the working directory alone") {
            session in
            let config = try await session.config(of: [
                "Image": .string(session.facts.rich), "ExposedPorts": ["90/tcp": [:]], "Volumes": ["/v/": [:]],
                "WorkingDir": "/a//b/",
            ])
            try session.expect(config["ExposedPorts"], .set(["53/udp", "80/tcp", "90/tcp"]), "ExposedPorts")
            try session.expect(config["Volumes"], .set(["/cache/", "/data", "/v/"]), "Volumes")
            try session.expect(config["WorkingDir"], "/a/b", "WorkingDir")
        },
        Check("the host's name is the beginning of the ID unless one is given") { session in
            let name = try await session.create("x")
            let live = try await session.inspect(name)
            try session.expect(
                live["Config"]["Hostname"], .string(String((live["Id"].string ?? "").prefix(12))), "Hostname")
            let given = try await session.inspect(session.create("y", session.sleeper(["Hostname": "hh"])))
            try session.expect(given["Config"]["Hostname"], "hh", "Hostname")
        },
    ]
}
