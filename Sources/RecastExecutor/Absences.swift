import RecastModel

/// Which instances are away, from the stop of the old container until the new one has been started.
///
/// A host that stops and starts many at once takes longer over each of them. So few are away at a time, and one that
/// is away goes before those that still run.
struct Absences {
    private let limit: Int
    private let opening: Set<Int>
    private let closing: Set<Int>
    private var away: [HostName: Set<UnitPlace>] = [:]

    /// `limit`: how many are away at once on a host; one whose container takes long to stop does not count.
    init(_ plan: [Step], limit: Int) {
        self.limit = max(limit, 1)
        var stops: [UnitPlace: [Int]] = [:]
        var (opening, closing) = (Set<Int>(), Set<Int>())
        for step in plan where !step.isRetirement {
            guard let unit = UnitPlace(step) else { continue }
            switch step.action {
            case .stop: stops[unit, default: []].append(step.id)
            case .start:
                guard let before = stops[unit] else { continue }
                opening.formUnion(before)
                closing.insert(step.id)
            default: break
            }
        }
        (self.opening, self.closing) = (opening, closing)
    }

    func opens(_ step: Step) -> Bool { opening.contains(step.id) }

    /// One more may be away on the host.
    func hasRoom(on host: HostName) -> Bool { away[host, default: []].count < limit }

    /// It ends an absence, and so goes before others.
    func closes(_ step: Step) -> Bool { closing.contains(step.id) }

    mutating func started(_ step: Step) {
        if opens(step), let unit = UnitPlace(step) { away[unit.host, default: []].insert(unit) }
    }

    mutating func succeeded(_ step: Step) {
        if closing.contains(step.id) { leave(step) }
    }

    /// The step failed, or takes long.
    mutating func leave(_ step: Step) {
        if let unit = UnitPlace(step) { away[unit.host]?.remove(unit) }
    }
}
