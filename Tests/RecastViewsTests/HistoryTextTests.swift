import RecastModel
import RecastViews
import Testing

@Suite struct HistoryTextTests {
    private static func record(
        _ number: Int, _ outcome: Outcome?, _ tag: Int, spec: String = "v1:a", reason: String? = nil
    ) -> ReleaseRecord {
        ReleaseRecord(
            number: number, name: "release-\(number)",
            origin: ReleaseOrigin(actor: "ana@laptop", toolVersion: "0.1.0", reason: reason),
            began: 1_769_860_800 + Int64(number), outcome: outcome,
            services: [
                "web": .init(
                    image: "shop/web:\(tag)", digest: "sha256:" + String(repeating: "\(tag)", count: 64),
                    specHash: spec, instances: 2)
            ])
    }

    private let history = History(
        [
            "h1": [
                record(1, .done, 1, reason: "SHOP-1"), record(2, .failed, 2), record(3, .done, 2),
                record(4, nil, 2, spec: "v1:b"),
            ], "h2": [record(3, .done, 2)],
        ], unreachable: ["h3": "no route"])

    @Test func `each release is a line, with what it changed`() {
        #expect(
            HistoryText(history).lines(limit: 3) == [
                "RELEASE   BEGAN                  BY           WHAT    RESULT                    HOSTS   IMAGES",
                "4         2026-01-31 12:00:04Z   ana@laptop   apply   unfinished                1       web configured",
                "3         2026-01-31 12:00:03Z   ana@laptop   apply   done                      2       web 2",
                "2         2026-01-31 12:00:02Z   ana@laptop   apply   failed, nothing changed   1       web 2",
                "1 more: --limit 4", "h3   unreachable: no route",
            ])
        #expect(HistoryText(history).lines(limit: 9)[4].hasSuffix("web 1  (SHOP-1)"))
        #expect(HistoryText(History([:])).lines(limit: 9) == ["No release is recorded."])
    }

    @Test func `what does not add up is told, and whole`() {
        let history = History([
            "h1": [1, 4, 6].map { Self.record($0, .done, 1) }, "h2": [Self.record(6, .failed, 2, spec: "v1:c")],
        ])
        let lines = HistoryText(history.of(["web"])).lines(limit: 9)
        #expect(
            lines.last == "No host that answers remembers 2-3, 5: their volumes were removed, or their hosts are gone.")
    }

    @Test func `one of them is shown host by host`() throws {
        let lines = HistoryText(history).lines(of: try #require(history.releases.dropFirst().first))
        #expect(lines.first == "release 3")
        #expect(
            lines.contains("h2     web       2           shop/web:2   sha256:222222222222   done"), "\(lines)")
    }

    @Test func `programs read the same`() throws {
        let text = try JSONText.document(HistoryDocument(history.releases, of: history))
        #expect(text.contains(#""reason" : "SHOP-1""#) && text.contains(#""result" : "unfinished""#))
    }

    @Test func `what differs between two releases is told by service`() throws {
        let find = { (number: Int) in try #require(history.releases.first { $0.number == number }) }
        let lines = HistoryDifference(history, from: try find(1), to: try find(3)).lines
        #expect(lines == ["release 1 → 3", "", "  web   1 (sha256:111111111111) → 2 (sha256:222222222222)"])
        let configured = HistoryDifference(history, from: try find(3), to: try find(4)).lines
        #expect(configured.last == "  web   2 (sha256:222222222222), configured otherwise")
        #expect(HistoryDifference(history, from: try find(3), to: try find(3)).lines.last == "  nothing differs")
    }

    @Test func `what is exported is read again, the oldest first`() throws {
        let desired = Desired(
            environment: "test", application: "shop", hosts: [], instances: [], networks: [], volumes: [])
        let lines = try HistoryLine.text(history, of: desired)
        #expect(lines.count == 5 && lines.allSatisfy { !$0.contains("\n") })
        let records = try lines.map { try #require(HistoryLine(line: $0)) }
        #expect(records.compactMap(\.record?.number) == [1, 2, 3, 3, 4])
        #expect(records.map(\.host) == ["h1", "h1", "h1", "h2", "h1"])
        #expect(records.first?.record == history.releases.last?.hosts["h1"])
        for text in ["", "{}", "[1]", "no JSON", lines[0].replacing("io.recast.release", with: "x")] {
            #expect(HistoryLine(line: text) == nil)
        }
    }
}
