import RecastModel

extension EngineContract {
    /// Fields of a container that came later, and what they are below the version that brought them.
    static let newerChecks = [
        Check("annotations need API 1.43, and are dropped without a word before") { session in
            let host = try await session.hostConfig(of: ["Annotations": ["a": "b"]])
            let wanted: JSON = session.facts.api < APIVersion(1, 43) ? .null : ["a": "b"]
            try session.expect(host["Annotations"], wanted, "Annotations")
        },
        Check("device requests and block device limits are kept as they are spelled") { session in
            let request: JSON = [
                "DeviceRequests": [
                    [
                        "Driver": "", "Count": -1, "DeviceIDs": .null, "Capabilities": [["gpu", "x"]],
                        "Options": .null,
                    ]
                ],
                "BlkioDeviceReadBps": [["Path": "/dev/null", "Rate": 1000]],
                "BlkioDeviceWriteIOps": [["Path": "/dev/null", "Rate": 10]],
            ]
            let host = try await session.hostConfig(of: request)
            for (key, value) in request.object { try session.expect(host[key], value, key) }
        },
        Check("an endpoint keeps its options; a priority of its gateway needs API 1.48") { session in
            let made = try await session.network("n")
            var body = session.attached(to: made.name)
            let settings: JSON = [
                "DriverOpts": ["a": "b"], "GwPriority": 5, "IPAMConfig": ["LinkLocalIPs": ["169.254.8.8"]],
            ]
            body["NetworkingConfig"] = ["EndpointsConfig": .object([made.name: settings])]
            let endpoint = try await session.endpoint(of: session.create("x", body), on: made.name)
            try session.expect(endpoint["DriverOpts"], ["a": "b"], "DriverOpts")
            try session.expect(endpoint["IPAMConfig"]["LinkLocalIPs"], ["169.254.8.8"], "LinkLocalIPs")
            let wanted: JSON = session.facts.api < APIVersion(1, 48) ? .null : 5
            try session.expect(endpoint["GwPriority"], wanted, "GwPriority")
        },
        Check("the address of the first network is the container's, in whatever version it was said") { session in
            let made = try await session.network("n")
            let address: JSON = "02-42-AC-11-00-99"
            var body = session.attached(to: made.name)
            if session.facts.api < APIVersion(1, 44) {
                body["MacAddress"] = address
            } else {
                body["NetworkingConfig"] = ["EndpointsConfig": .object([made.name: ["MacAddress": address]])]
            }
            let name = try await session.run("x", body)
            try await session.send("POST", "/containers/\(name)/stop?t=0", is: 204)
            try session.expect(try await session.inspect(name)["Config"]["MacAddress"], address, "MacAddress")
        },
        Check("a network keeps how its addresses are given out; one without IPv4 needs API 1.48") { session in
            let pool: JSON = ["Subnet": "10.97.8.0/24", "AuxiliaryAddresses": ["a": "10.97.8.9"]]
            let made = try await session.network(
                "n", ["IPAM": ["Driver": "default", "Options": ["x": "y"], "Config": [pool]]])
            let entry = try await session.send("GET", "/networks/\(made.id)", is: 200).json
            try session.expect(entry["IPAM"]["Driver"], "default", "Driver")
            try session.expect(entry["IPAM"]["Options"], ["x": "y"], "Options")
            try session.expect(
                entry["IPAM"]["Config"][0]["AuxiliaryAddresses"], ["a": "10.97.8.9"], "AuxiliaryAddresses")
            let plain = try await session.network(
                "m", ["EnableIPv4": false, "EnableIPv6": true, "IPAM": ["Config": [["Subnet": "fd97:8::/64"]]]])
            let live = try await session.send("GET", "/networks/\(plain.id)", is: 200).json["EnableIPv4"]
            try session.expect(
                session.facts.api < APIVersion(1, 48) ? live != false : live == false, "EnableIPv4 is \(live)")
        },
    ]

    static let sharingChecks = [
        Check("a container whose namespace is shared is reported by its ID, that of volumes as it was named") {
            session in
            let owner = try await session.create("owner")
            let id = try await session.inspect(owner)["Id"].string ?? ""
            let shared = JSON.string("container:\(owner)")
            let host = try await session.hostConfig(of: [
                "NetworkMode": shared, "PidMode": shared, "IpcMode": shared, "VolumesFrom": [.string(owner + ":ro")],
            ])
            for key in ["NetworkMode", "PidMode", "IpcMode"] {
                try session.expect(host[key], .string("container:\(id)"), key)
            }
            try session.expect(host["VolumesFrom"], [.string(owner + ":ro")], "VolumesFrom")
        },
        Check("in the network of a container that does not run, none can start") { session in
            let owner = try await session.create("owner")
            let mode = JSON.string("container:\(owner)")
            let name = try await session.create("x", session.sleeper(["HostConfig": ["NetworkMode": mode]]))
            try await session.send(
                "POST", "/containers/\(name)/start", is: 409, saying: "of a non running container")
            try await session.send("POST", "/containers/\(owner)/start", is: 204)
            try await session.send("POST", "/containers/\(name)/start", is: 204)
            let live = try await session.inspect(name)["NetworkSettings"]["Networks"]
            try session.expect(live.isZero, "it has networks of its own: \(live)")
        },
        Check("a program runs inside a container that runs, and its exit code is known") { session in
            let name = try await session.create("x")
            let body: JSON = ["Cmd": ["false"], "AttachStdout": true, "AttachStderr": true]
            try await session.send("POST", "/containers/\(name)/exec", body, is: 409, saying: "is not running")
            try await session.send("POST", "/containers/\(name)/start", is: 204)
            for (program, code) in [("true", 0), ("false", 1)] {
                let wanted: JSON = ["Cmd": [.string(program)], "AttachStdout": true, "AttachStderr": true]
                let made = try await session.send("POST", "/containers/\(name)/exec", wanted, is: 201)
                let path = "/exec/\(made.json["Id"].string ?? "")"
                try await session.send("POST", path + "/start", ["Detach": false, "Tty": false], is: 200)
                let ended = try await session.send("GET", path + "/json", is: 200).json["ExitCode"]
                try session.expect(ended, .int(Int64(code)), "ExitCode of \(program)")
            }
        },
    ]
}
