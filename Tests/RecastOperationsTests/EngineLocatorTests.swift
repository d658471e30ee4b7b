import DockerAPI
import Foundation
import RecastModel
import SSHAddressing
import Testing

@testable import RecastOperations

@Suite struct EngineLocatorTests {
    private func location(
        _ engine: String, tls: TLSFiles? = nil, insecure: Bool = false, variables: [String: String] = [:]
    ) throws -> EngineLocator.Location {
        let host = HostDefinition(name: "a", engine: engine, tls: tls, insecure: insecure, position: Shop.nowhere)
        return try EngineLocator(surroundings: Surroundings(variables: variables)).location(of: host)
    }

    private func problem(_ body: () throws -> EngineLocator.Location) -> String? {
        do {
            return "\(try body())"
        } catch let problem as EngineLocator.Problem {
            return problem.sentence
        } catch {
            return nil
        }
    }

    @Test func `every kind of address leads somewhere`() throws {
        #expect(try location("unix:///run/a.sock") == .engine(.unix(path: "/run/a.sock")))
        #expect(try location("tcp://127.0.0.1:2375") == .engine(.tcp(host: "127.0.0.1", port: 2375)))
        #expect(try location("ssh://u@a:1") == .ssh(SSHAddress(user: "u", host: "a", port: 1)))
        let tls = EngineTLS(authorityFile: "ca.pem", certificateFile: "c.pem", keyFile: "k.pem", serverName: "n")
        let files = TLSFiles(authority: "ca.pem", certificate: "c.pem", key: "k.pem", serverName: "n")
        #expect(try location("tcp://a", tls: files) == .engine(.tls(host: "a", port: 2376, tls)))
    }

    @Test func `a context without certificates must be allowed by name`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "recast-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, host) in [("plain", "tcp://10.0.0.5"), ("far", "ssh://deploy@far"), ("loop", "context:far")] {
            let meta = "\(folder)/.docker/contexts/meta/\(name)"
            try FileManager.default.createDirectory(atPath: meta, withIntermediateDirectories: true)
            try #"{"Name":"\#(name)","Endpoints":{"docker":{"Host":"\#(host)"}}}"#
                .write(toFile: "\(meta)/meta.json", atomically: true, encoding: .utf8)
        }
        let home = ["HOME": folder]
        #expect(
            problem { try location("context:plain", variables: home) }?.contains("is plain TCP to '10.0.0.5'") ?? false)
        let allowed = try location("context:plain", insecure: true, variables: home)
        #expect(allowed == .engine(.tcp(host: "10.0.0.5", port: 2375)))
        #expect(try location("context:far", variables: home) == .ssh(SSHAddress(user: "deploy", host: "far")))
        #expect(problem { try location("context:loop", variables: home) }?.contains("no engine's") ?? false)
        #expect(problem { try location("context:far") }?.contains("neither HOME nor DOCKER_CONFIG") ?? false)
        let other = ["HOME": folder, "DOCKER_CONFIG": "/nowhere"]
        #expect(problem { try location("context:far", variables: other) }?.contains("in '/nowhere'") ?? false)
    }
}
