/// One snapshot of every host of an environment, taken before planning.
package struct Observed: Hashable, Sendable {
    package var hosts: [HostName: HostObservation]

    package init(hosts: [HostName: HostObservation] = [:]) { self.hosts = hosts }
}

package enum HostObservation: Hashable, Sendable {
    case reached(HostState)
    /// Why not, in a sentence.
    case unreachable(String)

    package var state: HostState? {
        if case .reached(let state) = self { state } else { nil }
    }
}

/// What one engine reported.
package struct HostState: Hashable, Sendable {
    package var engine: EngineFacts
    /// Containers that carry this environment's and application's labels, sorted by ID.
    package var containers: [ObservedContainer] = []
    /// Names that others hold: name without the slash → container ID.
    package var foreignContainers: [String: String] = [:]
    /// Volumes that others may write to while they run: the names of their containers, sorted.
    package var foreignWriters: [String: [String]] = [:]
    package var networks: [ObservedNetwork] = []
    package var volumes: [ObservedVolume] = []
    /// The number of the newest entry in the application's log of leases; 0: there is none.
    package var leaseTop = 0
    /// What its ledger has of the release with the highest number; `nil`: there is none.
    package var latestRelease: ReleaseRecord?
    /// Images looked up so far: by the exact reference that was asked for, and by image ID.
    package var images: [String: ObservedImage] = [:]

    package init(engine: EngineFacts) { self.engine = engine }
}

package struct EngineFacts: Hashable, Sendable {
    /// Who made the program behind the API.
    package enum Product: String, Hashable, Sendable {
        case docker, podman
    }

    package var product: Product
    /// Such as `20.10.24`.
    package var version: String
    /// The API version pinned for this host.
    package var api: APIVersion
    package var operatingSystem: String
    package var architecture: String
    /// How many the host has; known only where a desired container is limited in processors.
    package var processors: Int?
    /// Whether the host has control groups of version 2 only; known only where it matters to a desired container.
    package var hasUnifiedCgroups: Bool?

    package init(
        product: Product = .docker, version: String, api: APIVersion, operatingSystem: String = "linux",
        architecture: String = "amd64"
    ) {
        self.product = product
        self.version = version
        self.api = api
        self.operatingSystem = operatingSystem
        self.architecture = architecture
    }

    /// Whether no prune takes a volume that has driver options, and none is left half-written by a crash.
    ///
    /// Every Docker engine spares such volumes. Before 27.0.3 it wrote their options without waiting for the disk, and does
    /// not start with an empty file of them (moby, `volume/local`, commit b4c20da143).
    package var sparesVolumesWithOptions: Bool {
        let numbers = version.split { !$0.isNumber }.prefix(3).compactMap { Int($0) }
        return product == .docker && !numbers.lexicographicallyPrecedes([27, 0, 3])
    }
}

/// The engine API's version, such as 1.41.
package struct APIVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let major: Int
    package let minor: Int

    package init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    package var description: String { "\(major).\(minor)" }
    package static func < (lhs: Self, rhs: Self) -> Bool { (lhs.major, lhs.minor) < (rhs.major, rhs.minor) }
}

package struct ObservedContainer: Hashable, Sendable {
    package enum RunState: String, Hashable, Sendable {
        case created, running, paused, restarting, removing, exited, dead
    }
    package enum Health: String, Hashable, Sendable {
        case none, starting, healthy, unhealthy
    }

    package var id: String
    /// Without the leading slash.
    package var name: String
    package var identity: InstanceLabels
    package var purpose = ContainerPurpose.instance
    /// The ID of the container that was to give way to it.
    package var replaces: String?
    /// The volumes that its engine named, by the paths where it has them.
    package var unnamed: [String: String] = [:]
    /// What the engine reports of its definition; `image` is the reference it was created with.
    @Boxed package var spec: ContainerSpec
    package var imageID: String
    /// `os/architecture[/variant]` of the image it was made from; empty where the engine does not say.
    package var platform = ""
    package var state: RunState
    package var health = Health.none
    package var exitCode = 0
    package var restartCount = 0
    /// RFC 3339, by the host's clock; empty when it never started.
    package var startedAt = ""
    package var finishedAt = ""
    package var createdAt = ""

    /// It has the volume, named or not.
    package func mounts(_ volume: String) -> Bool {
        spec.mounts.contains { $0.volume == volume } || unnamed.values.contains(volume)
    }

    package init(
        id: String, name: String, identity: InstanceLabels, spec: ContainerSpec, imageID: String, state: RunState
    ) {
        self.id = id
        self.name = name
        self.identity = identity
        self.spec = spec
        self.imageID = imageID
        self.state = state
    }
}

package struct ObservedNetwork: Hashable, Sendable {
    package var id: String
    package var name: String
    package var driver: String
    package var options: [String: String] = [:]
    package var labels: [String: String] = [:]
    package var `internal` = false
    package var attachable = false
    package var enableIPv6 = false
    package var enableIPv4 = true
    package var addressDriver = "default"
    package var addressOptions: [String: String] = [:]
    package var pools: [DesiredNetwork.Pool] = []

    package init(id: String, name: String, driver: String = "bridge") {
        self.id = id
        self.name = name
        self.driver = driver
    }
}

package struct ObservedVolume: Hashable, Sendable {
    package var name: String
    package var driver: String
    package var options: [String: String] = [:]
    package var labels: [String: String] = [:]
    /// RFC 3339, by the host's clock; empty where the engine does not say.
    package var createdAt = ""

    package init(name: String, driver: String = "local") {
        self.name = name
        self.driver = driver
    }

    package subscript(_ key: InstanceLabels.Key) -> String? { labels[key.name] }

    /// It was made for this application, in this environment.
    package func isOwned(by environment: EnvironmentName, _ application: ApplicationName) -> Bool {
        InstanceLabels.ofResource(environment: environment, application: application).isContained(in: labels)
    }
}

/// An image on a host, and what it passes on to containers.
package struct ObservedImage: Hashable, Sendable {
    package var id: String
    package var repositoryDigests: [String] = []
    /// `os/architecture[/variant]`; empty where the engine does not say.
    package var platform = ""
    package var configuration = ImageConfiguration()

    package init(id: String) { self.id = id }
}

/// The defaults that an image gives to its containers.
package struct ImageConfiguration: Hashable, Sendable {
    package var command: [String] = []
    package var entrypoint: [String] = []
    package var environment: [String] = []
    package var labels: [String: String] = [:]
    package var user = ""
    package var workingDirectory = ""
    package var stopSignal = ""
    package var healthcheck: Healthcheck?
    /// As the image spells them; ranges are possible.
    package var exposed: [String] = []
    package var volumes: [String] = []

    package init() {}
}
