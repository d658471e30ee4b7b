/// One instance on one host.
package struct InstancePlace: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let host: HostName
    package let address: InstanceAddress

    package init(_ host: HostName, _ address: InstanceAddress) {
        self.host = host
        self.address = address
    }

    /// `web-1/web.1`.
    package var description: String { "\(host)/\(address)" }

    package static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.host, lhs.address) < (rhs.host, rhs.address)
    }
}

/// In which order the instances of one service give way, and under which policy.
package struct Rollout: Hashable, Sendable {
    package let service: ServiceName
    package let policy: RolloutPolicy
    /// How many instances the service has on the hosts of the plan.
    package let instances: Int
    /// One after the other; the instances of one batch at once.
    package var batches: [[InstancePlace]]

    package init(service: ServiceName, policy: RolloutPolicy, instances: Int, batches: [[InstancePlace]] = []) {
        self.service = service
        self.policy = policy
        self.instances = instances
        self.batches = batches
    }
}

/// How one instance gives way.
package struct Replacement: Hashable, Sendable {
    package let order: RolloutPolicy.Order
    /// Why stop-first, each in a few words such as `port 8080/tcp`: what only one of the two can hold; empty when it
    /// was asked for.
    package let exclusive: [String]
    package let gap: ExpectedGap

    package init(_ order: RolloutPolicy.Order, exclusive: [String] = [], gap: ExpectedGap) {
        self.order = order
        self.exclusive = exclusive
        self.gap = gap
    }
}

/// How long an instance is away while it is replaced.
package enum ExpectedGap: Hashable, Sendable {
    case none
    /// The longest that was measured when the service was last replaced.
    case measured(Duration)
    /// Nothing is known but the seconds that the old one may take to stop.
    case unknown(grace: Int)
}

/// What an instance could go back to without a pull.
package enum WayBack: Hashable, Sendable {
    /// The stopped predecessor, by its name.
    case predecessor(String)
    case none
}

/// What became of an instance in an apply.
package enum Fate: String, Hashable, Sendable, CaseIterable {
    case created, replaced, started, removed, unchanged
    /// It failed, and what was there before runs again.
    case failed
    /// It was replaced, and went back because another one failed.
    case reverted
    /// It failed and could not be put back.
    case broken
    /// It was to change, and was not touched.
    case skipped
}
