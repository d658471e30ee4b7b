import DockerAPI
import Foundation
import RecastModel
import Testing

/// A folder with a manifest and an environment, and everything that it leaves on the hosts, for the time of one test.
struct TestProject: Sendable {
    let fleet = TestFleet.current
    var folder: String
    let name: String
    let hosts: [String]
    /// Replaces the socket of a host, for tests that stand between Recast and its engine.
    var sockets: [String: String] = [:]

    /// Runs `body` with a project whose application no other test uses, and takes it off the hosts afterwards.
    static func with<Result: Sendable>(
        hosts: [String] = ["h1"], _ body: (inout TestProject) async throws -> Result
    ) async throws -> Result {
        let name = "t" + UUID().uuidString.lowercased().prefix(8)
        let folder = FileManager.default.temporaryDirectory.appending(path: "recast-\(name)").path
        for part in ["manifests", "environments"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(part)", withIntermediateDirectories: true)
        }
        var project = TestProject(folder: folder, name: name, hosts: hosts)
        let outcome: Swift.Result<Result, any Error>
        do { outcome = .success(try await body(&project)) } catch { outcome = .failure(error) }
        try await project.cleanUp()
        return try outcome.get()
    }

    private init(folder: String, name: String, hosts: [String]) {
        self.folder = folder
        self.name = name
        self.hosts = hosts
    }

    /// Writes both files.
    ///
    /// `services` is the body of `services:`, indented by two; `rest` is whatever comes beside it.
    ///
    /// `engines`: for a host, what stands in place of `engine: SOCKET`.
    func write(
        services: String, rest: String = "", hosts: [String]? = nil, environment: String = "",
        engines: [String: String] = [:]
    ) throws {
        let manifest = "name: \(name)\nservices:\n\(services)\n\(rest)\n"
        try manifest.write(toFile: "\(folder)/manifests/app.yaml", atomically: true, encoding: .utf8)
        let list = (hosts ?? self.hosts).map { host in
            let engine = engines[host] ?? "engine: \"unix://\(sockets[host] ?? fleet.socket(host))\""
            return "  \(host): { \(engine), labels: { name: \(host) } }"
        }
        let text = """
            name: test
            manifests: [../manifests/app.yaml]
            hosts:
            \(list.joined(separator: "\n"))
            variables: { REGISTRY: "\(fleet.registry)" }
            \(environment)
            """
        try text.write(toFile: "\(folder)/environments/test.yaml", atomically: true, encoding: .utf8)
    }

    /// Writes both files for one instance of an image of the fleet's registry on each host.
    ///
    /// `more`: another line of the service.
    func write(web image: String, more: String = "", environment: String = "") throws {
        try write(
            services: """
                  web:
                    image: ${REGISTRY}/shop/\(image)
                    stop_grace_period: 1s
                    \(more)
                    deploy: { mode: global, update_config: { monitor: 0s } }
                """, environment: environment)
    }

    @discardableResult
    func recast(
        _ arguments: String..., environment: [String: String] = [:],
        started: @escaping @Sendable (Int32) -> Void = { _ in }
    ) async throws -> Command.Ended {
        try await Command(fleet.binary, arguments, in: folder, environment: environment).run(started: started)
    }

    /// Applies and expects it to go well; then a second plan must be empty.
    func applyAndSettle(_ comment: Comment? = nil) async throws {
        let applied = try await recast("apply", "test", "--yes")
        try #require(applied.status == 0, "\(comment ?? "") \(applied.output)\(applied.errors)")
        try await expectNoChanges(comment)
    }

    func expectNoChanges(_ comment: Comment? = nil) async throws {
        let plan = try await recast("plan", "test", "--detailed-exitcode")
        #expect(plan.status == 0, "\(comment ?? "") \(plan.output)\(plan.errors)")
    }

    /// The application's containers on a host, in full, sorted by name, but the predecessors that are kept.
    func containers(on host: String = "h1") async throws -> [ContainerInspect] {
        try await allContainers(on: host).filter { !InstanceName.isRetained($0.Name) }
    }

    /// The stopped predecessors that are kept on a host.
    func kept(on host: String = "h1") async throws -> [ContainerInspect] {
        try await allContainers(on: host).filter { InstanceName.isRetained($0.Name) }
    }

    private func allContainers(on host: String) async throws -> [ContainerInspect] {
        try await fleet.withEngine(host) { engine in
            var found: [ContainerInspect] = []
            for summary in try await engine.reader.containers() where isOurs(summary.Labels) {
                do {
                    found.append(try await engine.reader.container(summary.Id))
                } catch let error as EngineError where error.isNotFound {
                    // It went between the list and this.
                    continue
                }
            }
            return found.sorted { $0.Name < $1.Name }
        }
    }

    func running(on host: String = "h1") async throws -> [ContainerInspect] {
        try await containers(on: host).filter { $0.State?.Status == "running" }
    }

    /// Takes the application's containers and their images off the hosts, so that the images must be pulled again.
    func removeWithImages() async throws {
        for host in hosts {
            for container in try await allContainers(on: host) { try await remove(container, from: host) }
        }
    }

    /// Takes the containers that are kept off the hosts, and their images.
    func removePredecessors() async throws {
        for host in hosts { for container in try await kept(on: host) { try await remove(container, from: host) } }
    }

    private func remove(_ container: ContainerInspect, from host: String) async throws {
        try await fleet.withEngine(host) { try await $0.removeContainer(container.Id) }
        let url = "http://docker/images/\(try #require(container.Image))?force=1"
        let reply = try await Command(
            "/usr/bin/curl", ["-fsS", "-X", "DELETE", "--unix-socket", fleet.socket(host), url]
        ).run()
        try #require(reply.status == 0, "\(reply.errors)")
    }

    private func isOurs(_ labels: [String: String]?) -> Bool { labels?["io.recast.application"] == name }

    private func cleanUp() async throws {
        for host in hosts {
            try? await fleet.withEngine(host) { engine in
                for summary in try await engine.reader.containers() where isOurs(summary.Labels) {
                    try await engine.removeContainer(summary.Id)
                }
                for network in try await engine.reader.networks() where isOurs(network.Labels) {
                    try await engine.removeNetwork(network.Id ?? network.Name)
                }
                for volume in try await engine.reader.volumes() where isOurs(volume.Labels) {
                    try? await engine.removeVolume(volume.Name)
                }
            }
        }
        try? FileManager.default.removeItem(atPath: folder)
    }
}

/// A plan as `--json` prints it, as far as the tests look at it.
struct PlanReply: Decodable {
    struct Difference: Decodable {
        let field: String
        let live: String?
        let desired: String?
    }
    struct Change: Decodable {
        let host: String
        let kind: String
        let address: String
        let action: String
        let cause: String
        let differences: [Difference]
    }
    struct Hazard: Decodable {
        let kind: String
    }
    let applicable: Bool
    let changes: [Change]
    let hazards: [Hazard]

    /// `h1 web.1 replace drift`.
    var lines: [String] { changes.map { "\($0.host) \($0.address) \($0.action) \($0.cause)" } }
}

extension TestProject {
    func plan(_ arguments: String...) async throws -> PlanReply {
        let all = ["plan", "test", "--json"] + arguments
        let reply = try await Command(fleet.binary, all, in: folder).run()
        return try JSONDecoder().decode(PlanReply.self, from: Data(reply.output.utf8))
    }
}
