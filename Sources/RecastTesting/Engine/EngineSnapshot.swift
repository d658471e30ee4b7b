/// What a simulated engine has and what it was asked for, at one moment.
package struct EngineSnapshot: Hashable, Sendable {
    package struct Container: Hashable, Sendable {
        package let id: String
        package let name: String
        /// As it was asked for.
        package let image: String
        /// `created`, `running`, `restarting` or `exited`.
        package let status: String
        /// `nil` without a health check.
        package let health: String?
        package let labels: [String: String]
        package let networks: Set<String>
        package let restartPolicy: String
        package let restartCount: Int
        package let config: JSON
        package let hostConfig: JSON
        /// What was put into it and is mounted from volumes, by absolute path.
        package let files: [String: SimulatedFile]
        package var isRunning: Bool { status == "running" }
    }

    package struct Resource: Hashable, Sendable {
        package let id: String
        package let name: String
        package let labels: [String: String]
    }

    /// Sorted by name.
    package let containers: [Container]
    /// Sorted by name, without `bridge`, `host` and `none`.
    package let networks: [Resource]
    /// Sorted by name.
    package let volumes: [Resource]
    /// `repository:tag` of what was pulled, sorted.
    package let images: [String]
    /// In the order of arrival.
    package let requests: [RecordedRequest]
    /// The most requests that were under way at once.
    package let peakRequests: Int
    /// How often a container was to start while another held its host port.
    package let portClashes: Int
    /// How often a container started while another had one of its one-writer volumes.
    package let writerClashes: Int

    package var mutations: [RecordedRequest] { requests.filter(\.isMutating) }
    package subscript(_ name: String) -> Container? { containers.first { $0.name == name } }
}

extension EngineSnapshot {
    init(_ state: EngineState, peakRequests: Int) {
        containers = state.containers.values.map { Container($0, in: state) }.sorted { $0.name < $1.name }
        networks = state.networks.filter { !$0.isPredefined }
            .map { Resource(id: $0.id, name: $0.name, labels: $0.labels.stringMap) }.sorted { $0.name < $1.name }
        volumes = state.volumes.values.map { Resource(id: $0.name, name: $0.name, labels: $0.labels.stringMap) }
            .sorted { $0.name < $1.name }
        images = state.images.flatMap(\.tags).sorted()
        requests = state.requests
        portClashes = state.portClashes
        writerClashes = state.writerClashes
        self.peakRequests = peakRequests
    }
}

extension EngineSnapshot.Container {
    fileprivate init(_ container: SimulatedContainer, in state: EngineState) {
        id = container.id
        name = container.name
        image = container.config["Image"].string ?? ""
        status = container.status
        health = container.health(at: state.now)
        labels = container.config["Labels"].stringMap
        networks = Set(container.endpoints.keys)
        restartPolicy = container.hostConfig["RestartPolicy"]["Name"].string ?? ""
        restartCount = container.restartCount
        config = container.config
        hostConfig = container.hostConfig
        files = state.files(of: container)
    }
}
