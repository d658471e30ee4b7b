import RecastModel
import RecastViews

/// The lines at the end of the terminal that are drawn again and again while an apply goes on.
struct LiveRegion {
    private let console: Console
    private var screen: ProgressScreen
    private var drawn = 0
    private var lastDraw: ContinuousClock.Instant?

    init(_ plan: Plan, console: Console) {
        self.console = console
        screen = ProgressScreen(plan, style: console.style(for: .error))
    }

    mutating func receive(_ event: Event) {
        screen.receive(event)
        // Progress of a pull comes in many small pieces; more than a dozen pictures a second only flicker.
        if case .progressed = event, let lastDraw, ContinuousClock.now - lastDraw < .milliseconds(80) { return }
        draw()
    }

    /// Other lines were written below; the next picture comes after them.
    mutating func moveOn() { drawn = 0 }

    private mutating func draw() {
        let size = console.size
        let lines = screen.lines(width: size.width, height: size.height)
        let up = drawn > 0 ? "\u{1B}[\(drawn)A" : ""
        let text = lines.map { "\u{1B}[2K\($0)\n" }.joined()
        console.write(text: "\r\(up)\(text)\u{1B}[J", to: .error)
        drawn = lines.count
        lastDraw = ContinuousClock.now
    }
}
