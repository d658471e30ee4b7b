import DockerAPI
import Foundation
import Testing

extension FleetTests {
    /// Where data is, and that it is not lost by mistake.
    @Suite struct VolumeTests {
        private func database(on host: String, version: Int = 1) -> String {
            """
              db:
                image: ${REGISTRY}/shop/base:1
                command: ["sh", "-c", "echo alive >>/data/log; exec sleep 3600"]
                environment: { VERSION: "\(version)" }
                volumes: ["data:/data"]
                stop_grace_period: 1s
                deploy: { placement: { constraints: [node.hostname == \(host)] } }
            """
        }

        @Test func `a service that is placed elsewhere leaves its data only when somebody says so`() async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                let volume = "test-\(project.name)_data"
                try project.write(services: database(on: "h1"), rest: "volumes: { data: }")
                try await project.applyAndSettle()
                try project.write(services: database(on: "h2"), rest: "volumes: { data: }")
                let refused = try await project.recast("apply", "test", "--yes")
                #expect(refused.status == 3)
                #expect(
                    refused.output.contains("its data is on h1, and on h2 it would begin empty"), "\(refused.output)")
                #expect(try await project.running(on: "h1").count == 1)
                let applied = try await project.recast("apply", "test", "--yes", "--accept", "new-volume:\(volume)")
                #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
                #expect(applied.output.contains("Accepted: volume \(volume)"))
                try await project.expectNoChanges()

                let list = try await project.recast("volume", "ls", "test", "--sizes")
                #expect(list.output.contains("1 volume unclaimed"), "\(list.output)\(list.errors)")
                let claimed = try await project.recast("volume", "remove", "test", volume, "--host", "h2")
                #expect(claimed.status == 3 && claimed.errors.contains("in use"), "\(claimed.errors)")
                let asked = try await project.recast("volume", "remove", "test", volume, "--host", "h1")
                #expect(asked.status == 3 && asked.errors.contains("--confirm"), "\(asked.errors)")
                let removed = try await project.recast(
                    "volume", "remove", "test", volume, "--host", "h1", "--confirm", volume)
                #expect(removed.status == 0, "\(removed.errors)")
                let left = try await project.fleet.withEngine("h1") { try await $0.reader.volumes().map(\.Name) }
                #expect(!left.contains(volume))
            }
        }

        @Test func `what is written stays through every replacement`() async throws {
            try await TestProject.with { project in
                for version in 1...3 {
                    try project.write(services: database(on: "h1", version: version), rest: "volumes: { data: }")
                    try await project.applyAndSettle()
                }
                let id = try #require(try await project.running().first?.Id)
                let log = try await Command(
                    "/usr/bin/docker",
                    ["-H", "unix://\(project.fleet.socket("h1"))", "exec", id, "wc", "-l", "/data/log"]
                ).run()
                #expect(log.output.hasPrefix("3 "), "\(log.output)\(log.errors)")
                let labels = try await project.fleet.withEngine("h1") { engine in
                    try await engine.reader.volumes().first { $0.Name == "test-\(project.name)_data" }?.Labels ?? [:]
                }
                #expect(labels["io.recast.service"] == "db")
                #expect(labels["io.recast.identity"]?.isEmpty == false)
            }
        }
    }
}
