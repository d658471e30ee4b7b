/// What people and other programs do to an engine behind the tool's back.
extension SimulatedEngine {
    /// What goes wrong from here on; each fault once.
    package var faults: [Fault] {
        get { withState { $0.faults } }
        set { withState { $0.faults = newValue } }
    }

    package func inject(_ effect: Fault.Effect, at trigger: Fault.Trigger) {
        withState { $0.faults.append(Fault(effect, at: trigger)) }
    }

    /// The registry that this engine asks.
    package var registry: SimulatedRegistry {
        get { withState { $0.configuration.registry } }
        set { withState { $0.configuration.registry = newValue } }
    }

    package var weather: Weather? {
        get { withState { $0.configuration.weather } }
        set { withState { $0.configuration.weather = newValue } }
    }

    package var oneWriterVolumes: Set<String> {
        get { withState { $0.configuration.oneWriterVolumes } }
        set { withState { $0.configuration.oneWriterVolumes = newValue } }
    }

    /// `docker update`, with members of the API's request.
    package func update(_ container: String, _ request: JSON) throws {
        try withState { try $0.update($0.container(container).id, with: request) }
    }

    /// `docker update --memory`, swap as before.
    package func update(_ container: String, memory: Int64) throws {
        try update(container, ["Memory": .int(memory), "MemorySwap": .int(2 * memory)])
    }

    /// `docker kill`: it ends with 137 and its restart policy does not apply.
    package func kill(_ container: String) throws {
        try withState { $0.stop(try $0.container(container).id, exitCode: 137, byHand: true) }
    }

    /// As `docker start`.
    package func start(_ container: String) throws {
        try withState { try $0.start($0.container(container).id) }
    }

    /// As `docker rm -f`.
    package func remove(_ container: String) throws {
        try withState { $0.remove(try $0.container(container).id) }
    }

    /// As `docker rename`.
    package func rename(_ container: String, to name: String) throws {
        try withState { $0.containers[try $0.container(container).id]?.name = name }
    }

    /// As `docker network disconnect`.
    package func disconnect(_ container: String, from network: String) throws {
        try withState { $0.containers[try $0.container(container).id]?.endpoints[network] = nil }
    }

    /// `docker network rm` and `create` of the same name: another network, to which nobody is connected.
    package func recreateNetwork(_ name: String) throws {
        try withState { state in
            let old = try state.network(name)
            state.networks.removeAll { $0.id == old.id }
            var new = SimulatedNetwork(id: state.newID(), name: name)
            new.labels = old.labels
            new.pools = old.pools
            state.networks.append(new)
        }
    }

    /// Makes a container act otherwise from its next start on; its health from now on.
    package func setBehaviour(of container: String, to behaviour: Behaviour) throws {
        try withState { $0.containers[try $0.container(container).id]?.image.behaviour = behaviour }
    }

    /// A container that somebody else made and started; the image need not be there.
    package func addForeignContainer(_ name: String, _ request: JSON = ["Image": "foreign:1"]) throws {
        let reference = request["Image"].string ?? "foreign:1"
        try withState { state in
            if state.image(reference) == nil { state.store(SimulatedImage(["Cmd": ["run"]]), as: reference) }
            let call = HTTPCall(
                "POST", "/containers/create?name=\(name)", headers: [("Content-Type", "application/json")],
                body: request.bytes)
            _ = try state.create(EngineCall(call))
            try state.start(try state.container(name).id)
        }
    }

    package func addForeignNetwork(_ name: String, labels: [String: String] = [:]) {
        withState { state in
            var network = SimulatedNetwork(id: state.newID(), name: name)
            network.labels = .map(labels)
            state.networks.append(network)
        }
    }

    package func addForeignVolume(_ name: String, labels: [String: String] = [:]) {
        withState { state in
            var volume = SimulatedVolume(name: name, created: state.now)
            volume.labels = .map(labels)
            state.volumes[name] = volume
        }
    }

    /// `systemctl restart docker`: everything stops, restart policies apply, old spellings are rewritten.
    ///
    /// - Parameter upgrade: another engine takes over the data.
    package func restartDaemon(upgradingTo upgrade: EngineConfiguration? = nil) {
        withState { state in
            if let upgrade {
                state.configuration.version = upgrade.version
                state.configuration.api = upgrade.api
                state.configuration.minimumAPI = upgrade.minimumAPI
            }
            state.restart()
        }
    }
}
