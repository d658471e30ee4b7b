import DockerAPI
import Foundation
import Testing

extension FleetTests {
    /// Hosts that do not answer.
    @Suite struct ReachTests {
        @Test(arguments: ["daemon", "hang"])
        func `a host that does not answer makes the plan incomplete, the rest is shown`(mode: String) async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                let services = """
                      web:
                        image: ${REGISTRY}/shop/base:1
                        command: ["sleep", "1000"]
                        init: true
                        restart: always
                        deploy: { mode: global }
                    """
                try project.write(services: services)
                try await project.fleet.manage("break", "h2", mode)
                let plan = try await project.recast("plan", "test")
                let applied = try await project.recast("apply", "test", "--yes")
                try await project.fleet.manage("heal", "h2")
                #expect(plan.status == 1)
                #expect(plan.output.contains("unreachable"), "\(plan.output)")
                #expect(plan.output.contains("web.1"), "\(plan.output)")
                #expect(applied.status == 3, "\(applied.output)\(applied.errors)")
                #expect(try await project.containers(on: "h1").isEmpty)
                try await project.applyAndSettle()
            }
        }

        @Test func `a scope without the silent host can be applied`() async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                let services = """
                      web:
                        image: ${REGISTRY}/shop/base:1
                        command: ["sleep", "1000"]
                        init: true
                        deploy: { mode: global }
                    """
                try project.write(services: services)
                try await project.fleet.manage("break", "h2", "refuse")
                let applied = try await project.recast("apply", "test", "--yes", "--host", "h1")
                try await project.fleet.manage("heal", "h2")
                #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
                #expect(try await project.running(on: "h1").count == 1)
            }
        }
    }
}
