import RecastModel
import RecastViews
import Testing

/// An apply as plain lines.
@Suite struct ProgressTextTests {
    private let second = Duration.seconds(1)

    @Test func `what ends is a line with its time`() {
        let fixture = ProgressFixture(batches: [[1]])
        var text = ProgressText(fixture.plan)
        #expect(text.receive(.started(fixture.gate(1)), at: .zero).isEmpty)
        #expect(
            text.receive(.succeeded(fixture.gate(1), .milliseconds(1250)), at: second) == ["h1  web.1  ready (1.3 s)"])
    }

    @Test func `the end of a batch tells how many instances are replaced`() {
        let fixture = ProgressFixture(batches: [[1], [2, 3], [4]]) { $0.canary = 1 }
        var text = ProgressText(fixture.plan)
        #expect(
            text.receive(.succeeded(fixture.gate(1), second), at: second).last
                == "web: canary (1 of 4 instances replaced)")
        #expect(text.receive(.succeeded(fixture.start(2), second), at: second).count == 1)
        #expect(text.receive(.succeeded(fixture.gate(3), second), at: second).count == 1)
        #expect(
            text.receive(.succeeded(fixture.gate(2), second), at: second).last
                == "web: batch 1 of 2 (3 of 4 instances replaced)")
        let failed = text.receive(.failed(fixture.gate(4), StepFailure("it ended")), at: second)
        #expect(failed.last == "web: batch 2 of 2 (3 of 4 instances replaced, 1 failed)")
        #expect(text.receive(.succeeded(fixture.removal(1), second), at: second).count == 1)
    }

    @Test func `one batch is told by its instances alone`() {
        let fixture = ProgressFixture(batches: [[1]])
        var text = ProgressText(fixture.plan)
        #expect(text.receive(.succeeded(fixture.gate(1), second), at: second).count == 1)
    }

    @Test func `what takes long is told every ten seconds, with what it last saw`() {
        let fixture = ProgressFixture(batches: [[1, 2]])
        var text = ProgressText(fixture.plan)
        _ = text.receive(.started(fixture.gate(1)), at: .seconds(5))
        _ = text.receive(.started(fixture.start(2)), at: .seconds(12))
        #expect(text.remind(at: .seconds(14)).isEmpty)
        _ = text.receive(.progressed(fixture.gate(1), .waiting("exit code 1: connection refused")), at: .seconds(14))
        #expect(
            text.remind(at: .seconds(17)) == [
                "h1  web.1  waiting until ready (exit code 1: connection refused), 12 s"
            ])
        #expect(text.remind(at: .seconds(18)).isEmpty)
        _ = text.receive(.succeeded(fixture.start(2), second), at: .seconds(20))
        #expect(
            text.remind(at: .seconds(130)) == [
                "h1  web.1  waiting until ready (exit code 1: connection refused), 2 min 5 s"
            ])
        _ = text.receive(.failed(fixture.gate(1), StepFailure("x")), at: .seconds(131))
        #expect(text.remind(at: .seconds(160)).isEmpty)
    }

    @Test func `a line that a task writes is a line`() {
        let step = Step(
            id: 1, host: "web-1", action: .await(container: .name("c"), .completed()), phase: .before,
            instance: InstanceAddress("migrate", slot: 1))
        var text = ProgressText(Plan(environment: "prod", application: "shop", steps: [step]))
        #expect(
            text.receive(.progressed(step, .output("row \u{1B}[2J1")), at: second) == [
                "web-1  migrate.1 | row \\u{1B}[2J1"
            ])
    }

    @Test func `a warning, and the way back, are announced`() {
        let fixture = ProgressFixture(batches: [[1, 2], [3]])
        var text = ProgressText(fixture.plan)
        #expect(
            text.receive(.warned(fixture.removal(2), StepFailure("busy")), at: second) == [
                "h2  web.2  warning: removing: busy"
            ])
        let places = [3, 2].map(ProgressFixture.place)
        #expect(text.receive(.reverting(places), at: second) == ["Going back: 2 instances, newest first."])
        #expect(
            text.receive(.undone(fixture.start(2), .stop(container: .name("x"), grace: 1)), at: second) == [
                "h2  web.2  put back: stopped"
            ])
        #expect(text.receive(.reverting([places[0]]), at: second) == ["Going back: 1 instance, newest first."])
    }
}
