package import RecastModel

/// An apply on a terminal: one line for each host and instance.
///
/// A reducer: events in, lines out.
package struct ProgressScreen {
    private struct Row {
        let host: HostName
        let subject: String
        var text = "waiting"
        var mark = Mark.waiting
        var remaining: Int
    }

    private enum Mark {
        case waiting, working, done, failed
    }

    private var rows: [Row] = []
    private var index: [String: Int] = [:]
    private let style: Style
    private var finished = 0
    private let total: Int

    package init(_ plan: Plan, style: Style) {
        self.style = style
        total = plan.steps.count
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

    package mutating func receive(_ event: Event) {
        switch event {
        case .began, .interrupted, .ended, .warned, .gap, .reverting, .settled: break
        case .started(let step): update(step, ActionWords.doing(step.action), .working)
        case .progressed(let step, let progress):
            update(step, ActionWords.doing(step.action, progress), .working)
        case .succeeded(let step, _): succeed(step)
        case .failed(let step, let failure): update(step, failure.message, .failed)
        case .skipped(let step): skip(step)
        case .undoing(let step, let action): update(step, "putting back: \(ActionWords.doing(action))", .failed)
        case .undone(let step, _): update(step, "put back", .failed)
        case .undoFailed(let step, _, let failure): update(step, "not put back: \(failure.message)", .failed)
        }
    }

    /// The screen, no line wider than `width`; what is done first makes room when there are more rows than `height`.
    package func lines(width: Int, height: Int) -> [String] {
        let hostWidth = (rows.map { $0.host.text.count }.max() ?? 0) + 2
        let subjectWidth = min((rows.map { $0.subject.count }.max() ?? 0) + 2, 50)
        let room = max(height - 2, 1)
        let hidden = rows.count > room ? rows.filter { $0.mark == .done }.prefix(rows.count - room).count : 0
        var left = hidden
        var lines: [String] = []
        for row in rows {
            if row.mark == .done, left > 0 {
                left -= 1
                continue
            }
            guard lines.count < room else { break }
            let text = row.host.text.padded(to: hostWidth) + row.subject.padded(to: subjectWidth) + row.text
            lines.append(symbol(row.mark) + " " + String(text.prefix(max(width - 3, 10))))
        }
        return lines + [style.paint("\(finished) of \(total) steps", .dim)]
    }

    private func symbol(_ mark: Mark) -> String {
        switch mark {
        case .waiting: style.paint("·", .dim)
        case .working: style.paint("▸", .cyan)
        case .done: style.paint("✓", .green)
        case .failed: style.paint("✗", .red)
        }
    }

    private static func key(_ step: Step) -> String { "\(step.host)/\(ActionWords.subject(step))" }

    private mutating func update(_ step: Step, _ text: String, _ mark: Mark) {
        guard let row = index[Self.key(step)] else { return }
        if rows[row].mark == .failed, mark != .failed { return }
        rows[row].text = text
        rows[row].mark = mark
    }

    private mutating func succeed(_ step: Step) {
        finished += 1
        guard let row = index[Self.key(step)] else { return }
        rows[row].remaining -= 1
        update(step, ActionWords.done(step.action), rows[row].remaining == 0 ? .done : .working)
    }

    private mutating func skip(_ step: Step) {
        guard let row = index[Self.key(step)], rows[row].mark == .waiting else { return }
        rows[row].text = "not begun"
    }
}
