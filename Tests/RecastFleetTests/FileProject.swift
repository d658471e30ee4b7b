import DockerAPI
import Foundation
import RecastExecutor
import RecastModel
import RecastOperations
import RecastPlanner
import Testing

/// An application whose containers print the files that they find, for the time of one test.
struct FileProject: Sendable {
    let name: String
    let host: String
    /// By its digest: not every engine can look up a tag.
    let image: ImageReference
    /// Replaces the host's socket, for tests that stand between Recast and its engine.
    var socket: String

    init(name: String, host: String) async throws {
        self.name = name
        self.host = host
        let tag = try #require(ImageReference("\(TestFleet.current.registry)/shop/base:1"))
        image = tag.pinned(to: try await TestFleet.current.digest(of: "shop/base:1"))
        socket = TestFleet.current.socket(host)
    }

    /// Runs `body` once for every engine of the fleet, and takes the application off the host afterwards.
    static func onEveryEngine(_ body: (FileProject) async throws -> Void) async throws {
        for host in try await hosts() { try await with(host: host, body) }
    }

    /// The first host of each engine.
    private static func hosts() async throws -> [String] {
        var hosts: [String: String] = [:]
        for number in 1... {
            let host = "h\(number)"
            guard FileManager.default.fileExists(atPath: TestFleet.current.socket(host)) else { break }
            let version = try await TestFleet.current.withEngine(host) { $0.reader.facts.Version }
            if hosts[version] == nil { hosts[version] = host }
        }
        return hosts.values.sorted()
    }

    private static func with(host: String, _ body: (FileProject) async throws -> Void) async throws {
        let project = try await Self(name: "f" + UUID().uuidString.lowercased().prefix(8), host: host)
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(project)) } catch { outcome = .failure(error) }
        try await project.cleanUp()
        try outcome.get()
    }

    // MARK: What is desired

    private static let nowhere = SourcePosition(file: "test.yaml", line: 1, column: 1)

    private func desired(version: Int) -> Desired {
        Desired(
            environment: "test", application: ApplicationName(name),
            hosts: [HostDefinition(name: HostName(host), engine: "unix://\(socket)", position: Self.nowhere)],
            instances: [instance("closed", closed(version)), instance("open", open(version))], networks: [],
            volumes: [])
    }

    private func instance(_ service: ServiceName, _ spec: ContainerSpec) -> DesiredInstance {
        DesiredInstance(
            host: HostName(host), address: InstanceAddress(service, slot: 1), spec: spec,
            gate: GatePolicy(monitor: .zero), position: Self.nowhere)
    }

    /// Files are copied into it.
    private func open(_ version: Int) -> ContainerSpec {
        var spec = base(listing: "/run/secrets/DB_PASSWORD /etc/app/settings")
        spec.files = [
            password(version),
            DeliveredFile(
                .config, "settings", at: "/etc/app/settings", content: text("settings \(version)"), mode: 0o644),
        ]
        return spec
    }

    /// Nothing can be copied into it: its root is read-only, and a tmpfs hides `/run`.
    private func closed(_ version: Int) -> ContainerSpec {
        var spec = base(listing: "/run/secrets/DB_PASSWORD /srv/site/index.html /srv/site/deep/er/page")
        spec.isolation.readOnlyRootFilesystem = true
        spec.mounts = [Mount(.tmpfsOptions([]), at: "/run")]
        spec.files = [
            password(version),
            DeliveredFile(
                .bind, "./site", at: "/srv/site",
                entries: [
                    "": .folder(mode: 0o755), "deep/er/page": .file(text("page"), mode: 0o600),
                    "index.html": .symbolicLink(to: "deep/er/page"),
                ]),
        ]
        return spec
    }

    private func base(listing paths: String) -> ContainerSpec {
        var spec = ContainerSpec(image: image)
        spec.command = ["sh", "-c", "ls -ln \(paths); cat \(paths); echo; echo done; exec sleep 1000"]
        spec.isolation.initProcess = true
        spec.stopTimeout = 0
        spec.networking.mode = "none"
        return spec
    }

    private func password(_ version: Int) -> DeliveredFile {
        DeliveredFile(
            .secret, "DB_PASSWORD", at: "/run/secrets/DB_PASSWORD", content: text("pass word \(version)"), mode: 0o440,
            user: 1000, group: 1001)
    }

    private func text(_ text: String) -> FileContent { FileContent(Array("\(text)\n".utf8)) }

    // MARK: What is done

    func operations(version: Int) -> Operations { Operations(desired(version: version), toolVersion: "test") }

    @discardableResult
    func apply(version: Int) async throws -> Outcome? {
        try await operations(version: version)
            .apply(limits: Schedule.Limits(), approve: { _ in .given }, emit: { _ in })
    }

    func applyAndSettle(version: Int, _ comment: Comment? = nil) async throws {
        #expect(try await apply(version: version) == .done, comment)
        let plan = try await operations(version: version).plan().plan
        #expect(plan.changes == [] && plan.steps == [], comment)
        for host in plan.hosts { #expect(host.notices == [], comment) }
    }

    // MARK: What is there

    /// But the predecessors that are kept.
    func containers() async throws -> [ContainerInspect] {
        try await allContainers().filter { !InstanceName.isRetained($0.Name) }
    }

    private func allContainers() async throws -> [ContainerInspect] {
        try await TestFleet.current.withEngine(host) { engine in
            var found: [ContainerInspect] = []
            for summary in try await engine.reader.containers()
            where summary.Labels?["io.recast.application"] == name {
                found.append(try await engine.reader.container(summary.Id))
            }
            return found
        }
    }

    func volumes() async throws -> [String] {
        try await TestFleet.current.withEngine(host) { engine in
            try await engine.reader.volumes().filter { $0.Labels?["io.recast.application"] == name }.map(\.Name)
                .filter { !$0.hasPrefix("recast.v1.") }
        }
    }

    /// The volumes with files of the containers that are there, also of those that are kept.
    func usedVolumes() async throws -> Set<String> {
        let mounts = try await allContainers().flatMap { $0.HostConfig?.Mounts ?? [] }
        return Set(mounts.compactMap(\.Source).filter { $0.hasPrefix(FileVolume.prefix) })
    }

    /// What a container printed when it ran for the n-th time.
    func output(of service: String, run: Int = 1) async throws -> [String] {
        let id = try #require(
            try await containers().first { $0.Config?.Labels?["io.recast.service"] == service }?.Id)
        return try await TestFleet.current.withEngine(host) { engine in
            while true {
                let lines = try await engine.reader.logTail(id, lines: 100)
                let runs = lines.split(separator: "done", omittingEmptySubsequences: false)
                if runs.count > run { return Array(runs[run - 1]) }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    private func cleanUp() async throws {
        let left = try await allContainers().map(\.Id)
        let volumes = try await volumes()
        try await TestFleet.current.withEngine(host) { engine in
            for id in left { try await engine.removeContainer(id, anonymousVolumes: true) }
            for volume in volumes { try await engine.removeVolume(volume) }
        }
    }
}
