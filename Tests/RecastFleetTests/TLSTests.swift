import Foundation
import Testing

extension FleetTests {
    /// An engine behind mutual TLS.
    @Suite struct TLSTests {
        private let services = """
              web:
                image: ${REGISTRY}/shop/base:1
                command: ["sleep", "1000"]
                init: true
                stop_grace_period: 1s
            """

        @Test func `a host is deployed to over TLS`() async throws {
            try await TestProject.with { project in
                try project.write(
                    services: services, engines: ["h1": project.fleet.tlsEngine("h1")])
                try await project.applyAndSettle()
                #expect(try await project.running().count == 1)
            }
        }

        @Test func `a docker context leads to its host`() async throws {
            try await TestProject.with { project in
                try project.write(services: services, engines: ["h1": "engine: \"context:fleet\""])
                let store = project.folder + "/docker/contexts"
                try FileManager.default.createDirectory(
                    atPath: "\(store)/meta/id", withIntermediateDirectories: true)
                try FileManager.default.createDirectory(
                    atPath: "\(store)/tls/id/docker", withIntermediateDirectories: true)
                let host = "tcp://\(project.fleet.address("h1")):2376"
                let meta = #"{"Name":"fleet","Endpoints":{"docker":{"Host":"\#(host)","SkipTLSVerify":false}}}"#
                try meta.write(toFile: "\(store)/meta/id/meta.json", atomically: true, encoding: .utf8)
                for file in ["ca.pem", "cert.pem", "key.pem"] {
                    try FileManager.default.copyItem(
                        atPath: "\(project.fleet.certificates)/\(file)", toPath: "\(store)/tls/id/docker/\(file)")
                }
                let variables = ["DOCKER_CONFIG": project.folder + "/docker"]
                let plan = try await project.recast("plan", "test", "--detailed-exitcode", environment: variables)
                #expect(plan.status == 2, "\(plan.output)\(plan.errors)")
                let unknown = try await project.recast("plan", "test", environment: ["DOCKER_CONFIG": "/nowhere"])
                #expect(unknown.status == 1)
                #expect(unknown.output.contains("there is no context 'fleet'"), "\(unknown.output)")
            }
        }

        @Test func `dockerd's refusal of a client without a certificate is explained`() async throws {
            try await TestProject.with { project in
                try project.write(services: services, engines: ["h1": project.fleet.tlsEngine("h1", ["ca"])])
                let plan = try await project.recast("plan", "test")
                #expect(plan.status == 1)
                #expect(plan.output.contains("it needs `cert` and `key`"), "\(plan.output)")
            }
        }

        @Test func `plain TCP to dockerd's port for TLS is explained, and so is the reverse`() async throws {
            try await TestProject.with { project in
                let address = project.fleet.address("h1")
                try project.write(
                    services: services, engines: ["h1": "engine: \"tcp://\(address):2376\", insecure: true"])
                let plain = try await project.recast("plan", "test")
                #expect(plain.output.contains("speaks TLS only"), "\(plain.output)")
                #expect(plain.errors.contains("environment.insecure-engine"), "\(plain.errors)")
                // The registry is the one port that is sure to speak plain HTTP.
                let registry = project.fleet.tlsEngine(at: project.fleet.registry)
                try project.write(services: services, engines: ["h1": registry])
                let secure = try await project.recast("plan", "test")
                #expect(secure.output.contains("does not speak TLS"), "\(secure.output)")
            }
        }
    }
}
