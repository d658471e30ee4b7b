import DockerAPI
import Foundation
import Testing

extension FleetTests {
    /// What is not good is not kept, and what was there comes back.
    @Suite struct GateTests {
        private func service(_ image: String, extra: String = "") -> String {
            """
              web:
                image: ${REGISTRY}/\(image)
                ports: ["18083:8080"]
                stop_grace_period: 1s
                healthcheck: { interval: 200ms, retries: 3 }
            \(extra)
            """
        }

        @Test(arguments: ["shop/web:crash", "shop/web:unhealthy", "shop/web:noexec", "shop/web:crashlate"])
        func `a bad version is put back, and the old one answers`(image: String) async throws {
            try await TestProject.with { project in
                try project.write(services: service("shop/web:1"))
                try await project.applyAndSettle()
                let before = try await project.running().map(\.Id)
                // Dies after two seconds, so it has to be watched for longer.
                let watch = "    deploy: { update_config: { monitor: 4s } }"
                try project.write(services: service(image, extra: image.contains("crashlate") ? watch : ""))
                let applied = try await project.recast("apply", "test", "--yes")
                #expect(applied.status == 1, "\(applied.output)\(applied.errors)")
                #expect(applied.errors.contains("FAILED"), "\(applied.errors)")
                #expect(try await project.running().map(\.Id) == before)
                #expect(try await project.containers().count == 1)
                #expect(try await answer(fromHost: 11, port: 18083) == "web 1")
                try project.write(services: service("shop/web:1"))
                try await project.expectNoChanges()
            }
        }

        @Test func `a failed gate shows the container's last lines`() async throws {
            try await TestProject.with { project in
                try project.write(services: service("shop/web:crash"))
                let applied = try await project.recast("apply", "test", "--yes")
                // Its network was made and stands.
                #expect(applied.status == 4)
                #expect(applied.errors.contains("last lines of its log"), "\(applied.errors)")
                #expect(try await project.containers().isEmpty)
            }
        }

        @Test func `a rollout does not wait for the engine to look`() async throws {
            try await TestProject.with { project in
                let web = "  web:\n    image: ${REGISTRY}/shop/web:late\n    restart: always"
                try project.write(services: web)
                let applied = try await project.recast("apply", "test", "--yes")
                #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
                // The engine's first probe comes 30 s after the start.
                #expect(try await project.running().map { $0.State?.Health?.Status } == ["starting"])
            }
        }

        @Test func `a one-shot service completes, others wait for it, and a second plan is empty`() async throws {
            try await TestProject.with { project in
                let services = """
                      migrate:
                        image: ${REGISTRY}/shop/task:1
                        restart: "no"
                      web:
                        image: ${REGISTRY}/shop/web:1
                        depends_on: { migrate: { condition: service_completed_successfully } }
                    """
                try project.write(services: services)
                try await project.applyAndSettle()
                let states = try await project.containers().compactMap { $0.State?.Status }
                #expect(states.sorted() == ["exited", "running"])
            }
        }

        @Test func `interrupted while waiting, the old version is put back and the exit code is 130`() async throws {
            try await TestProject.with { project in
                try project.write(services: service("shop/web:1"))
                try await project.applyAndSettle()
                let before = try await project.running().map(\.Id)
                try project.write(
                    services: service("shop/web:unhealthy").replacing("retries: 3", with: "retries: 1000"))
                let applied = try await project.recast("apply", "test", "--yes") { process in
                    DispatchQueue.global().asyncAfter(deadline: .now() + 3) { kill(process, SIGINT) }
                }
                #expect(applied.status == 130, "\(applied.output)\(applied.errors)")
                #expect(try await project.running().map(\.Id) == before)
                #expect(try await answer(fromHost: 11, port: 18083) == "web 1")
            }
        }
    }
}
