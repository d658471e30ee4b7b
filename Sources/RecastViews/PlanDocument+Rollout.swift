// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Fields are spelled as the JSON has them.

import RecastModel

extension PlanDocument {
    struct Order: Codable, Hashable {
        let kind: String
        /// Of the old one, where nothing else is known of the gap.
        let grace_seconds: Int?
        let exclusive: [String]
        /// 0: none is expected; missing: not known.
        let gap_seconds: Double?
    }
    /// How the instances of a service take turns.
    struct Turns: Codable, Hashable {
        let service: String
        let instances: Int
        /// Each a list of pairs of host and instance.
        let batches: [[[String]]]
        let canary: Int
        let delay_seconds: Double
        let monitor_seconds: Double?
        let max_failure_ratio: Double
        let failure_action: String
        let max_gap_seconds: Double?
        let rehearse: Bool
    }
    struct Return: Codable, Hashable {
        let host: String
        let instance: String
        /// The stopped container's name; missing: there is none.
        let predecessor: String?
    }
}

extension PlanDocument.Order {
    init(_ replacement: Replacement) {
        kind = replacement.order.rawValue
        exclusive = replacement.exclusive
        switch replacement.gap {
        case .none: (grace_seconds, gap_seconds) = (nil, 0)
        case .measured(let gap): (grace_seconds, gap_seconds) = (nil, gap / .seconds(1))
        case .unknown(let grace): (grace_seconds, gap_seconds) = (grace, nil)
        }
    }
}

extension PlanDocument.Turns {
    init(_ rollout: Rollout) {
        let policy = rollout.policy
        service = rollout.service.text
        instances = rollout.instances
        batches = rollout.batches.map { $0.map { [$0.host.text, $0.address.description] } }
        canary = rollout.hasCanary ? rollout.batches[0].count : 0
        delay_seconds = policy.delay / .seconds(1)
        monitor_seconds = policy.monitor.map { $0 / .seconds(1) }
        max_failure_ratio = policy.maxFailureRatio
        failure_action = policy.failureAction.rawValue
        max_gap_seconds = policy.maxGap.map { $0 / .seconds(1) }
        rehearse = policy.rehearse
    }
}

extension PlanDocument.Return {
    static func all(on host: HostPlan) -> [Self] {
        host.waysBack.sorted { $0.key < $1.key }.map { address, way in
            let predecessor: String? = if case .predecessor(let name) = way { name } else { nil }
            return Self(host: host.host.text, instance: address.description, predecessor: predecessor)
        }
    }
}
