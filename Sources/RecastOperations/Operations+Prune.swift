package import RecastExecutor
import RecastHosts
package import RecastModel

extension Operations {
    /// What `prune` would remove.
    ///
    /// Changes nothing.
    package func prunePlan() async throws -> Plan {
        try await withFleet { try await prunePlan($0) }
    }

    /// Removes what is kept for a way back and has become too much, on every host that answers.
    ///
    /// `confirm`: sees the plan; when it answers false, nothing is done and the answer is `nil`.
    ///
    /// `emit`: gets every event, in order.
    ///
    /// It throws `Refusal` when the hosts moved while the plan was being read.
    package func prune(
        limits: Schedule.Limits, confirm: (Plan) async throws -> Bool, emit: (Event) async -> Void
    ) async throws -> Outcome? {
        try await withFleet { fleet in
            let shown = try await prunePlan(fleet)
            guard try await confirm(shown) else { return nil }
            guard !shown.steps.isEmpty else { return .done }
            return try await withLease(for: "prune", on: Set(shown.steps.map(\.host)), of: fleet) { held in
                try await prune(shown, on: fleet, held, limits, emit: emit)
            }
        }
    }

    private func prune(
        _ shown: Plan, on fleet: Fleet, _ held: HeldLease?, _ limits: Schedule.Limits, emit: (Event) async -> Void
    ) async throws -> Outcome {
        let now = try await prunePlan(fleet)
        guard now.steps == shown.steps else { throw Refusal.notApplicable(now) }
        var failures = 0
        let outcome = try await executor(for: fleet, limits, shown, held).run(shown) { event in
            if case .warned = event { failures += 1 }
            await emit(event)
        }
        guard outcome == .done, failures > 0 else { return outcome }
        return failures < shown.steps.count ? .partlyDone : .failed
    }

    private func prunePlan(_ fleet: Fleet) async throws -> Plan {
        Pruning.plan(desired, over: try await observation.states(fleet), scope: scope)
    }
}
