import RecastExecutor
import RecastModel
import RecastOperations
import RecastTesting
import Testing

/// A small application on one simulated host: a front with a host port, and data with a volume.
struct Shop: Sendable {
    let engine: SimulatedEngine
    /// An engine that hangs is given up after this long.
    var longestCall = Duration.seconds(20)
    /// Both get files: the front as copies, data on a read-only file system.
    var hasFiles = false

    static let nowhere = SourcePosition(file: "test.yaml", line: 1, column: 1)
    static let host: HostName = "h1"
    static let quick = GatePolicy(monitor: .zero, healthTimeout: .seconds(2))

    func desired(version: Int) -> Desired {
        Desired(
            environment: "test", application: "shop",
            hosts: [HostDefinition(name: Self.host, engine: engine.address, position: Self.nowhere)],
            instances: [
                instance("data", data(version)), instance("front", front(version), after: [Dependency("data")]),
            ],
            networks: [DesiredNetwork(host: Self.host, key: "default", name: "test-shop_default")],
            volumes: [DesiredVolume(host: Self.host, key: "store", name: "test-shop_store")])
    }

    func operations(version: Int) -> Operations {
        var operations = Operations(desired(version: version), toolVersion: "test")
        operations.longestCall = longestCall
        return operations
    }

    /// The outcome, or `nil` when it came to none: a host did not answer, or the hosts moved.
    @discardableResult
    func apply(version: Int) async throws -> Outcome? {
        do {
            return try await operations(version: version)
                .apply(limits: Schedule.Limits(), approve: { _ in .given }, emit: { _ in })
        } catch is Operations.Refusal {
            return nil
        }
    }

    func mustApply(version: Int) async throws {
        var failures: [String] = []
        let outcome = try await operations(version: version).apply(
            limits: Schedule.Limits(), approve: { _ in .given },
            emit: { event in
                if case .failed(let step, let failure) = event { failures.append("\(step.action): \(failure)") }
            })
        #expect(outcome == .done, "\(failures)")
    }

    private func instance(
        _ service: ServiceName, _ spec: ContainerSpec, after dependencies: [Dependency] = []
    ) -> DesiredInstance {
        DesiredInstance(
            host: Self.host, address: InstanceAddress(service, slot: 1), spec: spec, dependencies: dependencies,
            gate: Self.quick, position: Self.nowhere)
    }

    private func data(_ version: Int) -> ContainerSpec {
        var spec = base(version)
        spec.mounts = [Mount(.volume(name: "test-shop_store", noCopy: false), at: "/store")]
        if hasFiles {
            spec.isolation.readOnlyRootFilesystem = true
            spec.files = [
                password(version), file(.config, "settings", version, at: "/store/settings"), site,
            ]
        }
        return spec
    }

    private func front(_ version: Int) -> ContainerSpec {
        var spec = base(version)
        spec.restart = .always
        spec.networking.published = [PublishedPort(ContainerPort(8080), hostPort: "8080")]
        if hasFiles { spec.files = [password(version), file(.config, "front", version, at: "/etc/front.conf")] }
        return spec
    }

    private func password(_ version: Int) -> DeliveredFile {
        file(.secret, "DB_PASSWORD", version, at: "/run/secrets/DB_PASSWORD")
    }

    private func file(
        _ kind: DeliveredFile.Kind, _ name: String, _ version: Int, at target: String
    ) -> DeliveredFile {
        DeliveredFile(
            kind, name, at: target, content: FileContent(Array("\(name) \(version)".utf8)), mode: 0o440, user: 1000,
            group: 1001)
    }

    /// A folder whose content stays.
    private var site: DeliveredFile {
        DeliveredFile(
            .bind, "./site", at: "/srv/site",
            entries: [
                "": .folder(mode: 0o755), "a/index.html": .file(FileContent(Array("hello".utf8)), mode: 0o644),
                "current": .symbolicLink(to: "a"),
            ])
    }

    private func base(_ version: Int) -> ContainerSpec {
        guard let image = ImageReference("shop/base:1") else { fatalError("no reference") }
        var spec = ContainerSpec(image: image)
        spec.environment = ["VERSION": "\(version)"]
        spec.resources.memory = 64 << 20
        spec.networking.mode = "test-shop_default"
        spec.networking.endpoints = [Endpoint(network: "test-shop_default", aliases: ["x"])]
        return spec
    }
}

extension SimulatedEngine {
    var runningCount: Int { snapshot.containers.count { $0.isRunning } }

    /// All containers but stopped predecessors, of which there is one of each instance at most.
    var servingCount: Int {
        let kept = snapshot.containers.filter { !$0.isRunning && InstanceName.isRetained($0.name) }
        let services = Set(kept.compactMap { $0.labels["io.recast.service"] })
        return snapshot.containers.count - services.count
    }
}
