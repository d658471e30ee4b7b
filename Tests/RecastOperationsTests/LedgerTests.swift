import DockerAPI
import RecastHosts
import RecastModel
import RecastTesting
import Testing

/// What one host remembers of releases.
@Suite struct LedgerTests {
    private func with(
        _ configuration: EngineConfiguration = .engine20,
        _ body: @Sendable (EngineClient, HostLedger) async throws -> Void
    ) async throws {
        try await withSimulatedEngine(configuration) { engine in
            try await EngineNetwork.withNetwork { network in
                let client = EngineClient(try await .connect(to: .unix(path: engine.path), over: network))
                try await body(client, HostLedger(client, environment: "test", application: "shop"))
            }
        }
    }

    private func record(_ number: Int, _ outcome: Outcome? = nil, began: Int64 = 1) -> ReleaseRecord {
        ReleaseRecord(
            number: number, name: "release-\(number)", origin: ReleaseOrigin(actor: "ana", toolVersion: "0.1.0"),
            began: began, outcome: outcome, services: [:])
    }

    @Test func `a result takes the place of its intent`() async throws {
        try await with { client, ledger in
            #expect(try await ledger.records().isEmpty)
            let intent = try await ledger.write { record(1, began: $0) }
            #expect(intent.began > 1_700_000_000)
            var result = intent
            result.outcome = .done
            _ = try await ledger.write { [result] _ in result }
            #expect(try await ledger.records() == [result])
            _ = try await ledger.write { _ in record(2) }
            #expect(try await ledger.records().map(\.number) == [1, 2])
            #expect(try await client.reader.volumes().count == 2)
        }
    }

    @Test func `a host keeps so many, and goes on counting where a prune took all`() async throws {
        try await with(.podman) { client, ledger in
            for number in 1...23 { _ = try await ledger.write { _ in record(number, .done) } }
            #expect(try await ledger.records().map(\.number) == Array(4...23))
            for volume in try await client.reader.volumes() { try await client.removeVolume(volume.Name) }
            #expect(try await ledger.records().isEmpty)
            _ = try await ledger.write { _ in record(24, .done) }
            #expect(try await ledger.records().map(\.number) == [24])
        }
    }

    @Test func `writers at the same time all get an entry`() async throws {
        try await with { _, ledger in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...3 { group.addTask { _ = try await ledger.write { _ in record(number, .done) } } }
                try await group.waitForAll()
            }
            #expect(Set(try await ledger.records().map(\.number)) == [1, 2, 3])
        }
    }
}
