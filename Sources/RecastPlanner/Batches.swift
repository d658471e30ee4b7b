import RecastModel

/// Which instances give way together, and in which order.
struct Batches {
    /// Instances of one host that change together.
    struct Unit {
        let host: HostName
        /// Those first on which the others hang.
        var members: [Decision]

        var isReplacement: Bool { members.contains(where: \.isReplacement) }

        /// Whether what is there is down or ill; then it goes first, as it has the least to lose.
        fileprivate var isIll: Bool {
            let running = members.flatMap(\.giving).filter(\.isUp)
            return running.isEmpty || running.contains { $0.health == .unhealthy || $0.state != .running }
        }

        fileprivate var counts: [ServiceName: Int] {
            Dictionary(grouping: members, by: \.address.service).mapValues(\.count)
        }
    }

    private let policies: [ServiceName: RolloutPolicy]
    /// How many instances each service has on the hosts of the plan.
    private let totals: [ServiceName: Int]

    init(_ decisions: [ServiceName: [Decision]]) {
        policies = decisions.compactMapValues { $0.first { $0.instance != nil }?.policy }
        totals = decisions.mapValues { $0.count { $0.instance != nil } }
    }

    /// No batch is larger than the services' policies allow; else the units keep their order.
    ///
    /// Units that are too large for any batch go alone.
    func batches(of units: [Unit]) -> [[Unit]] {
        var batches: [[Unit]] = []
        var taken: [ServiceName: Int] = [:]
        for unit in units.filter(\.isIll) + units.filter({ !$0.isIll }) {
            let hasRoom = unit.counts.allSatisfy { service, count in
                taken[service, default: 0] + count <= limit(service, isFirst: batches.count == 1)
            }
            if batches.isEmpty || !hasRoom {
                batches.append([])
                taken = [:]
            }
            batches[batches.count - 1].append(unit)
            taken.merge(unit.counts, uniquingKeysWith: +)
        }
        return batches
    }

    /// How many instances of a service may give way at once.
    func limit(_ service: ServiceName, isFirst: Bool = false) -> Int {
        guard let policy = policies[service] else { return .max }
        let limit =
            switch policy.parallelism {
            case .count(0): Int.max
            case .count(let count): count
            case .percent(let percent): max(totals[service, default: 0] * percent / 100, 1)
            }
        return isFirst && policy.canary > 0 ? min(policy.canary, limit) : limit
    }

    /// The services' rollouts, in this order; without batches where nothing gives way.
    func rollouts(_ services: [ServiceName], _ batches: [[Unit]]) -> [Rollout] {
        services.compactMap { service in
            guard let policy = policies[service] else { return nil }
            let places = batches.map { units in
                units.flatMap(\.members).filter { $0.address.service == service && $0.instance != nil }
                    .map(\.place)
            }.filter { !$0.isEmpty }
            return Rollout(
                service: service, policy: policy, instances: totals[service, default: 0], batches: places)
        }
    }
}
