import DockerAPI
import Foundation
import Testing

extension FleetTests {
    /// Only one run at a time changes an environment.
    @Suite(.serialized) struct LeaseTests {
        private static func services(version: Int) -> String {
            """
              db:
                image: ${REGISTRY}/shop/base:1
                command: ["sh", "-c", "echo \(version) >>/data/log; exec sleep 1000"]
                init: true
                volumes: ["data:/data"]
                stop_grace_period: 1s
                deploy: { placement: { constraints: [node.hostname == h1] }, update_config: { monitor: 0s } }
              all:
                image: ${REGISTRY}/shop/base:1
                command: ["sleep", "1000"]
                init: true
                environment: { VERSION: "\(version)" }
                stop_grace_period: 1s
                deploy: { mode: global, update_config: { monitor: 0s } }
            """
        }

        private func write(_ project: TestProject, version: Int) throws {
            try project.write(services: Self.services(version: version), rest: "volumes: { data: }")
        }

        private func applies(_ project: TestProject, _ count: Int, _ more: String...) async throws -> [Command.Ended] {
            try await withThrowingTaskGroup(of: Command.Ended.self) { group in
                for _ in 0..<count {
                    group.addTask {
                        try await Command(project.fleet.binary, ["apply", "test", "--yes"] + more, in: project.folder)
                            .run()
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }

        @Test func `of several applies at once one works, and those that wait follow`() async throws {
            try await TestProject.with(hosts: ["h1", "h2", "h3"]) { project in
                for version in 1...3 {
                    try write(project, version: version)
                    let ended = try await applies(project, 4)
                    let codes = ended.map(\.status).sorted()
                    #expect(codes.first == 0 && codes.allSatisfy { [0, 3].contains($0) }, "\(codes)")
                    for refused in ended where refused.status == 3 {
                        #expect(refused.errors.contains("--wait 10m") || refused.errors.contains("Plan again"))
                    }
                    try await project.expectNoChanges()
                    #expect(try await project.running(on: "h1").count == 2)
                }
                try write(project, version: 4)
                for ended in try await applies(project, 3, "--wait", "1m") where ended.status != 0 {
                    // What was planned before was done by somebody else meanwhile.
                    #expect(ended.status == 3 && ended.errors.contains("Plan again"), "\(ended.errors)")
                }
                try await project.expectNoChanges()
                let id = try #require(try await project.running(on: "h1").first { $0.Name.contains("-db-") }?.Id)
                let log = try await Command(
                    "/usr/bin/docker",
                    ["-H", "unix://\(project.fleet.socket("h1"))", "exec", id, "cat", "/data/log"]
                ).run()
                #expect(log.output == "1\n2\n3\n4\n")
            }
        }

        /// An entry as a run on another machine writes it.
        private func hold(_ project: TestProject, on host: String, for seconds: Int64, since: Int64) async throws {
            var entry = Volume(Name: "recast.v1.\(project.name).test.lock.00000007")
            entry.Labels = [
                "io.recast.record": "acquire", "io.recast.lease": "0123456789abcdef", "io.recast.holder": "ana@laptop",
                "io.recast.operation": "move", "io.recast.since": "\(since)", "io.recast.made": "\(since)",
                "io.recast.lasts": "\(seconds)", "io.recast.identity": "nonce",
                "io.recast.process": "another/pid:[1] 1 1", "io.recast.application": project.name,
                "io.recast.environment": "test",
            ]
            try await project.fleet.withEngine(host) { [entry] in _ = try await $0.createVolume(entry) }
        }

        private func lift(_ project: TestProject, from host: String) async throws {
            try await project.fleet.withEngine(host) { engine in
                for volume in try await engine.reader.volumes()
                where volume.Name.hasPrefix("recast.v1.\(project.name).") {
                    try await engine.removeVolume(volume.Name)
                }
            }
        }

        @Test func `another machine's lease is respected until it runs out or is taken away`() async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                try write(project, version: 1)
                let now = Int64(Date.now.timeIntervalSince1970)
                try await hold(project, on: "h2", for: 900, since: now - 60)
                let refused = try await project.recast("apply", "test", "--yes")
                #expect(refused.status == 3 && refused.errors.contains("ana@laptop"), "\(refused.errors)")
                #expect(try await project.containers(on: "h1").isEmpty)
                let shown = try await project.recast("lease", "test")
                #expect(shown.output.contains("ana@laptop   move"), "\(shown.output)")
                let mistaken = try await project.recast("lease", "test", "--break", "00000000")
                #expect(mistaken.status == 3)
                let broken = try await project.recast("lease", "test", "--break", "0123456789ab")
                #expect(broken.status == 0 && broken.errors.contains("h2"), "\(broken.errors)")
                try await project.applyAndSettle()
                try await lift(project, from: "h2")
                try await hold(project, on: "h2", for: 900, since: now - 1_000)
                try write(project, version: 2)
                let applied = try await project.recast("apply", "test", "--yes")
                #expect(applied.status == 0 && applied.errors.contains("ran out"), "\(applied.errors)")
                try await lift(project, from: "h2")
                try await hold(project, on: "h2", for: 900, since: now)
                try write(project, version: 3)
                // Somebody who is at it is no reason to go on beside them.
                let beside = try await project.recast("apply", "test", "--yes", "--no-lease", "--reason", "test")
                #expect(beside.status == 3 && beside.errors.contains("ana@laptop"), "\(beside.errors)")
                try await lift(project, from: "h2")
                let forced = try await project.recast("apply", "test", "--yes", "--no-lease", "--reason", "test")
                #expect(forced.status == 0 && forced.errors.contains("no lease is taken"), "\(forced.errors)")
            }
        }
    }
}
