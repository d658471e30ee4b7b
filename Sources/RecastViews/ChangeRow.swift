import RecastModel

/// A line of a plan: what is to be done with some instances of a service, or with one other thing.
struct ChangeRow {
    /// What makes two changes the same, but for the slots.
    struct Key: Hashable {
        /// `nil` for instances: those are told by their service.
        let subject: Change.Subject?
        let service: ServiceName?
        let action: Change.Action
        let cause: Cause
        let differences: [Difference]
        let replacement: Replacement?

        init(_ change: Change) {
            if case .instance(let address) = change.subject {
                (subject, service) = (nil, address.service)
            } else {
                (subject, service) = (change.subject, nil)
            }
            (action, cause) = (change.action, change.cause)
            (differences, replacement) = (change.differences, change.replacement)
        }
    }

    /// Any of them.
    let change: Change
    private(set) var slots: Set<Int>

    /// From this many equal changes on, of one service or of as many hosts, they stand on one line.
    static let many = 4

    private init(_ change: Change) {
        self.change = change
        if case .instance(let address) = change.subject { slots = [address.slot] } else { slots = [] }
    }

    var key: Key { Key(change) }

    /// Such as `web.1`, `web.1-4,7`, or `web (40 instances)`.
    var label: String {
        guard case .instance(let address) = change.subject, slots.count > 1 else {
            return PlanText.label(change.subject)
        }
        let ranges = Self.ranges(slots)
        return ranges.count > Self.many
            ? "\(address.service) (\(slots.count) instances)" : "\(address.service).\(ranges.joined(separator: ","))"
    }

    /// Those of one host, in their order.
    static func rows(_ changes: [Change]) -> [Self] {
        let counts = Dictionary(grouping: changes, by: Key.init).mapValues(\.count)
        return merged(changes.map(Self.init)) { counts[$0, default: 0] >= many }
    }

    /// Those of one key together, at the place of the first.
    static func merged(_ rows: [Self], where isMerged: (Key) -> Bool) -> [Self] {
        var merged: [Self] = []
        var known: [Key: Int] = [:]
        for row in rows {
            let key = row.key
            if let index = known[key], isMerged(key) {
                merged[index].join(row)
            } else {
                known[key] = merged.count
                merged.append(row)
            }
        }
        return merged
    }

    mutating func join(_ other: Self) { slots.formUnion(other.slots) }

    private static func ranges(_ slots: Set<Int>) -> [String] {
        var ranges: [ClosedRange<Int>] = []
        for slot in slots.sorted() {
            if let last = ranges.last, last.upperBound + 1 == slot {
                ranges[ranges.count - 1] = last.lowerBound...slot
            } else {
                ranges.append(slot...slot)
            }
        }
        return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
    }
}

/// Hosts on which the same is to be done, or one.
struct HostBlock {
    private(set) var hosts: [HostPlan]
    private(set) var rows: [ChangeRow]
    /// Whether no other host stands between them in the plan.
    private var isRun = true
    private var last: Int

    private struct Key: Hashable {
        let engine: EngineFacts?
        let unreachable: String?
        let rows: [ChangeRow.Key]
        let counts: [Int]
        let notices: [Notice]
    }

    private init(_ host: HostPlan, at index: Int) {
        hosts = [host]
        last = index
        rows = ChangeRow.rows(host.changes)
    }

    private var key: Key {
        Key(
            engine: hosts[0].engine, unreachable: hosts[0].unreachable, rows: rows.map(\.key),
            counts: rows.map(\.slots.count), notices: hosts[0].notices)
    }

    private mutating func join(_ other: Self) {
        hosts += other.hosts
        isRun = isRun && other.last == last + 1
        last = other.last
        for index in rows.indices { rows[index].join(other.rows[index]) }
    }

    /// In the order of the hosts, many of the same at the place of the first; `apart`: hosts of which more is to be said.
    static func blocks(_ plans: [HostPlan], apart: Set<HostName>) -> [Self] {
        let single = plans.enumerated().map { Self($1, at: $0) }
        let counts = Dictionary(grouping: single.filter { !apart.contains($0.hosts[0].host) }, by: \.key)
            .mapValues(\.count)
        var blocks: [Self] = []
        var known: [Key: Int] = [:]
        for block in single {
            let key = block.key
            guard !apart.contains(block.hosts[0].host), counts[key, default: 0] >= ChangeRow.many else {
                blocks.append(block)
                continue
            }
            if let index = known[key] {
                blocks[index].join(block)
            } else {
                known[key] = blocks.count
                blocks.append(block)
            }
        }
        for index in blocks.indices where blocks[index].hosts.count > 1 { blocks[index].mergeRows() }
        return blocks
    }

    private mutating func mergeRows() {
        rows = ChangeRow.merged(rows) { _ in true }
    }

    /// Such as `web-1`, `web-1 … web-400 (400 hosts)`, or `web-1, web-3, web-4, … (400 hosts)`.
    var title: String {
        guard let first = hosts.first, let last = hosts.last, hosts.count > 1 else { return hosts[0].host.text }
        let names = hosts.prefix(3).map(\.host.text).joined(separator: ", ")
        return (isRun ? "\(first.host) … \(last.host)" : "\(names), …") + " (\(hosts.count) hosts)"
    }

    /// Nothing is to be said of the hosts themselves.
    var isSilent: Bool { rows.isEmpty && hosts[0].notices.isEmpty && hosts[0].unreachable == nil }
}
