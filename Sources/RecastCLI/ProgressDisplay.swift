import RecastModel
import RecastViews
import Synchronization

/// Shows an apply: a live table on a terminal, lines in a pipe, or one JSON object a line.
final class ProgressDisplay: Sendable {
    private struct State {
        var live: LiveRegion?
        var text: ProgressText?
    }

    let console: Console
    private let json: Bool
    private let state = Mutex(State())
    private let start = ContinuousClock.now

    init(console: Console, json: Bool) {
        self.console = console
        self.json = json
    }

    func show(_ plan: Plan) throws {
        if json {
            console.write([try JSONText.line(PlanEvent(plan))])
            return
        }
        console.write(PlanText(plan, snapshot: TimeText.now(), style: console.style(for: .output)).lines)
        begin(plan)
    }

    private func begin(_ plan: Plan) {
        state.withLock { state in
            if console.canRedraw {
                state.live = LiveRegion(plan, console: console)
            } else {
                state.text = ProgressText(plan, style: console.style(for: .error))
            }
        }
    }

    func receive(_ event: Event) async {
        if json {
            if let line = try? JSONText.line(EventDocument(event)) { console.write([line]) }
            return
        }
        let time = ContinuousClock.now - start
        state.withLock { state in
            if let lines = state.text?.receive(event, at: time) { console.write(lines, to: .error) }
            state.live?.receive(event, at: time, endsPicture: event.endsPicture)
        }
    }

    /// Shows each second what is waited for, until the task is cancelled.
    func keepFresh() async {
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            let time = ContinuousClock.now - start
            state.withLock { state in
                if let lines = state.text?.remind(at: time) { console.write(lines, to: .error) }
                state.live?.refresh(at: time)
            }
        }
    }

    private struct PlanEvent: Encodable {
        let format = 1
        let type = "plan"
        let plan: PlanDocument

        init(_ plan: Plan) { self.plan = PlanDocument(plan) }
    }
}

extension Event {
    /// All that comes later is a summary.
    fileprivate var endsPicture: Bool {
        switch self {
        case .settled, .ended: true
        default: false
        }
    }
}
