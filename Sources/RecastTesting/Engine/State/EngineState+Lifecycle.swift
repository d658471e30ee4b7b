import RecastModel

extension EngineState {
    /// Lets time pass: what was to happen by itself until then has happened, in order.
    mutating func advance(to time: Duration) {
        while let next = containers.values.filter({ ($0.nextEvent ?? time + .seconds(1)) <= time })
            .min(by: { ($0.nextEvent ?? .zero, $0.number) < ($1.nextEvent ?? .zero, $1.number) })
        {
            now = max(now, next.nextEvent ?? now)
            if next.isRunning { endByItself(next.id) } else { try? start(next.id) }
        }
        now = max(now, time)
    }

    /// - Throws: the engine's refusal, which the container keeps as its error.
    mutating func start(_ id: String) throws(Refusal) {
        guard var container = containers[id] else { return }
        do throws(Refusal) {
            try checkOwners(of: container)
            try attach(&container)
            container.ports = try allocatePorts(for: container)
            if case .failsToStart(let message) = container.image.behaviour {
                throw Refusal(400, "failed to create shim task: OCI runtime create failed: \(message): unknown")
            }
        } catch {
            fail(id, error)
            throw error
        }
        countWriters(besides: container)
        container.run = .running(since: now)
        container.startedAt = now
        container.error = ""
        container.exitCode = 0
        container.wasStopped = false
        containers[id] = container
    }

    /// A namespace is there while its container runs.
    private func checkOwners(of container: SimulatedContainer) throws(Refusal) {
        for (key, word) in [("NetworkMode", "network"), ("PidMode", "PID"), ("IpcMode", "IPC")] {
            guard let mode = container.hostConfig[key].string, mode.hasPrefix(Self.shared) else { continue }
            let owner = try self.container(String(mode.dropFirst(Self.shared.count)))
            guard owner.isRunning else {
                throw Refusal(409, "cannot join \(word) of a non running container: \(owner.id)")
            }
        }
    }

    /// Ends a container from outside; by hand when a request or a person did it, so that `unless-stopped` leaves it alone.
    mutating func stop(_ id: String, exitCode: Int, byHand: Bool) {
        guard let container = containers[id], container.isActive else { return }
        containers[id]?.run = .exited
        containers[id]?.exitCode = exitCode
        containers[id]?.finishedAt = now
        containers[id]?.ports = []
        containers[id]?.wasStopped = byHand
    }

    mutating func remove(_ id: String, withVolumes: Bool = false) {
        guard let container = containers.removeValue(forKey: id) else { return }
        guard withVolumes || container.hostConfig["AutoRemove"] == true else { return }
        for mount in container.mounts where mount.isAnonymous { volumes[mount.source] = nil }
    }

    /// Ends what runs and applies the restart policies, as an engine without live-restore does.
    mutating func restart() {
        let active = Set(containers.values.filter(\.isActive).map(\.id))
        for id in active { stop(id, exitCode: 0, byHand: false) }
        for container in containersInOrder {
            var host = container.hostConfig
            HostConfigMerge.rewriteLegacyNames(&host, on: configuration)
            if configuration.isAtLeast(25) {
                for key in ["Dns", "DnsOptions", "DnsSearch"] where host[key].isNull { host[key] = [] }
            }
            containers[container.id]?.hostConfig = host
            if startsWithDaemon(container) { try? start(container.id) }
        }
    }

    private func startsWithDaemon(_ container: SimulatedContainer) -> Bool {
        guard container.startedAt != nil else { return false }
        switch container.hostConfig["RestartPolicy"]["Name"] {
        case "always": return true
        case "unless-stopped": return !container.wasStopped
        case "on-failure": return container.exitCode != 0 && !container.wasStopped
        default: return false
        }
    }

    private mutating func endByItself(_ id: String) {
        guard let container = containers[id], let ending = container.image.behaviour.ending else { return }
        containers[id]?.run = .exited
        containers[id]?.exitCode = ending.code
        containers[id]?.finishedAt = now
        containers[id]?.ports = []
        if restarts(container, after: ending.code) {
            let delay = configuration.restartDelay * (1 << min(container.restartCount, 8))
            containers[id]?.run = .restarting(until: now + delay)
            containers[id]?.restartCount += 1
        } else if container.hostConfig["AutoRemove"] == true {
            remove(id)
        }
    }

    private func restarts(_ container: SimulatedContainer, after code: Int) -> Bool {
        let policy = container.hostConfig["RestartPolicy"]
        switch policy["Name"] {
        case "always", "unless-stopped": return true
        case "on-failure":
            let limit = policy["MaximumRetryCount"].int ?? 0
            return code != 0 && (limit == 0 || container.restartCount < limit)
        default: return false
        }
    }

    private mutating func fail(_ id: String, _ refusal: Refusal) {
        containers[id]?.error = refusal.message
        containers[id]?.exitCode = refusal.status == 400 ? 127 : 128
        if case .restarting = containers[id]?.run { containers[id]?.run = .exited }
    }

    /// Finds the networks: by ID if the container was on them before, else by name.
    private func attach(_ container: inout SimulatedContainer) throws(Refusal) {
        for name in container.endpoints.keys.sorted() {
            guard let endpoint = container.endpoints[name] else { continue }
            let network = try network(endpoint.networkID.isEmpty ? name : endpoint.networkID)
            container.endpoints[name]?.networkID = network.id
            container.endpoints[name]?.hasShortID = !network.isPredefined
        }
    }

    private mutating func countWriters(besides container: SimulatedContainer) {
        let volumes = Set(container.writtenVolumes).intersection(configuration.oneWriterVolumes)
        let others = containers.values.filter { $0.id != container.id && $0.isRunning }
        writerClashes += volumes.filter { volume in others.contains { $0.writtenVolumes.contains(volume) } }.count
    }
}
