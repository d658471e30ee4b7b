import DockerAPI
import Foundation
import RecastTesting
import Synchronization
import Testing

extension FleetTests {
    /// Back to an earlier release.
    @Suite(.serialized) struct RollbackTests {
        private func write(_ project: TestProject, _ image: String, mode: String) throws {
            let common = "stop_grace_period: 1s, deploy: { mode: global, update_config: { monitor: 0s } }"
            try project.write(
                services: """
                      web:
                        { image: "${REGISTRY}/shop/\(image)", \(common),
                          environment: { MODE: \(mode), TOKEN: "${TOKEN:-planted-canary}" } }
                      db:
                        { image: "${REGISTRY}/shop/base:1", \(common), command: [sleep, "1000"], init: true,
                          volumes: ["data:/data"] }
                    """,
                rest: "volumes: { data: }")
        }

        private func git(_ project: TestProject, _ words: String...) async throws {
            let identity = ["-c", "user.name=ana", "-c", "user.email=ana@example.com", "-c", "commit.gpgsign=false"]
            let ended = try await Command("/usr/bin/git", identity + words, in: project.folder).run()
            try #require(ended.status == 0, "\(ended.output)\(ended.errors)")
        }

        /// Commits what is there, pins it, commits that, and applies it.
        private func release(_ project: TestProject, _ image: String, mode: String) async throws {
            try write(project, image, mode: mode)
            let locked = try await project.recast("lock", "test")
            try #require(locked.status == 0, "\(locked.errors)")
            try await git(project, "add", "--all")
            try await git(project, "commit", "--quiet", "--message", mode)
            try await project.applyAndSettle()
        }

        /// The variable and the image of the service, on all hosts.
        private func running(_ project: TestProject) async throws -> Set<String> {
            var found: Set<String> = []
            for host in project.hosts {
                for container in try await project.running(on: host) where container.Name.contains("-web-") {
                    let mode = container.Config?.Env?.first { $0.hasPrefix("MODE=") } ?? ""
                    found.insert("\(mode) \(container.Config?.Labels?["io.recast.image"]?.suffix(5) ?? "")")
                }
            }
            return found
        }

        private func with(
            hosts: [String] = ["h1"], _ body: @escaping @Sendable (TestProject) async throws -> Void
        ) async throws {
            try await TestProject.with(hosts: hosts) { project in
                try await git(project, "init", "--quiet")
                try await release(project, "web:1", mode: "one")
                try await release(project, "web:2", mode: "two")
                try await body(project)
            }
        }

        private func lockFile(_ project: TestProject) throws -> String {
            try String(contentsOfFile: project.folder + "/environments/test.lock.yaml", encoding: .utf8)
        }

        @Test func `image and configuration go back, the lock file keeps it so, and the next build goes forward`()
            async throws
        {
            try await with(hosts: ["h1", "h2"]) { project in
                let list = try await project.recast("rollback", "test", "--list")
                #expect(list.status == 0 && list.output.contains("web 1"), "\(list.output)\(list.errors)")
                let database = try await project.running().first { $0.Name.contains("-db-") }?.Id
                let back = try await project.recast("rollback", "test", "--yes", "--reason", "INC-311")
                try #require(back.status == 0, "\(back.output)\(back.errors)")
                #expect(back.errors.contains("As they are, for they have data: db"), "\(back.errors)")
                #expect(!back.errors.contains("Not configured as it was"), "\(back.errors)")
                #expect(try await running(project) == ["MODE=one web:1"])
                #expect(try await project.running().first { $0.Name.contains("-db-") }?.Id == database)
                let lock = try lockFile(project)
                #expect(lock.contains("rejected:") && lock.contains("reason: INC-311"), "\(lock)")
                // The manifests are still those of the release that was left.
                let plan = try await project.recast("plan", "test")
                #expect(plan.output.contains("Release 3 runs, a rollback to 1"), "\(plan.output)")
                let again = try await project.recast("rollback", "test", "--yes")
                #expect(again.status == 3 && again.errors.contains("no release to go back to"), "\(again.errors)")
                try await forward(project)
            }
        }

        /// What was rejected comes back in no way but by a person's hand.
        private func forward(_ project: TestProject) async throws {
            try await git(project, "checkout", "--quiet", "HEAD~1", "manifests")
            try await project.expectNoChanges()
            let held = try await project.recast("lock", "test", "--update")
            #expect(held.status == 0 && held.output.contains("web is held"), "\(held.output)\(held.errors)")
            try write(project, "web:2", mode: "two")
            #expect(try await project.recast("apply", "test", "--yes").status == 3)
            let refused = try await project.recast("lock", "test", "--unhold", "web")
            #expect(refused.status == 3 && refused.errors.contains("was rejected by"), "\(refused.errors)")
            try await release(project, "web:3", mode: "three")
            #expect(try await running(project) == ["MODE=three web:3"])
        }

        @Test func `the registry is not needed where the image is, and images can go back alone`() async throws {
            try await with { project in
                for host in project.hosts { try await project.fleet.manage("break", host, "registry") }
                let back = try await project.recast("rollback", "test", "--yes", "--image-only", "--service", "web")
                for host in project.hosts { try await project.fleet.manage("heal", host) }
                try #require(back.status == 0, "\(back.output)\(back.errors)")
                #expect(try await running(project) == ["MODE=two web:1"])
                // The manifest's tag stands for what runs now.
                try await project.expectNoChanges()
            }
        }

        @Test func `an image that was pruned is pulled again`() async throws {
            try await with { project in
                try await project.removePredecessors()
                let list = try await project.recast("rollback", "test", "--list")
                #expect(list.output.contains("in the registry"), "\(list.output)\(list.errors)")
                let back = try await project.recast("rollback", "test", "--yes")
                #expect(back.status == 0, "\(back.output)\(back.errors)")
                #expect(try await running(project) == ["MODE=one web:1"])
            }
        }

        @Test func `a rollback that was killed is finished by the same command`() async throws {
            try await with { project in
                let process = Mutex<Int32>(0)
                let copy = project
                // Lease, record, container, restart policy, start: then the one before it stops.
                try await EngineProxy.with(
                    socket: project.fleet.socket("h1"), target: 6, moment: .beforeReply,
                    act: { process.withLock { if $0 > 0 { _ = kill($0, SIGKILL) } } }
                ) { _, path in
                    var project = copy
                    project.sockets["h1"] = path
                    try write(project, "web:2", mode: "two")
                    let killed = try await project.recast("rollback", "test", "--yes") { pid in
                        process.withLock { $0 = pid }
                    }
                    #expect(killed.status == SIGKILL, "\(killed.output)\(killed.errors)")
                }
                try write(project, "web:2", mode: "two")
                let plan = try await project.recast("plan", "test")
                #expect(plan.output.contains("a rollback to 1, did not end"), "\(plan.output)")
                let finished = try await project.recast("rollback", "test", "--yes")
                #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
                #expect(try await running(project) == ["MODE=one web:1"])
                #expect(try lockFile(project).contains("rejected:"))
            }
        }

        @Test func `what has data goes back when it is named, and else not even alone`() async throws {
            try await TestProject.with { project in
                try await git(project, "init", "--quiet")
                for version in 1...2 {
                    try project.write(
                        services: """
                              db:
                                image: ${REGISTRY}/shop/base:1
                                command: [sleep, "100\(version)"]
                                init: true
                                stop_grace_period: 1s
                                volumes: ["data:/data"]
                                deploy: { update_config: { monitor: 0s } }
                            """, rest: "volumes: { data: }")
                    try await git(project, "add", "--all")
                    try await git(project, "commit", "--quiet", "--message", "\(version)")
                    try await project.applyAndSettle()
                }
                let before = try await project.running().map(\.Id)
                let refused = try await project.recast("rollback", "test", "--yes")
                #expect(
                    refused.status == 3 && refused.errors.contains("--service"), "\(refused.output)\(refused.errors)")
                #expect(try await project.running().map(\.Id) == before)
                let named = try await project.recast("rollback", "test", "--yes", "--service", "db")
                #expect(named.status == 0, "\(named.output)\(named.errors)")
                #expect(try await project.running().map { $0.Config?.Cmd } == [["sleep", "1001"]])
            }
        }

        @Test func `a build that a migration left behind is not gone back to`() async throws {
            try await TestProject.with { project in
                try await git(project, "init", "--quiet")
                for (version, works) in [(43, "42-43"), (44, "43-44")] {
                    try project.write(
                        services: """
                              migrate:
                                { image: "${REGISTRY}/shop/base:1", command: [sleep, "0"],
                                  x-recast: { task: before, schema: { head: \(version) } } }
                              web:
                                { image: "${REGISTRY}/shop/web:\(version - 42)", stop_grace_period: 1s,
                                  x-recast: { schema: { works: \(works) } }, deploy: { update_config: { monitor: 0s } } }
                            """)
                    try await git(project, "add", "--all")
                    try await git(project, "commit", "--quiet", "--message", "\(version)")
                    try await project.applyAndSettle()
                }
                for words in [["--yes"], ["--check"], ["--yes", "--image-only", "--to", "1"]] {
                    let arguments = ["rollback", "test"] + words
                    let refused = try await Command(project.fleet.binary, arguments, in: project.folder).run()
                    #expect(refused.status == 3, "\(refused.output)\(refused.errors)")
                    let all = refused.output + refused.errors
                    #expect(all.contains("works with 42-43 of schema 'main', which a release brought to 44"), "\(all)")
                }
                let back = try await project.recast("rollback", "test", "--yes", "--accept", "schema:main")
                #expect(back.status == 0, "\(back.output)\(back.errors)")
                #expect(try await running(project) == [" web:1"])
                let history = try await project.recast("history", "test", "--release", "3")
                #expect(history.output.contains("schema  main unknown"), "\(history.output)\(history.errors)")
            }
        }

        @Test func `what differs from then is named, and what is not committed is refused`() async throws {
            try await with { project in
                let other = try await project.recast("rollback", "test", "--set", "TOKEN=another")
                #expect(other.errors.contains("Not configured as it was then: web"), "\(other.output)\(other.errors)")
                #expect(!(other.output + other.errors).contains("planted-canary"))
                try write(project, "web:2", mode: "four")
                try await project.applyAndSettle()
                try write(project, "web:2", mode: "five")
                try await project.applyAndSettle()
                let dirty = try await project.recast("rollback", "test", "--yes")
                #expect(dirty.status == 3 && dirty.errors.contains("--image-only"), "\(dirty.errors)")
                let check = try await project.recast("rollback", "test", "--check", "--to", "1", "--json")
                #expect(check.status == 0 && check.output.contains("\"release\" : 1"), "\(check.output)\(check.errors)")
            }
        }
    }
}
