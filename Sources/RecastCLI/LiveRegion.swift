import RecastModel
import RecastViews

/// The lines at the end of the terminal that are drawn again and again while an apply goes on.
struct LiveRegion {
    private let console: Console
    private var screen: ProgressScreen
    private var drawn = 0
    private var isOver = false
    private var lastDraw: ContinuousClock.Instant?

    init(_ plan: Plan, console: Console) {
        self.console = console
        screen = ProgressScreen(plan, style: console.style(for: .error))
    }

    /// `endsPicture`: from here on the picture stays as it is, and words come below it.
    mutating func receive(_ event: Event, at time: Duration, endsPicture: Bool) {
        let words = screen.receive(event, at: time)
        if endsPicture || isOver {
            if !isOver { draw(above: [], at: time) }
            isOver = true
            console.write(words, to: .error)
            return
        }
        // Progress of a pull comes in many small pieces; more than a dozen pictures a second only flicker.
        if words.isEmpty, case .progressed = event, let lastDraw, ContinuousClock.now - lastDraw < .milliseconds(80) {
            return
        }
        draw(above: words, at: time)
    }

    /// Draws again what goes on; nothing before the first event.
    mutating func refresh(at time: Duration) {
        if lastDraw != nil, !isOver { draw(above: [], at: time) }
    }

    private mutating func draw(above words: [String], at time: Duration) {
        let size = console.size
        let lines = screen.lines(width: size.width, height: size.height, at: time)
        let up = drawn > 0 ? "\u{1B}[\(drawn)A" : ""
        // A long line of words may take several rows of the old picture.
        let room = words.isEmpty ? "" : "\u{1B}[J"
        let text = (words + lines).map { "\u{1B}[2K\($0)\n" }.joined()
        console.write(text: "\r\(up)\(room)\(text)\u{1B}[J", to: .error)
        drawn = lines.count
        lastDraw = ContinuousClock.now
    }
}
