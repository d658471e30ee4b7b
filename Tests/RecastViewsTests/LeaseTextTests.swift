import RecastModel
import RecastViews
import Testing

@Suite struct LeaseTextTests {
    private let report: LeaseReport = {
        let record = LeaseRecord(
            .acquire, Lease(id: "0123456789abcdef", holder: "ana@laptop", operation: "apply"), since: 1_000,
            written: 1_000, lasts: 900, nonce: "n")
        return LeaseReport(
            logs: [
                "h1": LeaseLog([1: record], clock: 1_125), "h2": LeaseLog([:], clock: 1_125),
                "h3": LeaseLog([1: record], clock: 9_000),
            ],
            unreachable: ["h4": "no route"])
    }()

    @Test func `each host is a row, also one that does not answer`() {
        #expect(
            LeaseText.lines(report) == [
                "HOST   HOLDER       OPERATION   HELD            LEASE",
                "h1     ana@laptop   apply       for 2 min 5 s   0123456789ab",
                "h2     -            -           -               -",
                "h3     ana@laptop   apply       ran out         0123456789ab",
                "h4   unreachable: no route",
            ])
    }

    @Test func `programs read the same`() throws {
        let text = try JSONText.document(LeaseDocument(report))
        #expect(text.contains(#""state" : "expired""#) && text.contains(#""h4" : "no route""#), "\(text)")
    }
}
