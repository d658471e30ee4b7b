/// Everything that defines a container, in the engine's own terms and fully resolved.
///
/// The same type describes what is desired and what an engine reports, so that comparison has one vocabulary. `nil`
/// means "not said": the image's or the daemon's value holds. Text fields keep the spelling that was given; the
/// canonical form (`Fields`) is what gets compared and hashed.
package struct ContainerSpec: Hashable, Sendable {
    package var image: ImageReference
    /// `os[/architecture[/variant]]` where the manifest says it; `nil`: what the host is.
    package var platform: String?
    /// `nil`: the image's.
    package var command: [String]?
    /// `nil`: the image's.
    ///
    /// A non-empty entrypoint drops the image's command.
    package var entrypoint: [String]?
    /// A `nil` value removes the image's variable of that name.
    package var environment: [String: String?] = [:]
    /// Keys of `environment` whose values must never be shown.
    package var sensitive: Set<String> = []
    /// Texts that came from the shell and that no view shows, wherever they went; the image's name apart.
    package var secrets: Set<String> = []
    package var labels: [String: String] = [:]
    /// For the runtime; needs API 1.43, older engines drop them silently.
    package var annotations: [String: String] = [:]
    package var user: String?
    package var workingDirectory: String?
    package var hostname: String?
    package var domainname: String?
    package var tty = false
    package var stdinOpen = false
    package var stdinOnce = false
    package var stopSignal: String?
    /// Whole seconds; `nil` is the engine's 10.
    package var stopTimeout: Int?
    package var healthcheck: Healthcheck?
    package var restart = RestartPolicy.never
    package var resources = Resources()
    package var isolation = Isolation()
    package var logging = LogConfiguration()
    package var mounts: [Mount] = []
    /// Put in place before the container starts; an engine does not report them.
    package var files: [DeliveredFile] = []
    /// What stands for `files`; empty until the spec is pinned.
    package var fileRecord = FileRecord()
    package var networking = Networking()
    package var sharing = Sharing()
    package var autoRemove = false

    package init(image: ImageReference) { self.image = image }

    /// Its own image and those that it mounts.
    package var images: [ImageReference] { [image] + mounts.compactMap(\.image) }

    package mutating func mapImages(_ transform: (ImageReference) -> ImageReference) {
        image = transform(image)
        for index in mounts.indices {
            if let mounted = mounts[index].image { mounts[index].source = .image(transform(mounted)) }
        }
    }
}

/// Durations are in nanoseconds, as the engine counts them; 0 or `nil` inherits from the image.
package struct Healthcheck: Hashable, Sendable {
    /// `["NONE"]`, `["CMD", …]` or `["CMD-SHELL", script]`; `nil` inherits.
    package var test: [String]?
    package var interval: Int64?
    package var timeout: Int64?
    package var startPeriod: Int64?
    /// Needs API 1.44; older engines drop it silently.
    package var startInterval: Int64?
    package var retries: Int?

    package init(
        test: [String]? = nil, interval: Int64? = nil, timeout: Int64? = nil, startPeriod: Int64? = nil,
        startInterval: Int64? = nil, retries: Int? = nil
    ) {
        self.test = test
        self.interval = interval
        self.timeout = timeout
        self.startPeriod = startPeriod
        self.startInterval = startInterval
        self.retries = retries
    }
}

package enum RestartPolicy: Hashable, Sendable {
    case never
    case always
    case unlessStopped
    /// 0 retries: no limit.
    case onFailure(retries: Int)

    /// The engine starts it again even when it ended with 0.
    package var outlivesSuccess: Bool { self == .always || self == .unlessStopped }
}

/// Limits and shares, in bytes, nanoseconds of CPU per second, or counts; 0 is "no limit" except where said.
package struct Resources: Hashable, Sendable {
    package var memory: Int64 = 0
    /// Memory and swap together; 0: twice `memory`; -1: unlimited.
    package var memorySwap: Int64 = 0
    package var memoryReservation: Int64 = 0
    /// 0...100; `nil` or -1: the kernel's.
    package var memorySwappiness: Int64?
    package var oomKillDisable = false
    package var nanoCPUs: Int64 = 0
    package var cpuShares: Int64 = 0
    package var cpuPeriod: Int64 = 0
    package var cpuQuota: Int64 = 0
    package var cpuRealtimePeriod: Int64 = 0
    package var cpuRealtimeRuntime: Int64 = 0
    package var cpusetCPUs = ""
    package var cpusetMems = ""
    /// Zero or less: no limit.
    package var pidsLimit: Int64 = 0
    package var blkioWeight = 0
    package var blockIO = BlockIO()

    package init() {}

    /// Whether it says something that depends on the host's processors or control groups.
    package var dependsOnMachine: Bool {
        nanoCPUs > 0 || !cpusetCPUs.isEmpty || (memorySwappiness ?? -1) >= 0 || oomKillDisable
    }
}

/// What separates the container from its host, and the exceptions to it.
package struct Isolation: Hashable, Sendable {
    package struct Ulimit: Hashable, Sendable {
        package let soft: Int64
        package let hard: Int64
        package init(soft: Int64, hard: Int64) {
            self.soft = soft
            self.hard = hard
        }
    }
    package struct Device: Hashable, Sendable {
        package let onHost: String
        package let inContainer: String
        package let permissions: String
        package init(onHost: String, inContainer: String = "", permissions: String = "") {
            self.onHost = onHost
            self.inContainer = inContainer
            self.permissions = permissions
        }
    }

    package var privileged = false
    package var readOnlyRootFilesystem = false
    package var capAdd: [String] = []
    package var capDrop: [String] = []
    package var securityOptions: [String] = []
    /// `systempaths=unconfined`: no path of `/proc` and `/sys` is masked.
    package var unmaskedPaths = false
    package var devices: [Device] = []
    package var deviceRequests: [DeviceRequest] = []
    package var deviceCgroupRules: [String] = []
    package var groupAdd: [String] = []
    package var sysctls: [String: String] = [:]
    package var storageOptions: [String: String] = [:]
    package var ulimits: [String: Ulimit] = [:]
    package var oomScoreAdjustment = 0
    package var pidMode = ""
    package var utsMode = ""
    package var usernsMode = ""
    package var cgroupParent = ""
    package var volumeDriver = ""
    /// The five below have a default that the daemon's own settings decide.
    package var ipcMode: String?
    package var cgroupnsMode: String?
    package var runtime: String?
    package var initProcess: Bool?
    /// Bytes.
    package var shmSize: Int64?

    package init() {}
}

package struct LogConfiguration: Hashable, Sendable {
    /// `nil`: the daemon's.
    package var driver: String?
    package var options: [String: String] = [:]

    package init(driver: String? = nil, options: [String: String] = [:]) {
        self.driver = driver
        self.options = options
    }
}
