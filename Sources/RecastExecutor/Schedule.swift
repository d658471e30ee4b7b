package import RecastModel

/// Which steps may run now.
///
/// A value: the executor asks it, tells it, and never decides on its own.
package struct Schedule: Sendable {
    /// How many steps may run at once.
    package struct Limits: Hashable, Sendable {
        /// On one host.
        package var perHost: Int
        /// Over all hosts.
        package var total: Int

        package init(perHost: Int = 4, total: Int = 64) {
            self.perHost = max(perHost, 1)
            self.total = max(total, 1)
        }
    }

    private let steps: [Int: Step]
    private let limits: Limits
    private var blockers: [Int: Int] = [:]
    private var followers: [Int: [Int]] = [:]
    private var remainingInPhase: [Step.Phase: Int] = [:]
    /// Steps that wait for nothing but their phase and a free place, in the order of the plan.
    private var ready: [Step.Phase: [Int]] = [:]
    private var running: [HostName: Int] = [:]
    private var runningTotal = 0
    private var unstarted: Set<Int>
    private var isStopped = false

    package init(_ plan: [Step], limits: Limits = Limits()) {
        steps = Dictionary(uniqueKeysWithValues: plan.map { ($0.id, $0) })
        unstarted = Set(steps.keys)
        self.limits = limits
        for step in plan {
            blockers[step.id] = step.after.count
            for earlier in step.after { followers[earlier, default: []].append(step.id) }
            remainingInPhase[step.phase, default: 0] += 1
            if step.after.isEmpty { ready[step.phase, default: []].append(step.id) }
        }
    }

    /// The steps to start now; they count as running from here on.
    package mutating func takeReady() -> [Step] {
        guard !isStopped, let phase = currentPhase else { return [] }
        var taken: [Step] = []
        var left: [Int] = []
        for id in ready[phase] ?? [] {
            guard let step = steps[id] else { continue }
            if hasRoom(for: step) {
                occupy(step)
                unstarted.remove(id)
                taken.append(step)
            } else {
                left.append(id)
            }
        }
        ready[phase] = left
        return taken
    }

    package mutating func succeeded(_ step: Step) {
        vacate(step)
        remainingInPhase[step.phase, default: 1] -= 1
        for follower in followers[step.id] ?? [] {
            blockers[follower, default: 1] -= 1
            if blockers[follower] == 0, let next = steps[follower] { ready[next.phase, default: []].append(follower) }
        }
    }

    /// Nothing new starts; what runs may finish.
    package mutating func failed(_ step: Step) {
        vacate(step)
        stop()
    }

    package mutating func stop() { isStopped = true }

    /// What was never started, in the order of the plan.
    package var skipped: [Step] { unstarted.sorted().compactMap { steps[$0] } }

    private var currentPhase: Step.Phase? {
        Step.Phase.allCases.first { remainingInPhase[$0, default: 0] > 0 }
    }

    /// Waiting costs a host next to nothing, so a gate takes no place.
    private func isCounted(_ step: Step) -> Bool {
        if case .await = step.action { false } else { true }
    }

    private func hasRoom(for step: Step) -> Bool {
        !isCounted(step) || (running[step.host, default: 0] < limits.perHost && runningTotal < limits.total)
    }

    private mutating func occupy(_ step: Step) {
        guard isCounted(step) else { return }
        running[step.host, default: 0] += 1
        runningTotal += 1
    }

    private mutating func vacate(_ step: Step) {
        guard isCounted(step) else { return }
        running[step.host, default: 1] -= 1
        runningTotal -= 1
    }
}
