import RecastModel

/// All that a simulated engine knows.
///
/// A value: every request is one synchronous change of it.
struct EngineState: Sendable {
    var configuration: EngineConfiguration
    /// Since the engine was made.
    var now = Duration.zero
    var containers: [String: SimulatedContainer] = [:]
    var networks: [SimulatedNetwork] = []
    var volumes: [String: SimulatedVolume] = [:]
    var images: [StoredImage] = []
    var execs: [String: SimulatedExec] = [:]

    var requests: [RecordedRequest] = []
    /// Also of those that are not kept.
    var requestCount = 0
    var faults: [Fault] = []
    var portClashes = 0
    var writerClashes = 0
    private var made = 0

    init(_ configuration: EngineConfiguration) {
        self.configuration = configuration
        for (name, driver) in [("bridge", "bridge"), ("host", "host"), ("none", "null")] {
            networks.append(SimulatedNetwork(id: newID(), name: name, driver: driver))
        }
        networks[0].pools = [["Subnet": "172.17.0.0/16", "Gateway": "172.17.0.1"]]
        for reference in configuration.preloaded {
            if let image = configuration.registry[reference] { store(image, as: reference) }
        }
    }

    /// 64 digits that no other thing of this engine has.
    mutating func newID() -> String {
        made += 1
        return hexDigits(of: "\(configuration.hostname) \(configuration.id) \(made)")
    }

    var newestNumber: Int { made }

    /// In the order of their creation.
    var containersInOrder: [SimulatedContainer] { containers.values.sorted { $0.number < $1.number } }

    /// By ID, name or the beginning of one ID, as the engine looks it up.
    func container(_ reference: String) throws(Refusal) -> SimulatedContainer {
        if let container = containers[reference] { return container }
        let name = reference.hasPrefix("/") ? String(reference.dropFirst()) : reference
        if let named = containers.values.first(where: { $0.name == name }) { return named }
        let matching = containers.values.filter { !reference.isEmpty && $0.id.hasPrefix(reference) }
        if matching.count > 1 { throw Refusal(400, "Multiple IDs found with provided prefix: \(reference)") }
        guard let container = matching.first else { throw Refusal(404, "No such container: \(reference)") }
        return container
    }

    func container(named name: String) -> SimulatedContainer? { containers.values.first { $0.name == name } }

    /// By ID, name or the beginning of one ID.
    func network(_ reference: String) throws(Refusal) -> SimulatedNetwork {
        if let network = networks.first(where: { $0.id == reference }) { return network }
        let named = networks.filter { $0.name == reference }
        if named.count > 1 {
            throw Refusal(400, "network \(reference) is ambiguous (\(named.count) matches found based on name)")
        }
        let matching = named.isEmpty ? networks.filter { $0.id.hasPrefix(reference) && !reference.isEmpty } : named
        guard matching.count == 1, let network = matching.first else {
            throw Refusal(404, "network \(reference) not found")
        }
        return network
    }

    mutating func store(_ image: SimulatedImage, as reference: String) {
        guard let name = ImageReference(reference) else { return }
        if name.digest == nil {
            for index in images.indices { images[index].tags.remove(name.short) }
        }
        let index = images.firstIndex { $0.image.id == image.id } ?? images.count
        if index == images.count { images.append(StoredImage(image: image)) }
        if name.digest == nil { images[index].tags.insert(name.short) }
        images[index].digests.insert("\(name.familiarRepository)@\(image.digest)")
    }

    func image(_ reference: String) -> StoredImage? { images.first { $0.matches(reference) } }
}
