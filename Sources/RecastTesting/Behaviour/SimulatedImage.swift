import RecastModel

/// An image in the simulated registry.
package struct SimulatedImage: Hashable, Sendable {
    /// How a pull of it goes.
    package enum Pull: Hashable, Sendable {
        case succeeds
        /// The stream begins with 200 and ends with this error.
        case fails(String)
        /// The connection is closed in the middle of the stream.
        case isCut
        /// Each layer takes this long.
        case takes(Duration)
    }

    /// The image's `Config`, in the API's spelling.
    package var config: JSON
    package var behaviour: Behaviour
    package var pull = Pull.succeeds
    /// Sizes in bytes.
    package var layers: [Int64] = [1_070_725, 332]
    /// What its containers write before anything else.
    package var log: [String] = []
    /// What they write when they end by themselves.
    package var lateLog: [String] = []
    /// What programs do that are run inside them, by the first word of the command.
    package var programs: [String: SimulatedProgram] = [:]
    /// Whether the engine runs the health check by itself; else it says `starting` for as long as they run.
    package var hasOwnProbes = true
    /// How long a container takes to end after the stop signal; more than its grace period: it is killed.
    package var stopDelay = Duration.zero
    /// The registry's digest; by default it follows from the content.
    package var digest: String

    package init(_ config: JSON = [:], _ behaviour: Behaviour = .runs, digest: String? = nil) {
        self.config = config
        self.behaviour = behaviour
        self.digest = digest ?? "sha256:" + hexDigits(of: "manifest \(config) \(behaviour)")
    }

    /// What the engine calls it: not the registry's digest.
    var id: String { "sha256:" + hexDigits(of: "image " + digest) }
}

extension SimulatedImage {
    private static let path: JSON = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// Passes next to nothing on to its containers, as `shop/base:1` of `scripts/images`.
    package static let base = Self(["Env": [path], "Cmd": ["sh"]])

    /// Passes on everything that an image can, as `shop/rich:1` of `scripts/images`.
    package static let rich = Self([
        "Env": ["PATH=/usr/local/bin:/usr/bin:/bin:/sbin", "IMGVAR=fromimage", "EMPTY="],
        "Entrypoint": ["/bin/sh", "-c"], "Cmd": ["default", "cmd"],
        "ExposedPorts": ["80/tcp": [:], "53/udp": [:]], "Labels": ["img.label": "one", "both": "image"],
        "User": "1000:1000", "WorkingDir": "/app/", "Volumes": ["/data": [:], "/cache/": [:]],
        "StopSignal": "SIGQUIT",
        "Healthcheck": [
            "Test": ["CMD-SHELL", "echo ok"], "Interval": 7_000_000_000, "Timeout": 3_000_000_000, "Retries": 4,
        ],
    ])

    /// A web server with a health check, as `shop/web` of `scripts/images`.
    package static func web(_ version: String, _ behaviour: Behaviour = .healthy(after: .milliseconds(5))) -> Self {
        Self(
            [
                "Env": [path, "PORT=8080", "SHOP_VERSION=\(version)"], "Entrypoint": ["/app/run"],
                "WorkingDir": "/app", "ExposedPorts": ["8080/tcp": [:]],
                "Labels": ["org.opencontainers.image.version": .string(version)],
                "Healthcheck": [
                    "Test": ["CMD", "wget", "-q", "http://127.0.0.1:8080/health"], "Interval": 1_000_000_000,
                    "Timeout": 2_000_000_000, "Retries": 3,
                ],
            ], behaviour)
    }

    /// A program without ports and health check.
    package static func program(_ version: String, _ behaviour: Behaviour = .runs) -> Self {
        Self(["Env": [path, "SHOP_VERSION=\(version)"], "Entrypoint": ["/app/run"], "WorkingDir": "/app"], behaviour)
    }
}

/// What a registry holds: `repository:tag` → image.
package struct SimulatedRegistry: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    private var images: [String: SimulatedImage] = [:]
    /// Every question is answered with this status and message, as by a registry that is down or wants a password.
    package var failure: Refusal?

    package init(dictionaryLiteral elements: (String, SimulatedImage)...) {
        for (reference, image) in elements { self[reference] = image }
    }

    /// By a reference as a person writes it; with a digest, the tag does not matter.
    package subscript(_ reference: String) -> SimulatedImage? {
        get {
            guard let wanted = ImageReference(reference) else { return nil }
            guard let digest = wanted.digest else { return images[wanted.short] }
            return images.first { key, image in
                image.digest == digest && ImageReference(key)?.repository == wanted.repository
            }?.value
        }
        set { images[ImageReference(reference)?.short ?? reference] = newValue }
    }

    /// The images of `scripts/images --small`, for the same names below any prefix.
    package static func shop(_ prefix: String = "shop/") -> Self {
        var registry: Self = [:]
        registry[prefix + "base:1"] = .base
        registry[prefix + "rich:1"] = .rich
        for version in ["1", "2", "3"] { registry[prefix + "web:" + version] = .web(version) }
        registry[prefix + "web:unhealthy"] = .web("unhealthy", .neverHealthy())
        registry[prefix + "web:slow"] = .web("slow", .healthy(after: .milliseconds(100)))
        registry[prefix + "web:crash"] = .web("crash", .exits(code: 3, after: .zero))
        registry[prefix + "web:crash"]?.log = ["error: no database"]
        registry[prefix + "web:crashlate"] = .web("crashlate", .exits(code: 1, after: .milliseconds(50)))
        registry[prefix + "web:noexec"] = .web("noexec", .failsToStart("exec: \"/app/missing\": no such file"))
        for version in ["1", "2"] { registry[prefix + "api:" + version] = .web("api \(version)", .runs) }
        registry[prefix + "worker:1"] = .program("1")
        registry[prefix + "task:1"] = .program("task 1", .completes)
        registry[prefix + "task:1"]?.log = ["task 1: done"]
        registry[prefix + "spare:1"] = .program("spare 1")
        return registry
    }
}
