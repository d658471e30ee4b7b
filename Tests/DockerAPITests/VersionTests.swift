import DockerAPI
import RecastTesting
import Testing

@Suite struct VersionTests {
    private func agreed(_ version: String, api: String, minimum: String?) async throws -> String {
        let minimum = minimum.map { #","MinAPIVersion":"\#($0)""# } ?? ""
        let body = #"{"Version":"\#(version)","ApiVersion":"\#(api)"\#(minimum)}"#
        return try await withAnswer(http("200 OK", body)) { endpoint, network in
            try await "\(EngineReader.connect(to: endpoint, over: network, timeout: .seconds(60)).api)"
        }
    }

    @Test(
        arguments: [
            ("20.10.24", "1.41", "1.12", "1.41"), ("24.0.7", "1.43", "1.12", "1.43"),
            ("28.5.2", "1.51", "1.24", "1.51"), ("29.0.0", "1.52", "1.44", "1.51"), ("31.0.0", "1.60", "1.51", "1.51"),
        ])
    func `the highest version that both speak is agreed`(
        version: String, api: String, minimum: String, expected: String
    ) async throws {
        #expect(try await agreed(version, api: api, minimum: minimum) == expected)
    }

    @Test func `an engine need not name its minimum`() async throws {
        #expect(try await agreed("20.10.24", api: "1.41", minimum: nil) == "1.41")
    }

    @Test(
        arguments: [
            ("19.03.15", "1.40", "1.12", "Docker 20.10"), ("32.0.0", "1.61", "1.52", "wants API 1.52"),
            ("x", "soon", "1.12", "'soon'"),
        ])
    func `an engine without a common version is refused and told why`(
        version: String, api: String, minimum: String, words: String
    ) async throws {
        let error = try await engineError { _ = try await agreed(version, api: api, minimum: minimum) }
        #expect(error?.code == .versionMismatch)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "no error")")
    }

    @Test func `the agreed version is in the path of every later request`() async throws {
        try await withClient(.engine26) { engine, client in
            _ = try await client.reader.containers()
            #expect(engine.requests.map(\.api) == [nil, "1.45"])
        }
    }

    @Test func `an engine that refuses old versions is spoken to in a newer one`() async throws {
        try await withClient(.engine29) { _, client in
            let containers = try await client.reader.containers()
            #expect(containers.isEmpty)
            #expect(client.reader.api == EngineAPIVersion(1, 51))
        }
    }
}
