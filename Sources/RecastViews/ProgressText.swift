package import RecastModel

/// An apply as plain lines, for a pipe or a dumb terminal: one line when something ends.
package struct ProgressText {
    private let style: Style
    private let hostWidth: Int
    private let subjectWidth: Int

    package init(_ plan: Plan, style: Style = Style()) {
        self.style = style
        hostWidth = (plan.steps.map { $0.host.text.count }.max() ?? 0) + 2
        subjectWidth = min((plan.steps.map { ActionWords.subject($0).count }.max() ?? 0) + 2, 60)
    }

    package func lines(for event: Event) -> [String] {
        switch event {
        case .began, .started, .progressed, .skipped: []
        case .succeeded(let step, let duration):
            [line(step, "\(ActionWords.done(step.action)) (\(ActionWords.seconds(duration)))")]
        case .failed(let step, let failure): failed(step, ActionWords.doing(step.action), failure)
        case .undoing, .warned, .gap, .reverting, .settled: []
        case .undone(let step, let action): [line(step, "put back: \(ActionWords.done(action))")]
        case .undoFailed(let step, let action, let failure):
            failed(step, "putting back, \(ActionWords.doing(action))", failure)
        case .interrupted: ["Interrupted: running calls have ended, nothing new was started."]
        case .ended(let outcome): [Self.words(outcome)]
        }
    }

    private func line(_ step: Step, _ text: String) -> String {
        step.host.text.padded(to: hostWidth) + ActionWords.subject(step).padded(to: subjectWidth) + text
    }

    private func failed(_ step: Step, _ doing: String, _ failure: StepFailure) -> [String] {
        [line(step, style.paint("FAILED \(doing): \(failure.message.printable)", .red))]
            + failure.details.flatMap { detail in
                ["    \(detail.title):"] + detail.lines.map { "      | \($0.printable)" }
            }
    }

    static func words(_ outcome: Outcome) -> String {
        switch outcome {
        case .done: "Applied."
        case .failed: "Failed. What was begun has been put back; run 'recast plan' to see where things stand."
        case .partlyDone: "Partly applied: what succeeded stands. Run 'recast plan' to see what is left."
        case .interrupted: "Interrupted. Run 'recast plan' to see what is left; the next apply finishes it."
        }
    }
}
