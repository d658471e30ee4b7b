import DockerAPI
import Foundation
import Testing

extension FleetTests {
    /// From a stage to the next, and back.
    @Suite(.serialized) struct PromotionTests {
        private static let stages = ["dev": "h1", "staging": "h2", "prod": "h3"]

        /// Three environments of one manifest; `test`, which the project itself writes, is none of them.
        private func write(_ project: TestProject, _ image: String) throws {
            try project.write(
                services: """
                      web:
                        image: ${REGISTRY}/shop/\(image)
                        stop_grace_period: 1s
                        environment: { STAGE: "${STAGE}", TOKEN: "${TOKEN:-planted-canary}" }
                        deploy: { mode: global, update_config: { monitor: 1s } }
                      migrate: { image: "${REGISTRY}/shop/base:1", command: [sleep, "0"], x-recast: { task: before } }
                    """, environment: "")
            try FileManager.default.removeItem(atPath: "\(project.folder)/environments/test.yaml")
            for (stage, host) in Self.stages {
                let before = ["staging": "dev", "prod": "staging"][stage].map { "after: \($0)\n" } ?? ""
                let checks = "verify: { smoke: [test, -e, smoke] }, probe: { page: { service: web, http: 8080/ } }"
                let gates = stage == "prod" ? "gates: { soak: 5s, \(checks) }\n" : ""
                let text = """
                    \(before)\(gates)manifests: [../manifests/app.yaml]
                    hosts: { \(host): { engine: "unix://\(project.fleet.socket(host))" } }
                    variables: { REGISTRY: "\(project.fleet.registry)", STAGE: \(stage) }
                    """
                try text.write(
                    toFile: "\(project.folder)/environments/\(stage).yaml", atomically: true, encoding: .utf8)
            }
        }

        private func must(_ project: TestProject, _ arguments: String..., status: Int32 = 0) async throws
            -> Command.Ended
        {
            let ended = try await Command(project.fleet.binary, arguments, in: project.folder).run()
            try #require(ended.status == status, "\(arguments): \(ended.output)\(ended.errors)")
            return ended
        }

        private func git(_ words: String..., in folder: String) async throws {
            let identity = ["-c", "user.name=ana", "-c", "user.email=ana@example.com", "-c", "commit.gpgsign=false"]
            let ended = try await Command("/usr/bin/git", identity + words, in: folder).run()
            try #require(ended.status == 0, "\(words): \(ended.output)\(ended.errors)")
        }

        private func commit(_ project: TestProject, _ message: String) async throws {
            try await git("add", "--all", in: project.folder)
            try await git("commit", "--quiet", "--allow-empty", "--message", message, in: project.folder)
        }

        private func runs(_ project: TestProject, _ image: String, in stage: String) async throws -> Bool {
            let containers = try await project.running(on: Self.stages[stage] ?? "")
            return containers.map { $0.Config?.Labels?["io.recast.image"] } == [
                "\(project.fleet.registry)/shop/\(image)"
            ]
        }

        /// A build through all stages, up to production's lock file.
        private func bring(_ project: TestProject, _ image: String) async throws {
            try write(project, image)
            _ = try await must(project, "lock", "dev")
            try await commit(project, image)
            _ = try await must(project, "apply", "dev", "--yes")
            _ = try await must(project, "promote", "dev", "staging", "--apply", "--yes")
            try await commit(project, "staging: \(image)")
        }

        @Test func `lock, apply, promote, a bad release, back, and forward again, by two people`() async throws {
            try await TestProject.with(hosts: ["h1", "h2", "h3"]) { ana in
                try await git("init", "--quiet", in: ana.folder)
                try Data().write(to: URL(filePath: "\(ana.folder)/smoke"))
                try await bring(ana, "web:1")
                // Not a second too early.
                let early = try await must(ana, "promote", "staging", "prod", status: 3)
                #expect(early.errors.contains("not promoted: soak"), "\(early.output)\(early.errors)")
                let skipped = try await must(ana, "promote", "dev", "prod", status: 3)
                #expect(skipped.errors.contains("order"), "\(skipped.errors)")
                try await Task.sleep(for: .seconds(5))
                _ = try await must(ana, "promote", "staging", "prod")
                try await commit(ana, "prod: web:1")
                // Somebody else, with a checkout of their own, puts it in place.
                var bo = ana
                bo.folder = ana.folder + "/bo"
                try await git("clone", "--quiet", ana.folder, bo.folder, in: ana.folder)
                _ = try await must(bo, "apply", "prod", "--yes", "--locked")
                #expect(try await runs(ana, "web:1", in: "prod"))
                try await goBackAndForward(ana, bo)
            }
        }

        private func goBackAndForward(_ ana: TestProject, _ bo: TestProject) async throws {
            try await bring(ana, "web:2")
            try await Task.sleep(for: .seconds(5))
            try FileManager.default.removeItem(atPath: "\(ana.folder)/smoke")
            let unverified = try await must(ana, "promote", "staging", "prod", status: 3)
            #expect(unverified.errors.contains("not promoted: verify"), "\(unverified.errors)")
            try Data().write(to: URL(filePath: "\(ana.folder)/smoke"))
            try await expectBadAnswer(ana)
            _ = try await must(ana, "promote", "staging", "prod", "--apply", "--yes")
            try await commit(ana, "prod: web:2")
            #expect(try await runs(ana, "web:2", in: "prod"))
            // It is bad; the other one takes it back.
            try await git("pull", "--quiet", "--ff-only", in: bo.folder)
            _ = try await must(bo, "rollback", "prod", "--yes", "--reason", "INC-311")
            #expect(try await runs(ana, "web:1", in: "prod"))
            try await commit(bo, "prod: back to web:1")
            try await git("pull", "--quiet", "--ff-only", bo.folder, in: ana.folder)
            let held = try await must(ana, "promote", "staging", "prod", status: 3)
            #expect(held.errors.contains("rejected") && held.errors.contains("hold"), "\(held.errors)")
            _ = try await must(ana, "apply", "prod", "--yes", status: 3)
            // The repair.
            try await bring(ana, "web:3")
            try await Task.sleep(for: .seconds(5))
            let still = try await must(ana, "promote", "staging", "prod", status: 3)
            #expect(still.errors.contains("not promoted: hold"), "\(still.errors)")
            try await forward(ana)
        }

        /// One whose containers do not answer as they should is not promoted.
        private func expectBadAnswer(_ ana: TestProject) async throws {
            let file = "\(ana.folder)/environments/prod.yaml"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            try text.replacing("8080/", with: "8080/none").write(toFile: file, atomically: true, encoding: .utf8)
            let refused = try await must(ana, "promote", "staging", "prod", status: 3)
            #expect(refused.errors.contains("not promoted: verify"), "\(refused.errors)")
            #expect(refused.output.contains("page: web.1 on h2: exit code 1: status 404"), "\(refused.output)")
            try text.write(toFile: file, atomically: true, encoding: .utf8)
        }

        private func forward(_ ana: TestProject) async throws {
            let unheld = try await must(ana, "lock", "prod", "--unhold", "web")
            #expect(unheld.errors.contains("recast promote staging prod"), "\(unheld.errors)")
            _ = try await must(ana, "apply", "prod", "--yes", status: 3)
            _ = try await must(ana, "promote", "staging", "prod", "--apply", "--yes")
            #expect(try await runs(ana, "web:3", in: "prod"))
            let files = try FileManager.default.subpathsOfDirectory(atPath: "\(ana.folder)/environments")
            for file in files where file.hasSuffix(".json") || file.hasSuffix(".lock.yaml") {
                let text = try String(contentsOfFile: "\(ana.folder)/environments/\(file)", encoding: .utf8)
                #expect(!text.contains("planted-canary"), "\(file)")
            }
        }
    }
}
