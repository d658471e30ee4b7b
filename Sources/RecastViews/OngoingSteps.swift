import RecastModel

/// The steps that go on, since when, and what they last told.
///
/// Times are since the beginning of the apply.
struct OngoingSteps {
    private struct Entry {
        let step: Step
        let start: Duration
        var last: StepProgress?
        /// How many times it was due.
        var reminders: Int64 = 0
    }

    private var entries: [Int: Entry] = [:]

    mutating func receive(_ event: Event, at time: Duration) {
        switch event {
        case .started(let step): entries[step.id] = Entry(step: step, start: time)
        case .progressed(let step, let progress): entries[step.id]?.last = progress
        case .succeeded(let step, _), .failed(let step, _), .warned(let step, _): entries[step.id] = nil
        default: break
        }
    }

    /// Such as `waiting until ready (exit code 1: connection refused), 12 s`; `nil` when it does not go on.
    ///
    /// `patience`: only what has taken longer has its time behind it.
    func words(_ step: Int, at time: Duration, patience: Duration = .seconds(2)) -> String? {
        guard let entry = entries[step] else { return nil }
        let words = entry.last.map { ActionWords.doing(entry.step.action, $0) } ?? ActionWords.doing(entry.step.action)
        let elapsed = time - entry.start
        return elapsed < patience ? words : "\(words), \(TimeText.elapsed(elapsed))"
    }

    /// The steps of which somebody who watches should hear again, in the order of the plan: every ten seconds.
    mutating func takeDue(at time: Duration) -> [Step] {
        entries.sorted { $0.key < $1.key }.compactMap { id, entry in
            let reminders = (time - entry.start).components.seconds / 10
            guard reminders > entry.reminders else { return nil }
            entries[id]?.reminders = reminders
            return entry.step
        }
    }
}
