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
        state.withLock {
            if console.canRedraw { $0.live = LiveRegion(plan, console: console) }
            $0.text = ProgressText(plan, style: console.style(for: .error))
        }
    }

    func receive(_ event: Event) async {
        if json {
            if let line = try? JSONText.line(EventDocument(event)) { console.write([line]) }
            return
        }
        state.withLock { state in
            state.live?.receive(event)
            guard let lines = state.text?.lines(for: event) else { return }
            // The table shows what goes on; words are still needed for what went wrong and how it ended.
            if state.live == nil || event.needsWords { console.write(lines, to: .error) }
            if case .ended = event { state.live = nil } else if event.needsWords { state.live?.moveOn() }
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
    fileprivate var needsWords: Bool {
        switch self {
        case .failed, .undoFailed, .interrupted, .ended: true
        default: false
        }
    }
}
