import RecastModel

extension EngineState {
    /// The answer of `GET /containers/{id}/json`.
    func inspected(_ container: SimulatedContainer, api: APIVersion) -> JSON {
        let process = container.config["Entrypoint"].strings + container.config["Cmd"].strings
        return [
            "Id": .string(container.id), "Created": .string(Timestamp.text(container.created)),
            "Path": .string(process.first ?? ""), "Args": .strings(process.dropFirst()), "State": runState(container),
            "Image": .string(container.imageID), "Name": .string("/" + container.name),
            "RestartCount": .int(Int64(container.restartCount)), "Driver": "overlay2", "Platform": "linux",
            "MountLabel": "", "ProcessLabel": "", "AppArmorProfile": "", "ExecIDs": .null,
            "HostConfig": container.hostConfig, "Mounts": .array(container.mounts.map(\.inspected)),
            "Config": container.config,
            "NetworkSettings": ["Ports": ports(container), "Networks": networks(of: container, api: api)],
        ]
    }

    func list(_ call: EngineCall) -> HTTPReply {
        let wanted = LabelFilter(call.query["filters"] ?? "")
        let listed = containersInOrder.reversed().filter { container in
            (call.flag("all") || container.isActive) && wanted.accepts(container.config["Labels"].stringMap)
        }
        return .json(200, .array(listed.map { summary($0, api: api(of: call)) }))
    }

    private func summary(_ container: SimulatedContainer, api: APIVersion) -> JSON {
        let reference = container.config["Image"].string ?? ""
        let isCurrent = image(reference)?.image.id == container.imageID
        let process = container.config["Entrypoint"].strings + container.config["Cmd"].strings
        return [
            "Id": .string(container.id), "Names": [.string("/" + container.name)],
            "Image": .string(isCurrent ? reference : container.imageID), "ImageID": .string(container.imageID),
            "Command": .string(process.joined(separator: " ")), "Created": .int(Timestamp.seconds(container.created)),
            "Ports": [], "Labels": container.config["Labels"], "State": .string(container.status),
            "Status": .string(container.status),
            "HostConfig": ["NetworkMode": container.hostConfig["NetworkMode"]],
            "NetworkSettings": ["Networks": networks(of: container, api: api)],
            "Mounts": .array(container.mounts.map(\.inspected)),
        ]
    }

    private func runState(_ container: SimulatedContainer) -> JSON {
        var state: JSON = [
            "Status": .string(container.status), "Running": .bool(container.isActive), "Paused": false,
            "Restarting": .bool(container.status == "restarting"), "OOMKilled": false, "Dead": false,
            "Pid": container.isRunning ? .int(Int64(1000 + container.number)) : 0,
            "ExitCode": .int(Int64(container.exitCode)), "Error": .string(container.error),
            "StartedAt": .string(Timestamp.text(container.startedAt)),
            "FinishedAt": .string(Timestamp.text(container.finishedAt)),
        ]
        if let health = container.health(at: now) {
            let probe: JSON = ["ExitCode": health == "healthy" ? 0 : 1, "Output": ""]
            let streak: JSON = health == "unhealthy" && container.isRunning ? 3 : 0
            state["Health"] = [
                "Status": .string(health), "FailingStreak": streak, "Log": health == "starting" ? [] : [probe],
            ]
        }
        return state
    }

    private func ports(_ container: SimulatedContainer) -> JSON {
        guard container.isRunning else { return [:] }
        let exposed = container.config["ExposedPorts"].object.keys.flatMap(CanonicalText.exposedPorts)
        var ports = Dictionary(exposed.map { ($0, JSON.null) }) { first, _ in first }
        for held in container.ports {
            let addresses = held.address.isEmpty ? ["0.0.0.0", "::"] : [held.address]
            let entries = addresses.map { address -> JSON in
                ["HostIp": .string(address), "HostPort": .string(String(held.number))]
            }
            ports[held.containerPort] = .array((ports[held.containerPort]?.array ?? []) + entries)
        }
        return .object(ports)
    }

    private func networks(of container: SimulatedContainer, api: APIVersion) -> JSON {
        .object(
            Dictionary(
                uniqueKeysWithValues: container.endpoints.map { name, endpoint in
                    (name, settings(of: endpoint, container, api: api))
                }))
    }

    private func settings(
        of endpoint: SimulatedEndpoint, _ container: SimulatedContainer, api: APIVersion
    ) -> JSON {
        var settings: JSON = [
            "IPAMConfig": endpoint.addressing, "Links": .null, "Aliases": .null,
            "DriverOpts": endpoint.driverOptions,
            "NetworkID": .string(endpoint.networkID), "EndpointID": "", "Gateway": "", "IPAddress": "",
            "IPPrefixLen": 0, "IPv6Gateway": "", "GlobalIPv6Address": "", "GlobalIPv6PrefixLen": 0,
            "MacAddress": .string(endpoint.macAddress),
        ]
        var aliases = endpoint.aliases ?? []
        let names = [container.name] + aliases + [container.shortID]
        // From 1.45 on exactly what was asked for, before with the short ID.
        if endpoint.hasShortID, api < APIVersion(1, 45) { aliases.append(container.shortID) }
        if !aliases.isEmpty { settings["Aliases"] = .strings(aliases) }
        if api >= APIVersion(1, 48) { settings["GwPriority"] = .int(endpoint.gatewayPriority) }
        if api >= APIVersion(1, 44), endpoint.hasShortID { settings["DNSNames"] = .strings(names) }
        if container.isRunning, let network = networks.first(where: { $0.id == endpoint.networkID }) {
            settings["EndpointID"] = .string(hexDigits(of: container.id + network.id))
            settings["IPAddress"] = endpoint.addressing["IPv4Address"].nonZero ?? "172.31.0.\(container.number % 250)"
        }
        return settings
    }
}

/// `filters={"label": ["a=b", "c"]}`, as a list or as an object.
private struct LabelFilter {
    private let labels: [String]

    init(_ text: String) {
        let wanted = ((try? JSON(parsing: Array(text.utf8))) ?? .null)["label"]
        labels = wanted.strings + wanted.object.keys
    }

    func accepts(_ present: [String: String]) -> Bool {
        labels.allSatisfy { label in
            let halves = label.split(separator: "=", maxSplits: 1).map(String.init)
            guard let key = halves.first, let value = present[key] else { return false }
            return halves.count == 1 || value == halves[1]
        }
    }
}
