import Foundation
import RecastTesting
import Synchronization
import Testing

@testable import DockerAPI

@Suite struct RegistryAuthTests {
    /// What `X-Registry-Auth` says.
    private func fields(_ value: String) throws -> [String: String] {
        let base64 = value.replacing("-", with: "+").replacing("_", with: "/")
        let data = try #require(Data(base64Encoded: base64))
        return try JSONDecoder().decode([String: String].self, from: data)
    }

    @Test func `the header is base64url over JSON`() throws {
        let auth = RegistryAuth(username: "döner?>", password: "??>>~~ÿÿ", server: "registry:5000")
        let value = try #require(try auth.headers.first).1
        #expect(!value.contains { "+/".contains($0) })
        #expect(
            try fields(value) == ["username": "döner?>", "password": "??>>~~ÿÿ", "serveraddress": "registry:5000"])
        let token = RegistryAuth(identityToken: "t", server: "s")
        #expect(try fields(try #require(try token.headers.first).1) == ["identitytoken": "t", "serveraddress": "s"])
    }

    @Test func `nothing of it is shown`() {
        let auth = RegistryAuth(username: "deploy", password: "hunter2", server: "s")
        #expect(!"\(auth) \(String(reflecting: auth)) \(String(describing: auth))".contains("hunter2"))
    }

    @Test func `it goes with pulls and look-ups, and with nothing else`() async throws {
        let auth = RegistryAuth(username: "deploy", password: "hunter2", server: "s")
        let seen = Mutex<[String]>([])
        let version = #"{"Version":"20.10.24","ApiVersion":"1.41","MinAPIVersion":"1.12"}"#
        try await TemporarySocket.with { socket in
            try await HTTPServer.withServer(
                at: .unix(path: socket.path),
                handler: { call in
                    seen.withLock { $0.append("\(call.target) \(call.header("X-Registry-Auth") ?? "none")") }
                    let body =
                        call.target.contains("distribution")
                        ? #"{"Descriptor":{"digest":"sha256:1"},"Platforms":[]}"# : version
                    return .reply(.text(200, body))
                },
                body: { _ in
                    try await EngineNetwork.withNetwork { network in
                        let reader = try await EngineReader.connect(
                            to: .unix(path: socket.path), over: network, timeout: .seconds(60))
                        _ = try await reader.distribution("web:1", auth: auth)
                        try await EngineClient(reader).pull("web", version: "1", auth: auth) { _ in }
                        try await EngineClient(reader).pull("web", version: "2") { _ in }
                    }
                })
        }
        let header = try #require(try auth.headers.first).1
        let calls = [
            "/version none", "/v1.41/distribution/web%3A1/json \(header)",
            "/v1.41/images/create?fromImage=web&tag=1 \(header)", "/v1.41/images/create?fromImage=web&tag=2 none",
        ]
        #expect(seen.withLock(\.self) == calls)
    }
}
