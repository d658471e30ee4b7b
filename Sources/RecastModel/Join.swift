/// Steps of one phase for which many others wait, named once instead of by each of these.
///
/// A hundred instances that each wait for a hundred others would name ten thousand.
package struct Join: Hashable, Sendable, Identifiable {
    /// From 1, in the order of the plan's joins.
    package let id: Int
    package let phase: Step.Phase
    /// Steps that must have succeeded.
    package let after: [Int]
    /// Steps that must be over, as in `Step.afterSettled`.
    package let afterSettled: [Int]

    package init(id: Int, phase: Step.Phase, after: [Int], afterSettled: [Int] = []) {
        self.id = id
        self.phase = phase
        self.after = after
        self.afterSettled = afterSettled
    }
}

extension Plan {
    /// All that a step waits for, its joins included.
    package func waits(of step: Step) -> (after: Set<Int>, afterSettled: Set<Int>) {
        let met = step.afterJoins.map { joins[$0 - 1] }
        return (
            met.reduce(into: Set(step.after)) { $0.formUnion($1.after) },
            met.reduce(into: Set(step.afterSettled)) { $0.formUnion($1.afterSettled) }
        )
    }
}
