package import RecastModel

/// An apply as plain lines, for a pipe or a dumb terminal: one line when something ends, or goes on for long.
///
/// A reducer: events in, lines out. Times are since the beginning of the apply.
package struct ProgressText {
    private var notes: ProgressNotes
    private var rollouts: RolloutProgress
    private var ongoing = OngoingSteps()

    package init(_ plan: Plan, style: Style = Style()) {
        notes = ProgressNotes(plan, style: style)
        rollouts = RolloutProgress(plan)
    }

    package mutating func receive(_ event: Event, at time: Duration) -> [String] {
        ongoing.receive(event, at: time)
        return notes.lines(for: event) + ended(event) + rollouts.receive(event)
    }

    /// What is waited for: each step of which nothing was heard for ten seconds.
    package mutating func remind(at time: Duration) -> [String] {
        ongoing.takeDue(at: time).compactMap { step in
            ongoing.words(step.id, at: time).map { notes.line(step, $0) }
        }
    }

    private func ended(_ event: Event) -> [String] {
        switch event {
        // Each image that goes is told.
        case .succeeded(let step, _) where step.phase == .prune: []
        case .succeeded(let step, let duration):
            [notes.line(step, "\(ActionWords.done(step.action)) (\(ActionWords.seconds(duration)))")]
        case .undone(let step, let action): [notes.line(step, "put back: \(ActionWords.done(action))")]
        default: []
        }
    }
}
