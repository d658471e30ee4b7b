import DockerAPI
import Foundation
import Testing

extension FleetTests {
    /// The main road: from nothing, change, removal.
    @Suite struct ApplyTests {
        static let web = """
              web:
                image: ${REGISTRY}/shop/web:1
                ports: ["18080:8080"]
                stop_grace_period: 2s
                deploy: { mode: global }
              back:
                image: ${REGISTRY}/shop/base:1
                command: ["sleep", "1000"]
                init: true
                environment: { A: "1" }
                volumes: ["data:/data"]
                depends_on: { web: { condition: service_healthy } }
                deploy: { placement: { constraints: ["node.hostname == h3"] } }
            """

        @Test func `a fresh apply on three hosts runs everything, and a second plan is empty`() async throws {
            try await TestProject.with(hosts: ["h1", "h2", "h3"]) { project in
                try project.write(services: Self.web, rest: "volumes: { data: }")
                try await project.applyAndSettle()
                #expect(try await project.running(on: "h1").count == 1)
                #expect(try await project.running(on: "h3").count == 2)
                for address in 11...13 { #expect(try await answer(fromHost: address, port: 18080) == "web 1") }
            }
        }

        @Test func `a plan stays empty after every daemon was restarted`() async throws {
            try await TestProject.with(hosts: ["h1", "h2", "h3"]) { project in
                let services = Self.web.replacing(
                    "mode: global", with: "mode: global, restart_policy: { condition: any }"
                )
                .replacing("init: true", with: "init: true\n    restart: always")
                try project.write(services: services, rest: "volumes: { data: }")
                try await project.applyAndSettle()
                for host in project.hosts { try await project.fleet.manage("restart", host) }
                try await project.expectNoChanges()
            }
        }

        @Test func `a new image version replaces the containers and keeps the volume`() async throws {
            try await TestProject.with(hosts: ["h1", "h2", "h3"]) { project in
                try project.write(services: Self.web, rest: "volumes: { data: }")
                try await project.applyAndSettle()
                let before = try await project.running(on: "h1").map(\.Id)
                try project.write(
                    services: Self.web.replacing("shop/web:1", with: "shop/web:2"), rest: "volumes: { data: }")
                let plan = try await project.plan()
                #expect(plan.lines == ["h1", "h2", "h3"].map { "\($0) web.1 replace configuration" })
                #expect(plan.changes.allSatisfy { $0.differences.map(\.field) == ["image"] })
                try await project.applyAndSettle()
                #expect(try await project.running(on: "h1").map(\.Id) != before)
                #expect(try await answer(fromHost: 11, port: 18080) == "web 2")
            }
        }

        @Test func `what left the manifest is removed, its volume is not`() async throws {
            try await TestProject.with(hosts: ["h1"]) { project in
                let both = """
                      keep:
                        image: ${REGISTRY}/shop/base:1
                        command: ["sleep", "1000"]
                        init: true
                      gone:
                        image: ${REGISTRY}/shop/base:1
                        command: ["sleep", "1000"]
                        init: true
                        volumes: ["data:/data"]
                    """
                try project.write(services: both, rest: "volumes: { data: }")
                try await project.applyAndSettle()
                let alone = String(both.prefix(upTo: try #require(both.firstRange(of: "  gone")).lowerBound))
                try project.write(services: alone)
                #expect(try await project.plan().lines == ["h1 gone.1 remove not-desired"])
                try await project.applyAndSettle()
                #expect(try await project.containers().count == 1)
                let volumes = try await project.fleet.withEngine("h1") { try await $0.reader.volumes().map(\.Name) }
                #expect(volumes.contains("test-\(project.name)_data"))
            }
        }

        @Test func `a host port moves from one service to another`() async throws {
            try await TestProject.with { project in
                let service = { (name: String, port: Int) in
                    """
                      \(name):
                        image: ${REGISTRY}/shop/web:1
                        ports: ["\(port):8080"]
                        stop_grace_period: 1s

                    """
                }
                try project.write(services: service("alpha", 18081) + service("beta", 18082))
                try await project.applyAndSettle()
                try project.write(services: service("alpha", 18082) + service("beta", 18081))
                try await project.applyAndSettle()
                try project.write(services: service("gamma", 18082))
                try await project.applyAndSettle()
            }
        }

        @Test func `secrets stay out of labels, plans, events and status`() async throws {
            try await TestProject.with { project in
                let services = """
                      web:
                        image: ${REGISTRY}/shop/base:1
                        command: ["sleep", "1000"]
                        init: true
                        environment: { DB_PASSWORD: "${WORD}", URL: "pg://me:${WORD}@db/x", PASSED: "${HIDDEN}" }
                    """
                let secrets = ["hush-hush-1", "hush-hush-2"]
                for (secret, hidden) in zip(secrets, ["passed-1", "passed-2"]) {
                    try project.write(services: services, environment: "pass: [WORD, HIDDEN]")
                    let variables = ["WORD": secret, "HIDDEN": hidden]
                    let calls = [
                        ["config", "test"], ["plan", "test"], ["plan", "test", "--json"],
                        ["apply", "test", "--yes", "--json"], ["status", "test", "--json"],
                    ]
                    for arguments in calls {
                        let reply = try await Command(
                            project.fleet.binary, arguments, in: project.folder, environment: variables
                        ).run()
                        #expect(reply.status == 0, "\(arguments) \(reply.errors)")
                        for word in secrets + ["passed-1", "passed-2"] {
                            #expect(!(reply.output + reply.errors).contains(word), "\(arguments)")
                        }
                    }
                    let live = try #require(try await project.running().first)
                    #expect(live.Config?.Env?.contains("DB_PASSWORD=\(secret)") ?? false)
                    #expect(
                        !(live.Config?.Labels ?? [:]).values.contains { $0.contains("hush") || $0.contains("passed-") })
                }
            }
        }
    }
}

/// The network of the fleet's hosts, such as `10.77.40`.
private var network: String {
    TestFleet.current.registry.split(separator: ".").prefix(3).joined(separator: ".")
}

/// What a published port of a host answers at `/`.
func answer(fromHost number: Int, port: Int) async throws -> String {
    let url = "http://\(network).\(number):\(port)/"
    let reply = try await Command("/usr/bin/curl", ["-s", "-m", "3", url]).run()
    return reply.output.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
}
