import DockerAPI
import Foundation
import Testing

extension FleetTests {
    /// A plan that is made by one and carried out by another.
    @Suite(.serialized) struct SealedPlanTests {
        private func write(_ project: TestProject, _ image: String, more: String = "", environment: String = "") throws
        {
            try project.write(
                services: """
                      web:
                        image: ${REGISTRY}/shop/\(image)
                        stop_grace_period: 1s
                        environment: { PASSWORD: planted-canary }
                        \(more)
                        deploy: { mode: global, update_config: { monitor: 0s } }
                    """, environment: environment)
        }

        @Test func `it is carried out as it is, once, and by nobody who has other manifests`() async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                try write(project, "web:1")
                let planned = try await project.recast("plan", "test", "--out", "plan.json", "--host", "h1")
                #expect(planned.status == 0, "\(planned.errors)")
                let file = try String(contentsOfFile: project.folder + "/plan.json", encoding: .utf8)
                #expect(!file.contains("planted-canary"))
                try write(project, "web:1", more: "user: \"0\"")
                let other = try await project.recast("apply", "plan.json", "--yes")
                #expect(other.status == 3 && other.errors.contains("not those of the plan"), "\(other.errors)")
                try write(project, "web:1")
                let applied = try await project.recast("apply", "plan.json", "--yes")
                #expect(applied.status == 0, "\(applied.errors)")
                // Nothing but what the plan was narrowed to.
                #expect(try await project.running(on: "h1").count == 1)
                #expect(try await project.running(on: "h2").isEmpty)
                let again = try await project.recast("apply", "plan.json", "--yes")
                #expect(again.status == 3 && again.errors.contains("the hosts moved"), "\(again.errors)")
                #expect(try await project.recast("apply", "nothing.json", "--yes").status == 3)
            }
        }

        @Test func `where approval is required, only a plan that somebody signed who may is carried out`() async throws
        {
            try await TestProject.with { project in
                let folder = project.folder
                try write(project, "web:1", environment: "gates: { approval: required }")
                let direct = try await project.recast("apply", "test", "--yes")
                #expect(direct.status == 3 && direct.errors.contains("recast approve"), "\(direct.errors)")
                #expect(try await project.recast("plan", "test", "--out", "plan.json").status == 0)
                for name in ["ana", "eve"] {
                    let made = try await Command(
                        "/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", "\(folder)/\(name)"]
                    ).run()
                    try #require(made.status == 0)
                }
                let key = try String(contentsOfFile: "\(folder)/ana.pub", encoding: .utf8)
                try "ana@example.com \(key)".write(
                    toFile: "\(folder)/environments/allowed_signers", atomically: true, encoding: .utf8)
                for (key, isEnough) in [("eve", false), ("ana", true)] {
                    let early = try await project.recast("apply", "plan.json", "--yes")
                    #expect(early.status == 3 && early.errors.contains("nobody in"), "\(early.errors)")
                    let approved = try await project.recast(
                        "approve", "plan.json", "--key", "\(folder)/\(key)", "--yes")
                    #expect(approved.status == 0 && approved.output.contains("web.1"), "\(approved.errors)")
                    guard isEnough else { continue }
                    let applied = try await project.recast("apply", "plan.json", "--yes")
                    #expect(applied.status == 0 && applied.errors.contains("Approved by ana@example.com"))
                }
                #expect(try await project.running().count == 1)
            }
        }

        @Test func `it deploys the digests that were reviewed, whatever the lock file says by then`() async throws {
            try await TestProject.with { project in
                try write(project, "web:1")
                #expect(try await project.recast("plan", "test", "--out", "plan.json").status == 0)
                let lock = project.folder + "/environments/test.lock.yaml"
                #expect(try await project.recast("lock", "test").status == 0)
                let digests = try await [
                    project.fleet.digest(of: "shop/web:1"), project.fleet.digest(of: "shop/web:2"),
                ]
                let text = try String(contentsOfFile: lock, encoding: .utf8).replacing(digests[0], with: digests[1])
                try text.write(toFile: lock, atomically: true, encoding: .utf8)
                let applied = try await project.recast("apply", "plan.json", "--yes")
                #expect(applied.status == 0, "\(applied.errors)")
                let running = try #require(try await project.running().first)
                #expect(running.Config?.Labels?["io.recast.image-digest"] == digests[0])
                #expect(try await project.plan().lines == ["h1 web.1 replace configuration"])
            }
        }
    }
}
