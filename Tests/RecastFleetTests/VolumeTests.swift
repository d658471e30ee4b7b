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

        /// Another of that name is not the one that was adopted.
        private func expectNoAdoption(_ project: TestProject, ofAnother volume: String, id: String) async throws {
            let version = try await project.fleet.withEngine("h1") { engine in
                try await engine.removeContainer(id)
                try await engine.removeVolume(volume)
                try await Task.sleep(for: .seconds(1.1))
                _ = try await engine.createVolume(Volume(Name: volume))
                return engine.reader.facts.Version
            }
            if !version.hasPrefix("20.") {
                #expect(try await project.recast("apply", "test", "--yes").status == 3)
            }
            try await project.fleet.withEngine("h1") { engine in
                for name in try await engine.reader.volumes().map(\.Name) where name.hasPrefix(volume) {
                    try await engine.removeVolume(name)
                }
            }
        }

        @Test func `a volume that somebody else made is adopted, with what is in it`() async throws {
            try await TestProject.with(hosts: ["h1"]) { project in
                let volume = "\(project.name)-old"
                let socket = "unix://\(project.fleet.socket("h1"))"
                let docker = { (arguments: [String]) in
                    try await Command("/usr/bin/docker", ["-H", socket] + arguments).run()
                }
                let filled = try await docker([
                    "run", "-d", "--name", volume, "-v", "\(volume):/data", "\(project.fleet.registry)/shop/base:1",
                    "sh",
                    "-c", "echo one >/data/log; exec sleep 1000",
                ])
                try #require(filled.status == 0, "\(filled.errors)")
                try project.write(services: database(on: "h1"), rest: "volumes: { data: { name: \(volume) } }")
                let foreign = try await project.recast("apply", "test", "--yes")
                #expect(foreign.status == 3 && foreign.output.contains("recast volume adopt"), "\(foreign.output)")
                let refused = try await project.recast("volume", "adopt", "test", volume)
                #expect(refused.status == 3 && refused.errors.contains("stop that first"), "\(refused.errors)")
                _ = try await docker(["rm", "-f", volume])
                let adopted = try await project.recast("volume", "adopt", "test", volume)
                #expect(adopted.status == 0, "\(adopted.errors)")
                try await project.applyAndSettle()
                let list = try await project.recast("volume", "ls", "test")
                #expect(list.output.contains("claimed"), "\(list.output)")
                let id = try #require(try await project.running().first?.Id)
                #expect(try await docker(["exec", id, "head", "-n", "1", "/data/log"]).output == "one\n")
                // Docker 20.10 tells when something was last made in it, not when it was made.
                try await Task.sleep(for: .seconds(1.1))
                _ = try await docker(["exec", id, "touch", "/data/new"])
                try await project.expectNoChanges()
                try await expectNoAdoption(project, ofAnother: volume, id: id)
            }
        }

        /// What was written since the backup is on the host where the service runs; that it is given up, a person says.
        private func goOn(_ project: TestProject, on host: String, withLines count: Int) async throws {
            let asked = try await project.recast("apply", "test", "--yes")
            let acceptance = "other-volume:test-\(project.name)_data"
            #expect(asked.status == 3 && asked.output.contains("--accept \(acceptance)"), "\(asked.output)")
            let applied = try await project.recast("apply", "test", "--yes", "--accept", acceptance)
            #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
            try await project.expectNoChanges()
            let id = try #require(try await project.running(on: host).first?.Id)
            let log = try await Command(
                "/usr/bin/docker", ["-H", "unix://\(project.fleet.socket(host))", "exec", id, "cat", "/data/log"]
            ).run()
            #expect(log.output.split(separator: "\n").count == count, "\(log.output)")
        }

        @Test func `a backup is restored on another host, and a damaged one is not`() async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                try project.write(services: database(on: "h1"), rest: "volumes: { data: }")
                try await project.applyAndSettle()
                let file = project.folder + "/db.tar.zst"
                let busy = try await project.recast("backup", "test", "db", "data", file)
                #expect(busy.status == 3 && busy.errors.contains("--stop"), "\(busy.errors)")
                let saved = try await project.recast("backup", "test", "db", "data", file, "--stop")
                #expect(saved.status == 0, "\(saved.errors)")
                try await project.expectNoChanges()
                let dump = project.folder + "/log.txt"
                let written = try await project.recast("backup", "test", "db", "data", dump, "--exec", "cat /data/log")
                #expect(written.status == 0, "\(written.errors)")
                #expect(try String(contentsOfFile: dump, encoding: .utf8).hasPrefix("alive\n"))
                let failed = try await project.recast("backup", "test", "db", "data", dump + "2", "--exec", "exit 3")
                #expect(failed.status == 1 && !FileManager.default.fileExists(atPath: dump + "2"), "\(failed.errors)")
                try project.write(services: database(on: "h2"), rest: "volumes: { data: }")
                var damaged = try Data(contentsOf: URL(filePath: file))
                damaged[damaged.count / 2] ^= 1
                try damaged.write(to: URL(filePath: project.folder + "/bad.tar.zst"))
                let bad = try await project.recast(
                    "restore", "test", "db", "data", project.folder + "/bad.tar.zst", "--yes")
                #expect(bad.status == 3 && bad.errors.contains("damaged"), "\(bad.errors)")
                let restored = try await project.recast("restore", "test", "db", "data", file, "--yes")
                #expect(restored.status == 0, "\(restored.errors)")
                let again = try await project.recast("restore", "test", "db", "data", file, "--yes")
                #expect(again.status == 1 && again.errors.contains("not empty"), "\(again.errors)")
                try await goOn(project, on: "h2", withLines: 2)
                let shown = try await project.recast(
                    "volume", "show", "test", "test-\(project.name)_data", "--host", "h1")
                #expect(shown.output.contains("last backup  20"), "\(shown.output)\(shown.errors)")
                let status = try await project.recast("status", "test", "--volumes")
                #expect(status.output.contains("LAST BACKUP"), "\(status.output)")
            }
        }

        @Test func `a restore does not write over what a folder of the host has already`() async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                try project.write(services: database(on: "h1"), rest: "volumes: { data: }")
                try await project.applyAndSettle()
                let file = project.folder + "/db.tar.zst"
                #expect(try await project.recast("backup", "test", "db", "data", file, "--stop").status == 0)
                let folder = "/srv/\(project.name)"
                let made = try await Command(
                    project.fleet.scripts + "/fleet",
                    ["enter", "h2", "sh", "-c", "mkdir -p \(folder); echo PRECIOUS >\(folder)/log"]
                ).run()
                try #require(made.status == 0, "\(made.errors)")
                let options = "driver_opts: { type: none, o: bind, device: \(folder) }"
                try project.write(services: database(on: "h2"), rest: "volumes: { data: { \(options) } }")
                let restored = try await project.recast("restore", "test", "db", "data", file, "--yes")
                #expect(restored.status == 1 && restored.errors.contains("not empty although it is new"))
                let kept = try await Command(
                    project.fleet.scripts + "/fleet", ["enter", "h2", "sh", "-c", "cat \(folder)/log; rm -r \(folder)"]
                ).run()
                #expect(kept.output.contains("PRECIOUS"), "\(restored.errors)")
            }
        }

        @Test func `a backup sees what else runs with the volume, and is of the host that is meant`() async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                try project.write(services: database(on: "h1"), rest: "volumes: { data: }")
                try await project.applyAndSettle()
                let file = project.folder + "/db.tar.zst"
                let stranger = try await Command(
                    "/usr/bin/docker",
                    [
                        "-H", "unix://\(project.fleet.socket("h1"))", "run", "-d", "--rm", "-v",
                        "test-\(project.name)_data:/x", "\(project.fleet.registry)/shop/base:1", "sleep", "100",
                    ]
                ).run()
                let shared = try await project.recast("backup", "test", "db", "data", file, "--stop")
                #expect(shared.status == 3 && shared.errors.contains("not this application's"), "\(shared.errors)")
                try await project.fleet.withEngine("h1") {
                    try await $0.removeContainer(stranger.output.trimmingCharacters(in: .whitespacesAndNewlines))
                }
                let mistaken = try await project.recast("backup", "test", "db", "data", file, "--stop", "--host", "h2")
                #expect(mistaken.status == 3 && mistaken.errors.contains("on h1 only"), "\(mistaken.errors)")
                let foreign = try await project.recast("backup", "test", "other", "data", file)
                #expect(foreign.status != 0 && !FileManager.default.fileExists(atPath: file), "\(foreign.errors)")
            }
        }

        private func unnamed(_ version: Int, _ mounts: String) -> String {
            """
              app:
                image: ${REGISTRY}/shop/rich:1
                user: "0"
                entrypoint: ["sh", "-c"]
                command: ["for f in /data /cache /more; do echo \(version) >>$$f/log; done; exec sleep 3600"]
                volumes: [\(mounts)"/more"]
                stop_grace_period: 1s
                healthcheck: { disable: true }
            """
        }

        private func unnamedLogs(_ project: TestProject) async throws -> String {
            let id = try #require(try await project.running().first?.Id)
            let files = ["/data/log", "/cache/log", "/more/log"]
            return try await Command(
                "/usr/bin/docker", ["-H", "unix://\(project.fleet.socket("h1"))", "exec", id, "cat"] + files
            ).run().output.filter { $0 != "\n" }
        }

        @Test func `what is in unnamed volumes is taken over, and not left behind without a word`() async throws {
            try await TestProject.with { project in
                try project.write(services: unnamed(1, ""))
                try await project.applyAndSettle()
                try project.write(services: unnamed(2, ""))
                let plan = try await project.recast("plan", "test")
                #expect(plan.output.contains("app.1 takes over the unnamed volume of /cache"), "\(plan.output)")
                #expect(plan.output.contains("stop"), "\(plan.output)")
                try await project.applyAndSettle()
                try project.write(services: unnamed(3, ""))
                try await project.applyAndSettle()
                #expect(try await unnamedLogs(project) == "123123123")
                let list = try await project.recast("volume", "ls", "test")
                let rows = list.output.split(separator: "\n").filter { $0.contains("unnamed, at /data") }
                #expect(rows.count == 1, "\(list.output)")
                // A named one in its place would begin empty.
                try project.write(services: unnamed(4, "data:/data, "), rest: "volumes: { data: }")
                let refused = try await project.recast("apply", "test", "--yes")
                #expect(refused.status == 3 && refused.output.contains("is in an unnamed volume"), "\(refused.output)")
                let name = try #require(rows.first?.split(separator: " ").first { $0.utf8.count == 64 })
                try project.write(services: unnamed(4, "data:/data, "), rest: "volumes: { data: { name: \(name) } }")
                let adopted = try await project.recast("volume", "adopt", "test", "\(name)")
                #expect(adopted.status == 0, "\(adopted.errors)")
                let next = try await project.recast("plan", "test")
                #expect(next.output.contains("stop"), "\(next.output)")
                try await project.applyAndSettle()
                #expect(try await unnamedLogs(project) == "123412341234")
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
