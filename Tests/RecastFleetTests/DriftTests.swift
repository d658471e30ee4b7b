import DockerAPI
import RecastModel
import Testing

extension FleetTests {
    /// What happens on a host behind Recast's back.
    @Suite struct DriftTests {
        static let service = """
              web:
                image: ${REGISTRY}/shop/base:1
                command: ["sleep", "1000"]
                init: true
                stop_grace_period: 1s
                deploy: { resources: { limits: { memory: 64M } } }
            """

        /// Applies, meddles, expects these lines of the next plan, repairs, expects an empty plan.
        private func expect(
            _ lines: [String], after meddle: @Sendable (EngineClient, ContainerInspect) async throws -> Void
        ) async throws {
            try await TestProject.with { project in
                try project.write(services: Self.service)
                try await project.applyAndSettle()
                let live = try #require(try await project.running().first)
                try await project.fleet.withEngine("h1") { try await meddle($0, live) }
                #expect(try await project.plan().lines == lines)
                try await project.applyAndSettle()
                #expect(try await project.running().count == 1)
                #expect(try await project.containers().count == 1)
            }
        }

        @Test func `a changed restart policy is drift`() async throws {
            try await expect(["h1 web.1 replace drift"]) { engine, live in
                try await engine.updateRestartPolicy(live.Id, to: .init(Name: "always"))
            }
        }

        @Test func `a removed container is missing`() async throws {
            try await expect(["h1 web.1 create missing"]) { engine, live in
                try await engine.removeContainer(live.Id)
            }
        }

        @Test func `a stopped container is started again`() async throws {
            try await expect(["h1 web.1 start stopped"]) { engine, live in
                try await engine.stop(live.Id, grace: .seconds(1))
            }
        }

        @Test func `a renamed container gets its name back`() async throws {
            try await expect(["h1 web.1 rename drift"]) { engine, live in
                try await engine.rename(live.Id, to: "somebody-\(live.Id.prefix(6))")
            }
        }

        @Test func `a container that lost its network is replaced`() async throws {
            try await expect(["h1 web.1 replace drift"]) { engine, live in
                let network = try #require(live.NetworkSettings?.Networks?.keys.first)
                try await engine.disconnect(live.Id, from: network)
            }
        }

        @Test func `what Recast did not make is left alone, and a taken name stops the plan`() async throws {
            try await TestProject.with { project in
                try project.write(services: Self.service)
                try await project.applyAndSettle()
                let live = try #require(try await project.running().first)
                let name = live.Name.replacing("/", with: "")
                try await project.fleet.withEngine("h1") { engine in
                    try await engine.removeContainer(live.Id)
                    var config = ContainerConfig()
                    config.Image = live.Config?.Image
                    config.Cmd = ["sleep", "1000"]
                    _ = try await engine.createContainer(
                        named: name, ContainerCreate(config: config, hostConfig: HostConfig()))
                }
                let plan = try await project.plan()
                #expect(plan.hazards.map(\.kind) == ["name-taken"])
                #expect(!plan.applicable)
                let applied = try await project.recast("apply", "test", "--yes")
                #expect(applied.status == 3, "\(applied.output)\(applied.errors)")
                try await project.fleet.withEngine("h1") { engine in
                    let stranger = try await engine.reader.container(name)
                    #expect(stranger.State?.Status == "created")
                    try await engine.removeContainer(stranger.Id)
                }
                try await project.applyAndSettle()
            }
        }

        @Test func `a copy of our labels on a stranger is left alone`() async throws {
            try await TestProject.with { project in
                try project.write(services: Self.service)
                try await project.applyAndSettle()
                let live = try #require(try await project.running().first)
                let copy = try await project.fleet.withEngine("h1") { engine in
                    var config = live.Config ?? ContainerConfig()
                    config.Cmd = ["sleep", "7"]
                    return try await engine.createContainer(
                        named: "stranger-\(project.name)", ContainerCreate(config: config, hostConfig: HostConfig()))
                }
                let plan = try await project.recast("plan", "test", "--detailed-exitcode")
                #expect(plan.status == 0, "\(plan.output)")
                #expect(plan.output.contains("stranger-\(project.name)"), "\(plan.output)")
                #expect(try await project.containers().contains { $0.Id == copy.Id })
            }
        }
    }
}
