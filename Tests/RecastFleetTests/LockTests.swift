import DockerAPI
import Foundation
import Testing

extension FleetTests {
    /// What an environment is pinned to.
    @Suite(.serialized) struct LockTests {
        private func write(_ project: TestProject, _ image: String, more: String = "") throws {
            let services = """
                  web:
                    image: ${REGISTRY}/shop/\(image)
                    stop_grace_period: 1s
                    \(more)
                    deploy: { update_config: { monitor: 0s } }
                """
            try project.write(services: services, rest: "volumes: { data: }")
        }

        /// Gives an image a tag of its own.
        private func tag(_ image: String, _ tag: String) async throws {
            let fleet = TestFleet.current
            let manifests = { (name: String) in "http://\(fleet.registry)/v2/shop/web/manifests/\(name)" }
            let types = [
                "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json",
            ]
            let script = """
                type=$(curl -fsI --noproxy '*' -H 'Accept: \(types.joined(separator: ", "))' \(manifests(image)) \
                  | tr -d '\\r' | sed -n 's/^[Cc]ontent-[Tt]ype: //p')
                curl -fs --noproxy '*' -H "Accept: $type" \(manifests(image)) \
                  | curl -fs --noproxy '*' -X PUT -H "Content-Type: $type" --data-binary @- \(manifests(tag))
                """
            let run = try await Command("/bin/sh", ["-c", script]).run()
            try #require(run.status == 0, "\(run.output)\(run.errors)")
        }

        private func lock(_ project: TestProject, _ arguments: String...) async throws -> Command.Ended {
            try await Command(project.fleet.binary, ["lock", "test"] + arguments, in: project.folder).run()
        }

        @Test func `a tag that moves changes nothing until somebody asks for it`() async throws {
            try await TestProject.with { project in
                try await tag("1", "\(project.name)")
                try write(project, "web:\(project.name)")
                let unlocked = try await project.recast("apply", "test", "--yes", "--locked")
                #expect(unlocked.status == 3 && unlocked.errors.contains("recast lock test"), "\(unlocked.errors)")
                #expect(try await lock(project, "--check").status == 2)
                #expect(!FileManager.default.fileExists(atPath: project.folder + "/environments/test.lock.yaml"))
                let locked = try await lock(project)
                #expect(locked.status == 0, "\(locked.errors)")
                try await project.applyAndSettle()
                try await tag("2", "\(project.name)")
                try await project.expectNoChanges()
                #expect(try await lock(project, "--check").status == 0)
                let updated = try await lock(project, "--update")
                #expect(updated.status == 0 && updated.output.contains("1 changed"), "\(updated.output)")
                #expect(try await project.plan().lines == ["h1 web.1 replace configuration"])
                try await project.applyAndSettle()
            }
        }

        @Test func `what is not pinned is not deployed, and what cannot be is told`() async throws {
            try await TestProject.with { project in
                try write(project, "web:1")
                #expect(try await lock(project).status == 0)
                try await project.applyAndSettle()
                try write(project, "web:2")
                let refused = try await project.recast("apply", "test", "--yes")
                #expect(refused.status == 3 && refused.output.contains("pin it: recast lock test"), "\(refused.output)")
                try write(project, "nothing:1")
                let unknown = try await lock(project)
                #expect(unknown.status == 3 && unknown.errors.contains("shop/nothing:1"), "\(unknown.errors)")
                #expect(try await lock(project, "--check", "--json").status == 3)
                try write(project, "web:2")
                #expect(try await lock(project).status == 0)
                try await project.applyAndSettle()
            }
        }

        @Test func `a volume that somebody removed together with its container is missed`() async throws {
            try await TestProject.with { project in
                try write(project, "web:1", more: "volumes: [\"data:/data\"]")
                #expect(try await lock(project).status == 0)
                try await project.applyAndSettle()
                let recorded = try await lock(project)
                #expect(recorded.output.contains("1 new, 1 as before"), "\(recorded.output)")
                let volume = "test-\(project.name)_data"
                let container = try #require(try await project.running().first?.Id)
                try await project.fleet.withEngine("h1") { engine in
                    try await engine.removeContainer(container)
                    try await engine.removeVolume(volume)
                }
                let refused = try await project.recast("apply", "test", "--yes")
                #expect(refused.status == 3 && refused.output.contains("is gone"), "\(refused.output)")
                let accepted = try await project.recast("apply", "test", "--yes", "--accept", "new-volume:\(volume)")
                #expect(accepted.status == 0, "\(accepted.output)\(accepted.errors)")
                let changed = try await lock(project)
                #expect(changed.output.contains("1 changed"), "\(changed.output)")
                try await project.expectNoChanges()
            }
        }
    }
}
