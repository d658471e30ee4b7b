/// What whoever applies wants of every rollout this time, whatever the manifests say.
package struct RolloutOverrides: Hashable, Sendable {
    /// `nil`: what each service says.
    package var failureAction: RolloutPolicy.FailureAction?
    /// What stops first is rehearsed, also where no service asks for it.
    package var rehearse: Bool

    package init(failureAction: RolloutPolicy.FailureAction? = nil, rehearse: Bool = false) {
        self.failureAction = failureAction
        self.rehearse = rehearse
    }
}

extension Desired {
    package func overriding(_ overrides: RolloutOverrides) -> Desired {
        var desired = self
        for index in desired.instances.indices {
            if let action = overrides.failureAction { desired.instances[index].rollout.failureAction = action }
            if overrides.rehearse { desired.instances[index].rollout.rehearse = true }
        }
        return desired
    }
}
