import RecastModel

/// What is said in words however an apply is shown: what containers write, what went wrong, how it ended.
///
/// A reducer: events in, lines out.
struct ProgressNotes {
    private let style: Style
    private let hostWidth: Int
    private let subjectWidth: Int
    private var summary: ApplySummary

    init(_ plan: Plan, style: Style) {
        self.style = style
        hostWidth = (plan.steps.map { $0.host.text.count }.max() ?? 0) + 2
        subjectWidth = min((plan.steps.map { ActionWords.subject($0).count }.max() ?? 0) + 2, 60)
        summary = ApplySummary(plan, style: style)
    }

    mutating func lines(for event: Event) -> [String] {
        switch event {
        case .progressed(let step, .output(let text)):
            ["\(step.host.text.padded(to: hostWidth))\(ActionWords.subject(step)) | \(text.printable)"]
        case .failed(let step, let failure): failed(step, "FAILED \(ActionWords.doing(step.action))", failure, .red)
        case .warned(let step, let failure):
            failed(step, "warning: \(ActionWords.doing(step.action))", failure, .yellow)
        case .undoFailed(let step, let action, let failure):
            failed(step, "FAILED putting back, \(ActionWords.doing(action))", failure, .red)
        case .reverting(let places):
            [style.paint("Going back: \(counted(places.count, "instance")), newest first.", .yellow)]
        case .gap, .settled: summary.receive(event)
        case .interrupted: ["Interrupted: running calls have ended, nothing new was started."]
        case .ended(let outcome): [Self.words(outcome)]
        case .began, .started, .progressed, .succeeded, .skipped, .undoing, .undone: []
        }
    }

    /// Host and subject under those of the other lines, then the text.
    func line(_ step: Step, _ text: String) -> String {
        step.host.text.padded(to: hostWidth) + ActionWords.subject(step).padded(to: subjectWidth) + text
    }

    private func failed(_ step: Step, _ words: String, _ failure: StepFailure, _ colour: Style.Colour) -> [String] {
        [line(step, style.paint("\(words): \(failure.message.printable)", colour))]
            + failure.details.flatMap { detail in
                ["    \(detail.title):"] + detail.lines.map { "      | \($0.printable)" }
            }
    }

    private static func words(_ outcome: Outcome) -> String {
        switch outcome {
        case .done: "Applied."
        case .failed: "Failed. What was begun has been put back; run 'recast plan' to see where things stand."
        case .partlyDone: "Partly applied: what succeeded stands. Run 'recast plan' to see what is left."
        case .interrupted: "Interrupted. Run 'recast plan' to see what is left; the next apply finishes it."
        }
    }
}
