import DockerAPI
import Foundation
import Testing

extension FleetTests {
    /// A registry that lets in only who is known to it.
    @Suite struct RegistryTests {
        /// `shop/worker:1` behind basic authentication; no host has it under that name.
        private var image: String { "\(TestFleet.current.guardedRegistry)/shop/worker:1" }

        private func withProject(
            _ image: String, environment: String = "", _ body: (TestProject) async throws -> Void
        ) async throws {
            try await TestProject.with { project in
                let services = """
                      web:
                        image: \(image)
                        entrypoint: ["sleep", "1000"]
                        init: true
                        stop_grace_period: 1s
                    """
                try project.write(services: services, environment: environment)
                let outcome: Result<Void, any Error>
                do { outcome = .success(try await body(project)) } catch { outcome = .failure(error) }
                try await project.removeWithImages()
                try outcome.get()
            }
        }

        /// A folder of docker's with a login, as the value of `DOCKER_CONFIG`.
        private func login(_ project: TestProject, password: String) throws -> [String: String] {
            let folder = project.folder + "/docker"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let auth = Data("fleet:\(password)".utf8).base64EncodedString()
            let json = #"{"auths":{"\#(project.fleet.guardedRegistry)":{"auth":"\#(auth)"}}}"#
            try json.write(toFile: folder + "/config.json", atomically: true, encoding: .utf8)
            return ["DOCKER_CONFIG": folder]
        }

        /// No login of whoever runs the tests.
        private func nobody(_ project: TestProject) -> [String: String] {
            ["DOCKER_CONFIG": project.folder, "HOME": project.folder, "REGISTRY_AUTH_FILE": project.folder + "/none"]
        }

        @Test func `an image that needs credentials is pulled with those of docker login`() async throws {
            try await withProject(image) { project in
                let variables = try login(project, password: "secret")
                let applied = try await project.recast("apply", "test", "--yes", environment: variables)
                #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
                #expect(try await project.running().count == 1)
                #expect(!(applied.output + applied.errors).contains("secret"))
            }
        }

        @Test func `the environment's own login wins over docker's`() async throws {
            let registries = """
                registries:
                  "\(TestFleet.current.guardedRegistry)": { username: fleet, secret: { env: FLEET_SECRET } }
                """
            try await withProject(image, environment: registries) { project in
                let variables = try login(project, password: "wrong").merging(["FLEET_SECRET": "secret"]) { $1 }
                let applied = try await project.recast("apply", "test", "--yes", environment: variables)
                #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
                let unset = try await project.recast(
                    "plan", "test", "--json", environment: nobody(project))
                #expect(unset.status == 0, "what runs is what the tag means: \(unset.errors)")
            }
        }

        @Test func `without credentials the plan says that they are missing`() async throws {
            try await withProject(image) { project in
                let plan = try await project.recast("plan", "test", environment: nobody(project))
                #expect(plan.status == 3)
                #expect(plan.output.contains("wants credentials, and none are known"), "\(plan.output)")
                #expect(plan.output.contains("docker login \(project.fleet.guardedRegistry)"))
            }
        }

        @Test func `with wrong credentials the plan says where they came from`() async throws {
            try await withProject(image) { project in
                let variables = try login(project, password: "wrong")
                let plan = try await project.recast("plan", "test", environment: variables)
                #expect(plan.status == 3)
                let origin = "does not accept the credentials from '\(project.folder)/docker/config.json'"
                #expect(plan.output.contains(origin), "\(plan.output)")
                #expect(!plan.output.contains("wrong"))
            }
        }

        @Test func `a digest is pulled with credentials too, and refused without`() async throws {
            let digest = try await TestFleet.current.withEngine("h1") { engine in
                try await engine.reader.distribution("\(TestFleet.current.registry)/shop/worker:1").Descriptor.digest
            }
            let pinned = "\(TestFleet.current.guardedRegistry)/shop/worker@\(digest)"
            try await withProject(pinned) { project in
                let refused = try await project.recast("apply", "test", "--yes", environment: nobody(project))
                #expect(refused.status == 1, "\(refused.output)\(refused.errors)")
                #expect((refused.output + refused.errors).contains("wants credentials, and none are known"))
                let applied = try await project.recast(
                    "apply", "test", "--yes", environment: try login(project, password: "secret"))
                #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
            }
        }

        @Test(arguments: [
            ("shop/worker:nope", "there is no such tag, or no such repository"),
            ("shop/nothing:1", "there is no such tag, or no such repository"),
        ])
        func `what a registry does not have is told apart from what it does not give`(
            name: String, words: String
        ) async throws {
            try await withProject("\(TestFleet.current.registry)/\(name)") { project in
                let plan = try await project.recast("plan", "test", environment: nobody(project))
                #expect(plan.status == 3)
                #expect(plan.output.contains(words), "\(plan.output)")
            }
        }

        @Test func `a registry that a host cannot reach is told with the host`() async throws {
            let address = TestFleet.current.registry.prefix { $0 != ":" }
            try await withProject("\(address):5999/shop/web:1") { project in
                let plan = try await project.recast("plan", "test", environment: nobody(project))
                #expect(plan.status == 3)
                #expect(plan.output.contains("host h1 cannot reach \(address):5999"), "\(plan.output)")
            }
        }
    }
}
