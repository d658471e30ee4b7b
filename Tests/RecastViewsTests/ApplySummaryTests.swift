import RecastModel
import RecastViews
import Testing

/// What stands at the end of an apply.
@Suite struct ApplySummaryTests {
    private func summary(
        _ fixture: ProgressFixture, fates: [Int: Fate], gaps: [(Int, Duration)] = [], style: Style = Style()
    ) -> [String] {
        var text = ProgressText(fixture.plan, style: style)
        for (slot, gap) in gaps {
            #expect(text.receive(.gap(ProgressFixture.place(slot), gap), at: .zero).isEmpty)
        }
        let places = Dictionary(uniqueKeysWithValues: fates.map { (ProgressFixture.place($0.key), $0.value) })
        return text.receive(.settled(places), at: .zero)
    }

    @Test func `a table has a row for each host and a column for each fate that occurs`() {
        let fixture = ProgressFixture(batches: [[1, 2, 3, 4]])
        #expect(
            summary(fixture, fates: [1: .replaced, 3: .replaced, 2: .broken, 4: .skipped]) == [
                "", "HOST   REPLACED   NOT PUT BACK   SKIPPED   UNCHANGED",
                "h1     2          -              -         3", "h2     -          1              1         -", "",
            ])
        #expect(
            summary(fixture, fates: [1: .created, 2: .started, 3: .removed, 4: .reverted, 5: .failed, 7: .unchanged])
                == [
                    "", "HOST   CREATED   STARTED   REMOVED   REVERTED   FAILED   UNCHANGED",
                    "h1     1         -         1         -          1        4",
                    "h2     -         1         -         1          -        -", "",
                ])
    }

    @Test func `nothing to say, no table`() {
        var fixture = ProgressFixture(batches: [[1]])
        fixture.plan.hosts = [HostPlan(host: "h1", engine: nil)]
        #expect(summary(fixture, fates: [:]).isEmpty)
    }

    @Test func `gaps of about the same length are one line`() {
        let fixture = ProgressFixture(batches: [[1, 2, 3]])
        let gaps: [(Int, Duration)] = [
            (1, .milliseconds(900)), (2, .milliseconds(1300)), (3, .milliseconds(1000)),
        ]
        #expect(summary(fixture, fates: [:], gaps: gaps).last == "web: away 0.9 s to 1.3 s")
        #expect(summary(fixture, fates: [:], gaps: [gaps[0]]).last == "web: away 0.9 s")
    }

    @Test func `gaps of different lengths are told one by one, and one over the limit is a warning`() {
        let fixture = ProgressFixture(batches: [[1, 2]]) { $0.maxGap = .seconds(5) }
        let lines = summary(fixture, fates: [:], gaps: [(2, .milliseconds(6240)), (1, .seconds(1))])
        #expect(
            lines.suffix(3) == [
                "h1/web.1: away 1.0 s", "h2/web.2: away 6.2 s",
                "warning: h2/web.2 was away for 6.2 s, longer than its max_gap of 5 s",
            ])
        let short = summary(fixture, fates: [:], gaps: [(1, .seconds(5))])
        #expect(short.last == "web: away 5.0 s")
    }
}
