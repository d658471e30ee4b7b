import RecastModel

/// What an apply came to, host by host, and how long instances were away.
///
/// A reducer: events in, lines out once every instance has its fate.
struct ApplySummary {
    private let unchanged: [(host: HostName, count: Int)]
    private let maxGaps: [ServiceName: Duration]
    private var gaps: [InstancePlace: Duration] = [:]
    private let style: Style

    init(_ plan: Plan, style: Style) {
        unchanged = plan.hosts.map { ($0.host, $0.unchanged) }
        maxGaps = plan.rollouts.reduce(into: [:]) { $0[$1.service] = $1.policy.maxGap }
        self.style = style
    }

    mutating func receive(_ event: Event) -> [String] {
        switch event {
        case .gap(let place, let gap):
            gaps[place] = max(gap, gaps[place] ?? .zero)
            return []
        case .settled(let fates): return table(fates) + gapLines + warnings
        default: return []
        }
    }

    // MARK: Fates

    private static let columns: [(title: String, fate: Fate)] = [
        ("REPLACED", .replaced), ("CREATED", .created), ("STARTED", .started), ("REMOVED", .removed),
        ("REVERTED", .reverted), ("FAILED", .failed), ("NOT PUT BACK", .broken), ("SKIPPED", .skipped),
        ("UNCHANGED", .unchanged),
    ]

    /// A row for each host of which there is something to say, a column for each fate that occurs.
    private func table(_ fates: [InstancePlace: Fate]) -> [String] {
        var counts: [HostName: [Fate: Int]] = [:]
        for (host, count) in unchanged where count > 0 { counts[host] = [.unchanged: count] }
        for (place, fate) in fates { counts[place.host, default: [:]][fate, default: 0] += 1 }
        let columns = Self.columns.filter { column in counts.values.contains { $0[column.fate, default: 0] > 0 } }
        guard !columns.isEmpty else { return [] }
        let rows = Self.grouped(
            unchanged.map(\.host).filter { counts[$0] != nil }.map { host in
                [host.text] + columns.map { column in counts[host]?[column.fate].map(String.init) ?? "-" }
            })
        return [""] + TextTable.lines([["HOST"] + columns.map(\.title)] + rows) + [""]
    }

    /// As many hosts have a row each; of more, those of which the same is said have one together.
    private static let fewHosts = 12

    private static func grouped(_ rows: [[String]]) -> [[String]] {
        guard rows.count > fewHosts else { return rows }
        var groups: [(names: [String], cells: [String])] = []
        var known: [[String]: Int] = [:]
        for row in rows {
            let cells = Array(row.dropFirst())
            if let index = known[cells] {
                groups[index].names.append(row[0])
            } else {
                known[cells] = groups.count
                groups.append(([row[0]], cells))
            }
        }
        return groups.map { names, cells in
            [names.count < 4 ? names.joined(separator: ", ") : "\(names[0]) and \(names.count - 1) more"] + cells
        }
    }

    // MARK: Gaps

    /// Of more instances whose times differ, only the longest are told one by one.
    private static let fewGaps = 10

    /// One line for a service whose instances were away for about as long, else one for each.
    private var gapLines: [String] {
        Dictionary(grouping: gaps, by: \.key.address.service).sorted { $0.key < $1.key }.flatMap { service, gaps in
            let times = gaps.map(\.value).sorted()
            guard let shortest = times.first, let longest = times.last else { return [String]() }
            guard longest - shortest <= max(shortest, .seconds(1)) else {
                return Self.lines(gaps, of: service, median: times[times.count / 2])
            }
            let (from, to) = (ActionWords.seconds(shortest), ActionWords.seconds(longest))
            return ["\(service): away \(from == to ? to : "\(from) to \(to)")"]
        }
    }

    private static func lines(
        _ gaps: [(key: InstancePlace, value: Duration)], of service: ServiceName, median: Duration
    ) -> [String] {
        let line = { (gap: (key: InstancePlace, value: Duration)) in
            "\(gap.key): away \(ActionWords.seconds(gap.value))"
        }
        guard gaps.count > fewGaps else { return gaps.sorted { $0.key < $1.key }.map(line) }
        let longest = gaps.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(fewGaps)
        return ["\(service): half of \(gaps.count) away for at most \(ActionWords.seconds(median)); the longest:"]
            + longest.map { "  " + line($0) }
    }

    private var warnings: [String] {
        gaps.sorted { $0.key < $1.key }.compactMap { place, gap in
            guard let limit = maxGaps[place.address.service], gap > limit else { return nil }
            return style.paint("warning:", .yellow)
                + " \(place) was away for \(ActionWords.seconds(gap)), longer than its max_gap of "
                + TimeText.exact(limit)
        }
    }
}
