import RecastModel

/// Measures how long instances are away: from the stop of the old container until the new one is ready.
///
/// Where nothing tells when it is ready, its start counts.
struct Gaps {
    /// The instances whose successor starts when the old one has stopped.
    private let places: Set<InstancePlace>
    private var stopped: [InstancePlace: ContinuousClock.Instant] = [:]
    private var begun: [InstancePlace: ContinuousClock.Instant] = [:]
    private var unchecked: Set<InstancePlace> = []
    private var measured: [InstancePlace: Duration] = [:]

    init(_ plan: Plan) {
        let moved = plan.steps.compactMap { step in
            step.unit.flatMap { unit in unit.home.map { InstancePlace($0, unit.address) } }
        }
        places = Set(
            plan.changes.compactMap { change in
                guard case .instance(let address) = change.subject, change.replacement?.order == .stopFirst else {
                    return nil
                }
                return InstancePlace(change.host, address)
            } + moved)
    }

    private func place(_ step: Step) -> InstancePlace? {
        guard step.phase == .containers, let address = step.instance else { return nil }
        let home = step.unit.flatMap { unit in unit.home.map { InstancePlace($0, unit.address) } }
        let place = home ?? InstancePlace(step.host, address)
        return places.contains(place) ? place : nil
    }

    mutating func started(_ step: Step) {
        guard case .stop = step.action, let place = place(step), stopped[place] == nil else { return }
        stopped[place] = .now
    }

    mutating func progressed(_ step: Step, _ progress: StepProgress) {
        if case .unchecked = progress, let place = place(step) { unchecked.insert(place) }
    }

    /// - Returns: the gap that ended with the step.
    mutating func succeeded(_ step: Step) -> (InstancePlace, Duration)? {
        guard let place = place(step), let start = stopped[place] else { return nil }
        switch step.action {
        case .start:
            begun[place] = .now
            return nil
        case .await(_, .ready):
            let end = unchecked.contains(place) ? begun[place] ?? .now : .now
            measured[place] = end - start
            return (place, end - start)
        default: return nil
        }
    }

    /// What was stopped runs again, as the new one failed.
    ///
    /// - Returns: the gap that ended with it.
    mutating func undone(_ step: Step, _ action: Action) -> (InstancePlace, Duration)? {
        guard case .start = action, case .stop = step.action, let place = place(step),
            let start = stopped.removeValue(forKey: place)
        else { return nil }
        return (place, .now - start)
    }

    /// The step's action, with the gap in the name that a predecessor gets.
    func named(_ step: Step) -> Action {
        guard case .retain(let container, let name) = step.action, let gap = place(step).flatMap({ measured[$0] })
        else { return step.action }
        return .retain(container: container, name: InstanceName.retained(name, gap: gap))
    }
}
