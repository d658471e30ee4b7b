import DockerAPI
import Foundation
import RecastTesting
import Synchronization
import Testing

extension FleetTests {
    /// What hosts remember of releases.
    @Suite(.serialized) struct HistoryTests {
        private struct Reply: Decodable {
            struct Item: Decodable {
                let number: Int
                let result: String
                let hosts: [String: String]
                let reason: String?
                let commit: String?
            }
            let releases: [Item]
        }

        private func write(_ project: TestProject, _ image: String) throws {
            try project.write(web: image, more: "environment: { PASSWORD: planted-canary }")
        }

        private func history(_ project: TestProject) async throws -> [Reply.Item] {
            let shown = try await project.recast("history", "test", "--json")
            try #require(shown.status == 0, "\(shown.errors)")
            return try JSONDecoder().decode(Reply.self, from: Data(shown.output.utf8)).releases
        }

        @Test func `what was applied, what failed and what was cut off is there, with no secret in it`() async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                try write(project, "web:1")
                let first = try await project.recast(
                    "apply", "test", "--yes", "--reason", "the first", environment: ["CI_COMMIT_SHA": "0123abc"])
                #expect(first.status == 0, "\(first.errors)")
                try await project.expectNoChanges()
                try write(project, "web:crash")
                #expect(try await project.recast("apply", "test", "--yes").status != 0)
                try write(project, "web:2")
                let pid = Mutex<Int32>(0)
                let copy = project
                _ = try await EngineProxy.with(
                    socket: project.fleet.socket("h1"), target: 4, moment: .beforeReply,
                    act: { pid.withLock { if $0 > 0 { _ = kill($0, SIGKILL) } } }
                ) { _, path in
                    var project = copy
                    project.sockets["h1"] = path
                    try write(project, "web:2")
                    return try await project.recast("apply", "test", "--yes") { new in pid.withLock { $0 = new } }
                }
                try write(project, "web:2")
                try await project.applyAndSettle()
                let releases = try await history(project)
                #expect(releases.map(\.number) == [4, 3, 2, 1])
                #expect(releases.map(\.result) == ["done", "unfinished", "failed", "done"])
                #expect(releases.last?.reason == "the first" && releases.last?.commit == "0123abc")
                #expect(releases.last?.hosts == ["h1": "done", "h2": "done"])
                let labels = try await project.fleet.withEngine("h1") { try await $0.reader.volumes().map(\.Labels) }
                #expect(!"\(labels)".contains("planted-canary"))
                let shown = try await project.recast("history", "test", "--release", "1")
                #expect(shown.output.contains("the first") && shown.output.contains("shop/web:1"), "\(shown.output)")
            }
        }

        private func forget(_ project: TestProject, _ host: String) async throws {
            try await project.fleet.withEngine(host) { engine in
                for volume in try await engine.reader.volumes()
                where volume.Name.hasPrefix("recast.v1.\(project.name).") {
                    try await engine.removeVolume(volume.Name)
                }
            }
        }

        @Test func `what was exported goes to a host that remembers nothing, once`() async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                var project = project
                for image in ["web:1", "web:2"] {
                    try write(project, image)
                    try await project.applyAndSettle()
                }
                let exported = try await project.recast("history", "test", "--export")
                #expect(exported.status == 0 && exported.output.split(separator: "\n").count == 4, "\(exported.output)")
                try exported.output.write(toFile: "\(project.folder)/h.ndjson", atomically: true, encoding: .utf8)
                let before = try await history(project)
                try await forget(project, "h2")
                let given = try await project.recast("history", "test", "--import", "h.ndjson")
                #expect(given.status == 0 && given.output.contains("h2: given 2 releases"), "\(given.output)")
                #expect(given.output.contains("h1: remembers something already"), "\(given.output)")
                #expect(try await history(project).map(\.hosts) == before.map(\.hosts))
                let diff = try await project.recast("history", "test", "--diff", "1", "--diff", "2")
                #expect(diff.status == 0 && diff.output.contains("→ 2 ("), "\(diff.output)\(diff.errors)")
                let document = try await project.recast("history", "test", "--diff", "1", "--diff", "2", "--json")
                #expect(document.output.contains("\"reference\" : "), "\(document.output)\(document.errors)")
                project.sockets["h2"] = "/nowhere"
                try write(project, "web:2")
                let missed = try await project.recast("history", "test", "--import", "h.ndjson")
                #expect(missed.status == 1 && missed.output.contains("h2: does not answer"), "\(missed)")
            }
        }

        @Test func `a host that forgot, or is away, is no obstacle`() async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                try write(project, "web:1")
                try await project.applyAndSettle()
                try await forget(project, "h2")
                try write(project, "web:2")
                try await project.applyAndSettle()
                let releases = try await history(project)
                #expect(releases.map(\.hosts) == [["h1": "done", "h2": "done"], ["h1": "done"]])
                let copy = project
                project.sockets["h2"] = "/nonexistent.sock"
                try write(project, "web:2")
                let partial = try await project.recast("history", "test")
                #expect(partial.status == 1 && partial.output.contains("h2   unreachable"), "\(partial.output)")
                project = copy
            }
        }
    }
}
