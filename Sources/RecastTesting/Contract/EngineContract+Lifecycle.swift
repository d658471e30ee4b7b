import RecastModel

extension EngineContract {
    static let lifecycleChecks = [
        Check("a start is a 204, and a 304 when it runs already") { session in
            let name = try await session.run("x")
            try await session.send("POST", "/containers/\(name)/start", is: 304)
            let state = try await session.inspect(name)["State"]
            try session.expect(state["Status"], "running", "Status")
            try session.expect(state["Running"], true, "Running")
            try session.expect(state["StartedAt"].string?.hasPrefix("0001") == false, "StartedAt is not set")
        },
        Check("a container that never ran has Go's zero times") { session in
            let state = try await session.inspect(session.create("x"))["State"]
            try session.expect(state["Status"], "created", "Status")
            try session.expect(state["StartedAt"], "0001-01-01T00:00:00Z", "StartedAt")
            try session.expect(state["FinishedAt"], "0001-01-01T00:00:00Z", "FinishedAt")
        },
        Check("a stop is a 204, and a 304 when it does not run") { session in
            let name = try await session.run("x")
            try await session.send("POST", "/containers/\(name)/stop?t=0", is: 204)
            try await session.send("POST", "/containers/\(name)/stop?t=0", is: 304)
            try session.expect(try await session.inspect(name)["State"]["Status"], "exited", "Status")
        },
        Check("a running container is removed by force alone") { session in
            let name = try await session.run("x")
            let words = session.facts.api < APIVersion(1, 44) ? "You cannot remove a running" : "container is running"
            try await session.send("DELETE", "/containers/\(name)", is: 409, saying: words)
            try await session.send("DELETE", "/containers/\(name)?force=1&v=0", is: 204)
            try await session.send("DELETE", "/containers/\(name)?force=1&v=0", is: 404)
        },
        Check("a restart policy can be changed, and is checked") { session in
            let name = try await session.create("x")
            try await session.send(
                "POST", "/containers/\(name)/update", ["RestartPolicy": ["Name": "unless-stopped"]], is: 200)
            let policy = try await session.inspect(name)["HostConfig"]["RestartPolicy"]
            try session.expect(policy, ["Name": "unless-stopped", "MaximumRetryCount": 0], "RestartPolicy")
            try await session.send(
                "POST", "/containers/\(name)/update", ["RestartPolicy": ["Name": "none"]], is: 400,
                saying: "invalid restart policy")
        },
        Check("an update changes what it names and leaves the rest") { session in
            let host: JSON = ["Memory": .int(64 << 20), "RestartPolicy": ["Name": "always"]]
            let name = try await session.create("x", session.sleeper(["HostConfig": host]))
            let request: JSON = ["Memory": .int(96 << 20), "MemorySwap": .int(192 << 20), "CpuShares": 0]
            try await session.send("POST", "/containers/\(name)/update", request, is: 200)
            let live = try await session.inspect(name)["HostConfig"]
            try session.expect(live["Memory"], .int(96 << 20), "Memory")
            try session.expect(live["MemorySwap"], .int(192 << 20), "MemorySwap")
            try session.expect(live["RestartPolicy"]["Name"], "always", "RestartPolicy")
        },
        Check("a host port that another container holds fails the start and frees the name for another try") {
            session in
            let port = "\(session.facts.port)"
            let body = session.sleeper([
                "ExposedPorts": ["80/tcp": [:]],
                "HostConfig": ["PortBindings": ["80/tcp": [["HostPort": .string(port)]]]],
            ])
            let first = try await session.run("x", body)
            let second = try await session.create("y", body)
            try await session.send(
                "POST", "/containers/\(second)/start", is: 500, saying: "failed: port is already allocated")
            let state = try await session.inspect(second)["State"]
            try session.expect(state["Status"], "created", "Status")
            try session.expect(state["Error"].string?.contains("port is already") == true, "State.Error is not kept")
            try await session.send("DELETE", "/containers/\(first)?force=1", is: 204)
            try await session.send("POST", "/containers/\(second)/start", is: 204)
            let ports = try await session.inspect(second)["NetworkSettings"]["Ports"]["80/tcp"]
            try session.expect(ports[0]["HostPort"], .string(port), "the published port")
        },
        Check("a health check that passes makes the container healthy") { session in
            let name = try await session.run("x", ["Image": .string(session.facts.web)])
            try await session.eventually("healthy") {
                try await session.inspect(name)["State"]["Health"]["Status"] == "healthy"
            }
        },
        Check("without a health check there is no health") { session in
            try session.expect(try await session.inspect(session.run("x"))["State"]["Health"], .null, "Health")
        },
        Check("logs can be asked for, and are empty where nothing was written") { session in
            let name = try await session.run("x")
            let path = "/containers/\(name)/logs?stdout=1&stderr=1&tail=20"
            let reply = try await session.send("GET", path, is: 200)
            try session.expect(reply.body.isEmpty, "the log has \(reply.body.count) bytes")
        },
    ]
}
