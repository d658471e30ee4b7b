import RecastModel
import RecastViews
import Testing

/// An apply on a terminal.
@Suite struct ProgressScreenTests {
    private func picture(_ screen: ProgressScreen, height: Int = 24, at time: Duration = .zero) -> [String] {
        screen.lines(width: 80, height: height, at: time)
    }

    @Test func `each instance has a row with what it waits for and for how long`() {
        let fixture = ProgressFixture(batches: [[1], [2]])
        var screen = ProgressScreen(fixture.plan, style: Style())
        _ = screen.receive(.started(fixture.gate(1)), at: .seconds(3))
        #expect(
            picture(screen, at: .seconds(4)) == [
                "▸ h1  web.1  waiting until ready", "· h2  web.2  waiting",
                "web: batch 1 of 2 (0 of 2 instances replaced)", "0 of 6 steps",
            ])
        _ = screen.receive(.progressed(fixture.gate(1), .waiting("exit code 1: connection refused")), at: .seconds(5))
        #expect(
            picture(screen, at: .seconds(15)).first
                == "▸ h1  web.1  waiting until ready (exit code 1: connection refused), 12 s")
        _ = screen.receive(.succeeded(fixture.gate(1), .seconds(12)), at: .seconds(15))
        #expect(
            picture(screen, at: .seconds(100)) == [
                "▸ h1  web.1  ready", "· h2  web.2  waiting", "web: batch 2 of 2 (1 of 2 instances replaced)",
                "1 of 6 steps",
            ])
    }

    @Test func `of several steps at once the one that began last is shown, then the one that is left`() {
        let fixture = ProgressFixture(batches: [[1]])
        var screen = ProgressScreen(fixture.plan, style: Style())
        _ = screen.receive(.started(fixture.removal(1)), at: .zero)
        _ = screen.receive(.started(fixture.gate(1)), at: .zero)
        #expect(picture(screen).first == "▸ h1  web.1  waiting until ready")
        _ = screen.receive(.succeeded(fixture.gate(1), .zero), at: .zero)
        #expect(picture(screen).first == "▸ h1  web.1  removing")
    }

    @Test func `output, warnings and failures are lines above the picture`() {
        let fixture = ProgressFixture(batches: [[1, 2]])
        var screen = ProgressScreen(fixture.plan, style: Style())
        #expect(screen.receive(.started(fixture.start(1)), at: .zero).isEmpty)
        #expect(
            screen.receive(.progressed(fixture.start(1), .output("migrating")), at: .zero) == ["h1  web.1 | migrating"])
        #expect(screen.receive(.succeeded(fixture.start(1), .zero), at: .zero).isEmpty)
        #expect(
            screen.receive(.warned(fixture.removal(2), StepFailure("busy")), at: .zero) == [
                "h2  web.2  warning: removing: busy"
            ])
        #expect(
            screen.receive(.failed(fixture.gate(1), StepFailure("it\u{7}ended")), at: .zero) == [
                "h1  web.1  FAILED waiting until ready: it\\u{7}ended"
            ])
        #expect(
            picture(screen) == [
                "✗ h1  web.1  it\\u{7}ended", "▸ h2  web.2  removing failed, which does no harm", "2 of 6 steps",
            ])
    }

    @Test func `going back ends the count of batches`() {
        let fixture = ProgressFixture(batches: [[1], [2]])
        var screen = ProgressScreen(fixture.plan, style: Style())
        _ = screen.receive(.succeeded(fixture.gate(1), .zero), at: .zero)
        #expect(
            screen.receive(.reverting([ProgressFixture.place(1)]), at: .zero) == [
                "Going back: 1 instance, newest first."
            ])
        _ = screen.receive(.undoing(fixture.gate(1), .stop(container: .name("x"), grace: 1)), at: .zero)
        #expect(
            picture(screen) == ["✗ h1  web.1  putting back: stopping", "· h2  web.2  waiting", "1 of 6 steps"])
    }

    @Test func `what is done makes room, and nothing is wider than the terminal`() {
        let fixture = ProgressFixture(batches: [[1, 2, 3, 4, 5, 6]])
        var screen = ProgressScreen(fixture.plan, style: Style())
        for step in [fixture.start(1), fixture.gate(1), fixture.removal(1)] {
            _ = screen.receive(.succeeded(step, .zero), at: .zero)
        }
        let lines = picture(screen, height: 7)
        #expect(lines.count == 6)
        #expect(!lines.contains { $0.contains("web.1 ") })
        #expect(screen.lines(width: 20, height: 24, at: .zero).allSatisfy { $0.count < 20 })
    }
}
