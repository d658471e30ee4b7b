/// A container's place on one network.
struct SimulatedEndpoint: Sendable {
    var aliases: [String]?
    var addressing: JSON = .null
    var macAddress = ""
    var driverOptions: JSON = .null
    var gatewayPriority: Int64 = 0
    /// Known after the first start.
    var networkID = ""
    /// The engine adds it to the aliases, on networks of people's own.
    var hasShortID = false
}

/// A port of the host that a running container holds.
struct HeldPort: Hashable, Sendable {
    let address: String
    let number: Int
    let proto: String
    /// `80/tcp`, in the container.
    let containerPort: String

    func clashes(with other: Self) -> Bool {
        let wildcards: Set<String> = ["", "0.0.0.0", "::"]
        return number == other.number && proto == other.proto
            && (address == other.address || wildcards.contains(address) || wildcards.contains(other.address))
    }
}

struct SimulatedContainer: Sendable {
    enum Run: Hashable, Sendable {
        case created
        case running(since: Duration)
        /// It ended, and its restart policy starts it again at that time.
        case restarting(until: Duration)
        case exited
    }

    let id: String
    /// Without the leading slash.
    var name: String
    /// In the order of creation.
    let number: Int
    let created: Duration
    let imageID: String
    var image: SimulatedImage
    var config: JSON
    var hostConfig: JSON
    var endpoints: [String: SimulatedEndpoint]
    var mounts: [VolumeMount]
    var run = Run.created
    var exitCode = 0
    var error = ""
    var startedAt: Duration?
    var finishedAt: Duration?
    var restartCount = 0
    /// A person or a program stopped it; `unless-stopped` then leaves it alone.
    var wasStopped = false
    var ports: [HeldPort] = []
    /// What was put into it, by absolute path.
    var files: [String: SimulatedFile] = [:]

    var shortID: String { String(id.prefix(12)) }
    var isRunning: Bool { if case .running = run { true } else { false } }
    var isActive: Bool {
        switch run {
        case .running, .restarting: true
        case .created, .exited: false
        }
    }
    var status: String {
        switch run {
        case .created: "created"
        case .running: "running"
        case .restarting: "restarting"
        case .exited: "exited"
        }
    }
    var stopTimeout: Int64 { config["StopTimeout"].int ?? 10 }
    var writtenVolumes: [String] { mounts.filter { $0.kind == .volume && !$0.isReadOnly }.map(\.source) }

    func health(at now: Duration) -> String? {
        let test = config["Healthcheck"]["Test"]
        guard !test.isZero, test != ["NONE"] else { return nil }
        switch run {
        case .created: return "starting"
        case .running(let since):
            return image.hasOwnProbes ? image.behaviour.health(after: now - since) : "starting"
        case .restarting, .exited: return "unhealthy"
        }
    }

    /// When something happens to it by itself.
    var nextEvent: Duration? {
        switch run {
        case .running(let since): image.behaviour.ending.map { since + $0.after }
        case .restarting(let until): until
        case .created, .exited: nil
        }
    }
}
