import DockerAPI
import Testing

extension FleetTests {
    /// Images that the manifest names by content: all that an engine without a way to ask registries can do.
    @Suite struct PinnedImageTests {
        private func service(_ digest: String, _ lines: String) -> String {
            """
              web:
                image: ${REGISTRY}/shop/base:1@\(digest)
                command: ["sleep", "1000"]
                stop_grace_period: 1s
                restart: always
                ports: ["18095:80"]
                volumes: ["data:/data", "/srv:/in:ro"]
                networks: { one: { aliases: [x] }, two: }
                mem_limit: 64m
                cpus: 0.5
                labels: { a: b }
                init: true
                \(lines)
                deploy: { update_config: { monitor: 0s } }
            """
        }

        private let rest = "volumes: { data: }\nnetworks: { one: , two: }"

        @Test func `an application of pinned images is made, changed, mended and taken away`() async throws {
            let digest = try await TestFleet.current.digest(of: "shop/base:1")
            try await TestProject.with { project in
                try project.write(services: service(digest, "environment: { A: \"1\" }"), rest: rest)
                try await project.applyAndSettle("made")
                try project.write(services: service(digest, "environment: { A: \"2\" }"), rest: rest)
                #expect(try await project.plan().lines == ["h1 web.1 replace configuration"])
                try await project.applyAndSettle("changed")
                try project.write(services: service(digest, "cap_add: [NET_ADMIN]"), rest: rest)
                #expect(try await project.plan().lines == ["h1 web.1 replace configuration"])
                try await project.applyAndSettle("changed in a field that is not always given back")
                let live = try #require(try await project.running().first)
                try await project.fleet.withEngine("h1") { engine in
                    try await engine.updateRestartPolicy(live.Id, to: .init(Name: "no"))
                }
                #expect(try await project.plan().lines == ["h1 web.1 replace drift"])
                try await project.applyAndSettle("mended")
                try await project.fleet.withEngine("h1") { engine in
                    let running = try #require(try await project.running().first)
                    try await engine.stop(running.Id, grace: .seconds(1))
                }
                #expect(try await project.plan().lines == ["h1 web.1 start stopped"])
                try await project.applyAndSettle("started")
                #expect(try await project.containers().count == 1)
            }
        }
    }
}
