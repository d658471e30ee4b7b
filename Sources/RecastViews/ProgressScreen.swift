package import RecastModel

/// An apply on a terminal: one line for each host and instance, and words where a line is not enough.
///
/// A reducer: events in, lines out. Times are since the beginning of the apply.
package struct ProgressScreen {
    private struct Row {
        let host: HostName
        let subject: String
        var text = "waiting"
        var mark = Mark.waiting
        var remaining: Int
        /// The steps that go on, in the order in which they began.
        var running: [Int] = []
    }

    private enum Mark {
        case waiting, working, done, failed
    }

    private var rows: [Row] = []
    private var index: [String: Int] = [:]
    private var notes: ProgressNotes
    private var rollouts: RolloutProgress
    private var ongoing = OngoingSteps()
    private let style: Style
    private var finished = 0
    private let total: Int

    package init(_ plan: Plan, style: Style) {
        self.style = style
        total = plan.steps.count
        notes = ProgressNotes(plan, style: style)
        rollouts = RolloutProgress(plan)
        for step in plan.steps {
            let key = Self.key(step)
            if let known = index[key] {
                rows[known].remaining += 1
            } else {
                index[key] = rows.count
                rows.append(Row(host: step.host, subject: ActionWords.subject(step), remaining: 1))
            }
        }
    }

    /// The answer: lines that stay, to be written above the screen.
    package mutating func receive(_ event: Event, at time: Duration) -> [String] {
        ongoing.receive(event, at: time)
        _ = rollouts.receive(event)
        switch event {
        case .began, .interrupted, .ended, .gap, .reverting, .settled, .progressed: break
        case .started(let step): start(step)
        case .succeeded(let step, _): finish(step, ActionWords.done(step.action))
        case .warned(let step, _): finish(step, "\(ActionWords.doing(step.action)) failed, which does no harm")
        case .failed(let step, let failure):
            end(step)
            update(step, failure.message.printable, .failed)
        case .skipped(let step): skip(step)
        case .undoing(let step, let action): update(step, "putting back: \(ActionWords.doing(action))", .failed)
        case .undone(let step, _): update(step, "put back", .failed)
        case .undoFailed(let step, _, let failure):
            update(step, "not put back: \(failure.message.printable)", .failed)
        }
        return notes.lines(for: event)
    }

    private static func key(_ step: Step) -> String { "\(step.host)/\(ActionWords.subject(step))" }

    private mutating func start(_ step: Step) {
        update(step, ActionWords.doing(step.action), .working)
        if let row = index[Self.key(step)] { rows[row].running.append(step.id) }
    }

    private mutating func end(_ step: Step) {
        if let row = index[Self.key(step)] { rows[row].running.removeAll { $0 == step.id } }
    }

    private mutating func update(_ step: Step, _ text: String, _ mark: Mark) {
        guard let row = index[Self.key(step)] else { return }
        if rows[row].mark == .failed, mark != .failed { return }
        rows[row].text = text
        rows[row].mark = mark
    }

    private mutating func finish(_ step: Step, _ text: String) {
        finished += 1
        end(step)
        guard let row = index[Self.key(step)] else { return }
        rows[row].remaining -= 1
        update(step, text, rows[row].remaining == 0 ? .done : .working)
    }

    private mutating func skip(_ step: Step) {
        guard let row = index[Self.key(step)], rows[row].mark == .waiting else { return }
        rows[row].text = "not begun"
    }
}

// MARK: - The picture

extension ProgressScreen {
    /// The screen, no line wider than `width`; what is done first makes room when there are more rows than `height`.
    package func lines(width: Int, height: Int, at time: Duration) -> [String] {
        let hostWidth = (rows.map { $0.host.text.count }.max() ?? 0) + 2
        let subjectWidth = min((rows.map { $0.subject.count }.max() ?? 0) + 2, 50)
        let batches = rollouts.lines.prefix(max(height / 4, 1)).map { String($0.prefix(max(width - 1, 10))) }
        let shown = rows(fitting: max(height - 2 - batches.count, 1))
        let pictures = shown.map { row in
            let doing = row.mark == .working ? row.running.last.flatMap { ongoing.words($0, at: time) } : nil
            let text =
                row.host.text.padded(to: hostWidth) + row.subject.padded(to: subjectWidth) + (doing ?? row.text)
            return symbol(row.mark) + " " + String(text.prefix(max(width - 3, 10)))
        }
        return pictures + batches + [style.paint("\(finished) of \(total) steps", .dim)]
    }

    private func rows(fitting room: Int) -> [Row] {
        var excess = max(rows.count - room, 0)
        let kept = rows.filter { row in
            guard row.mark == .done, excess > 0 else { return true }
            excess -= 1
            return false
        }
        return Array(kept.prefix(room))
    }

    private func symbol(_ mark: Mark) -> String {
        switch mark {
        case .waiting: style.paint("·", .dim)
        case .working: style.paint("▸", .cyan)
        case .done: style.paint("✓", .green)
        case .failed: style.paint("✗", .red)
        }
    }
}
