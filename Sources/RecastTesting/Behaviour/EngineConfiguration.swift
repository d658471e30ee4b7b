package import RecastModel

/// What kind of engine is simulated.
package struct EngineConfiguration: Sendable {
    /// Such as `20.10.24`; what changed between engines follows from it.
    package var version: String
    package var api: APIVersion
    package var minimumAPI: APIVersion
    /// cgroup v2: `CgroupnsMode` is `private`, `OomKillDisable` and `MemorySwappiness` are not kept.
    package var hasUnifiedCgroups = false
    package var processorCount = 2
    package var hostname = "host"
    /// The engine's own name for itself.
    package var id = "74054506-79f3-4e10-a9b7-3777e6b5216c"
    package var architecture = "amd64"
    package var registry: SimulatedRegistry = .shop()
    /// References that the host has from the start.
    package var preloaded: [String] = []
    /// Volumes that no two running containers may have mounted at once; a breach is counted.
    package var oneWriterVolumes: Set<String> = []
    /// How long a container that ended waits before its restart policy starts it again; doubled each time.
    package var restartDelay = Duration.milliseconds(20)
    /// What goes wrong by chance.
    package var weather: Weather?
    /// Whether every request is kept, to be looked at later.
    package var remembersRequests = true
    /// More members for the answer of `GET /version`.
    package var versionExtras: [String: JSON] = [:]

    package init(
        version: String = "20.10.24", api: APIVersion = APIVersion(1, 41), minimumAPI: APIVersion = APIVersion(1, 12)
    ) {
        self.version = version
        self.api = api
        self.minimumAPI = minimumAPI
    }

    /// Debian 12's engine.
    package static let engine20 = Self()
    package static let engine24 = Self(version: "24.0.7", api: APIVersion(1, 43))
    package static let engine26 = Self(version: "26.1.4", api: APIVersion(1, 45), minimumAPI: APIVersion(1, 24))
    package static let engine28 = Self(version: "28.5.2", api: APIVersion(1, 51), minimumAPI: APIVersion(1, 24))
    package static let engine29 = Self(version: "29.0.0", api: APIVersion(1, 52), minimumAPI: APIVersion(1, 44))

    /// It says that it is Podman.
    package static var podman: Self {
        var configuration = Self(version: "5.4.2")
        configuration.versionExtras = ["Components": [["Name": "Podman Engine"], ["Name": "Conmon"]]]
        return configuration
    }

    /// Whether the engine is at least this old, such as `isAtLeast(26, 1)`.
    func isAtLeast(_ major: Int, _ minor: Int = 0) -> Bool {
        let parts = version.split(separator: ".").prefix(2).map { Int($0) ?? 0 }
        return (parts.first ?? 0, parts.count > 1 ? parts[1] : 0) >= (major, minor)
    }
}
