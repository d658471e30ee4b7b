import RecastModel

extension EngineContract {
    static let hostConfigChecks = [
        Check("what is not said has the engine's default") { session in
            let host = try await session.hostConfig(of: [:])
            let wanted: [String: JSON] = [
                "Memory": 0, "MemorySwap": 0, "NanoCpus": 0, "CpuShares": 0, "PidsLimit": .null, "Privileged": false,
                "ReadonlyRootfs": false, "CapAdd": .null, "MemorySwappiness": .null, "OomScoreAdj": 0,
                "ShmSize": .int(64 << 20), "IpcMode": "private", "Runtime": "runc", "AutoRemove": false,
            ]
            for (key, value) in wanted { try session.expect(host[key], value, key) }
            try session.expect(host["LogConfig"]["Type"], "json-file", "LogConfig.Type")
            try session.expect(["", "no"].contains(host["RestartPolicy"]["Name"]), "RestartPolicy is not none")
            try session.expect(["default", "bridge"].contains(host["NetworkMode"]), "NetworkMode is not the default")
            try session.expect(!host["MaskedPaths"].isZero, "MaskedPaths is empty")
        },
        Check("swap is twice the memory unless it is said") { session in
            let host = try await session.hostConfig(of: ["Memory": .int(64 << 20)])
            try session.expect(host["MemorySwap"], .int(128 << 20), "MemorySwap")
            try await session.cleanUp()
            let unlimited = try await session.hostConfig(of: ["Memory": .int(64 << 20), "MemorySwap": -1])
            try session.expect(unlimited["MemorySwap"], -1, "MemorySwap")
        },
        Check("no limit has one spelling for processes and swappiness") { session in
            let host = try await session.hostConfig(of: ["PidsLimit": -1, "MemorySwappiness": -1])
            try session.expect(host["PidsLimit"], .null, "PidsLimit")
            try session.expect(host["MemorySwappiness"], .null, "MemorySwappiness")
        },
        Check("capabilities, binds and processor sets are kept as they are spelled") { session in
            let request: JSON = [
                "CapAdd": ["net_admin", "CAP_CHOWN"], "Binds": ["/tmp/:/b1/:ro"], "CpusetCpus": "0-1",
                "ExtraHosts": ["h:1.2.3.4"], "Ulimits": [["Name": "nofile", "Soft": 10, "Hard": 20]],
            ]
            let host = try await session.hostConfig(of: request)
            for (key, value) in request.object { try session.expect(host[key], value, key) }
        },
        Check("a privileged container has its labels disabled and nothing masked") { session in
            let host = try await session.hostConfig(of: ["Privileged": true])
            try session.expect(host["SecurityOpt"], ["label=disable"], "SecurityOpt")
            try session.expect(host["MaskedPaths"].isZero, "MaskedPaths is not empty")
        },
        Check("what shares processes or IPC with the host has its labels disabled") { session in
            for key in ["PidMode", "IpcMode"] {
                let host = try await session.hostConfig(of: .object([key: "host"]))
                try session.expect(host["SecurityOpt"], ["label=disable"], "SecurityOpt with \(key)")
                try await session.cleanUp()
            }
        },
        Check("empty masked paths stay empty") { session in
            let host = try await session.hostConfig(of: ["MaskedPaths": [], "ReadonlyPaths": []])
            try session.expect(host["MaskedPaths"], [], "MaskedPaths")
        },
        Check("port bindings keep their keys and get both members") { session in
            let host = try await session.hostConfig(of: ["PortBindings": ["80/tcp": [["HostPort": "8080"]]]])
            try session.expect(
                host["PortBindings"], ["80/tcp": [["HostIp": "", "HostPort": "8080"]]], "PortBindings")
        },
        Check("a device keeps what was left out") { session in
            let host = try await session.hostConfig(of: ["Devices": [["PathOnHost": "/dev/null"]]])
            try session.expect(
                host["Devices"],
                [["PathOnHost": "/dev/null", "PathInContainer": "", "CgroupPermissions": ""]], "Devices")
        },
        Check("log options without a driver go to the engine's driver") { session in
            let host = try await session.hostConfig(of: ["LogConfig": ["Config": ["max-size": "1m"]]])
            try session.expect(
                host["LogConfig"], ["Type": "json-file", "Config": ["max-size": "1m"]], "LogConfig")
        },
        Check("until API 1.48 a setting may be of one interface") { session in
            try await session.pull(session.facts.base)
            let host: JSON = ["Sysctls": ["net.ipv4.conf.eth0.forwarding": "1"]]
            try await session.send(
                "POST", "/containers/create?name=\(session.name("x"))", session.sleeper(["HostConfig": host]),
                is: session.facts.api < APIVersion(1, 48) ? 201 : 500)
        },
        Check("requests that make no sense are a 400") { session in
            try await session.pull(session.facts.base)
            let refused: [(JSON, String)] = [
                (["RestartPolicy": ["Name": "none"]], "restart policy"),
                (["RestartPolicy": ["Name": "always", "MaximumRetryCount": 3]], "maximum retry count"),
                (["MemorySwap": .int(1 << 20)], "Memory limit when using Memoryswap"),
                (["Memory": .int(64 << 20), "MemorySwap": .int(1 << 20)], "larger than memory limit"),
                (["Memory": 1000], "Minimum memory limit"),
                (["NanoCpus": 999_000_000_000_000], "ange of CPUs is from 0.01 to"),
                (["CpusetCpus": "4000"], "Requested CPUs are not available - requested 4000, available: 0-"),
                (["Binds": ["/tmp:/a", "/tmp:/a"]], "Duplicate mount point: /a"),
                (["PortBindings": ["80/tcp": [["HostPort": "99999"]]]], "invalid port specification"),
                (["AutoRemove": true, "RestartPolicy": ["Name": "always"]], "can't create 'AutoRemove' container"),
            ]
            for (host, words) in refused {
                try await session.send(
                    "POST", "/containers/create?name=\(session.name("x"))", session.sleeper(["HostConfig": host]),
                    is: 400, saying: words)
            }
            try await session.send(
                "POST", "/containers/create?name=\(session.name("x"))", session.sleeper(["WorkingDir": "a/b"]),
                is: 400, saying: "needs to be an absolute path")
        },
    ]
}
