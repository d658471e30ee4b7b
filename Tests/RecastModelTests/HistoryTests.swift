import RecastModel
import Testing

@Suite struct HistoryTests {
    private static func record(
        _ number: Int, _ outcome: Outcome?, _ images: [ServiceName: String], name: String? = nil
    ) -> ReleaseRecord {
        ReleaseRecord(
            number: number, name: name ?? "release-\(number)",
            origin: ReleaseOrigin(
                actor: "ana@laptop", toolVersion: "0.1.0", commit: "abc-dirty", reason: "a reason, 'so'"),
            began: Int64(1_000 + number), outcome: outcome,
            services: images.mapValues {
                ReleaseRecord.Service(image: $0, digest: "sha256:\($0)", specHash: "v1:\($0)", instances: 2)
            })
    }

    @Test(arguments: [nil, .done, .failed, .partlyDone, .interrupted] as [Outcome?])
    func `a record is read as it was written`(outcome: Outcome?) {
        var record = Self.record(7, outcome, ["web": "shop/web:1", "db": "postgres:15"])
        record.volumes = ["prod-shop_data": "0123", "other.name": "4567"]
        record.schemas = [
            "main": SchemaMark(version: 44, release: 7), "orders": SchemaMark(version: nil, release: 3),
        ]
        #expect(ReleaseRecord(labels: record.labels) == record)
        var labels = record.labels
        labels["io.recast.release"] = nil
        #expect(ReleaseRecord(labels: labels) == nil)
        #expect(ReleaseRecord(labels: [:]) == nil)
    }

    @Test func `an image that only a host has has no digest, and is read again`() {
        let service = ReleaseRecord.Service(
            image: "local:1", digest: "", specHash: "v1:x", instances: 1, schema: SchemaPolicy(works: 42...44))
        let record = ReleaseRecord(
            number: 1, name: "r", origin: ReleaseOrigin(actor: "a", toolVersion: "1"), began: 1,
            services: ["s": service])
        #expect(ReleaseRecord(labels: record.labels) == record)
    }

    @Test(
        arguments: [
            ([.done, .done], .done), ([.done, nil], .unfinished), ([.failed, .failed], .failed),
            ([.done, .failed], .partlyDone), ([.partlyDone], .partlyDone), ([.done, .interrupted], .interrupted),
        ] as [([Outcome?], Release.Result)])
    func `the results of the hosts make one`(outcomes: [Outcome?], result: Release.Result) {
        let logs = Dictionary(
            uniqueKeysWithValues: outcomes.enumerated().map {
                (HostName("h\($0.offset)"), [Self.record(1, $0.element, ["web": "web:1"])])
            })
        #expect(History(logs).releases.map(\.result) == [result])
    }

    @Test func `what no host remembers, and numbers that were given twice, are told`() {
        let web: [ServiceName: String] = ["web": "web:1"]
        let history = History([
            "a": [1, 2, 5, 9].map { Self.record($0, .done, web) },
            "b": [2, 6].map { Self.record($0, .done, web) }
                + [Self.record(6, .done, web, name: "other"), Self.record(6, .done, web, name: "another")],
        ])
        #expect(history.missing == [3...4, 7...8])
        #expect(history.repeated == [6])
        #expect(History(["a": [Self.record(7, .done, web)]]).missing.isEmpty)
        #expect(History([:]).missing.isEmpty && History([:]).repeated.isEmpty)
    }

    @Test func `hosts remember different parts, and the newest comes first`() {
        let history = History([
            "a": [Self.record(1, .done, ["web": "web:1"]), Self.record(3, .done, ["web": "web:2"])],
            "b": [Self.record(2, .done, ["db": "db:1"]), Self.record(3, .done, ["web": "web:2"])],
        ])
        #expect(history.releases.map(\.number) == [3, 2, 1])
        #expect(history.releases.map(\.hosts.count) == [2, 1, 1])
        #expect(history.of(["db"]).releases.map(\.number) == [2])
        #expect(history.of([]).releases.count == 3)
    }

    @Test func `of an intent and its result the result counts`() {
        let intent = Self.record(1, nil, ["web": "web:1"])
        var result = intent
        result.outcome = .done
        for order in [[intent, result], [result, intent]] {
            #expect(History(["a": order]).releases.map(\.result) == [.done])
        }
    }

    @Test func `what failed was not there before the next one`() throws {
        let history = History([
            "a": [
                Self.record(1, .done, ["web": "web:1", "db": "db:1"]), Self.record(2, .failed, ["web": "web:2"]),
                Self.record(3, .done, ["web": "web:3"]),
            ]
        ])
        let last = try #require(history.releases.first)
        #expect(history.images(before: last).mapValues { $0.map(\.reference) } == ["web": ["web:1"], "db": ["db:1"]])
        #expect(history.images(before: try #require(history.releases.last)).isEmpty)
    }

    @Test func `numbers that were given twice are two releases`() {
        let history = History([
            "a": [Self.record(1, .done, ["web": "web:1"], name: "x")],
            "b": [Self.record(1, .done, ["web": "web:2"], name: "y")],
        ])
        #expect(history.releases.map(\.name) == ["y", "x"])
    }
}
