package import RecastModel

/// Who may change an application, for people.
package enum LeaseText {
    package static func lines(_ report: LeaseReport) -> [String] {
        let rows = report.logs.sorted { $0.key < $1.key }.map { host, log in
            switch log.state {
            case .free: [host.text, "-", "-", "-", "-"]
            case .held(let record): row(host, record, log, "for \(elapsed(record, log.clock))")
            case .expired(let record): row(host, record, log, "ran out")
            }
        }
        let silent = report.unreachable.sorted { $0.key < $1.key }
        return TextTable.lines([["HOST", "HOLDER", "OPERATION", "HELD", "LEASE"]] + rows)
            + silent.map { "\($0.key)   unreachable: \($0.value.printable)" }
    }

    private static func row(_ host: HostName, _ record: LeaseRecord, _ log: LeaseLog, _ held: String) -> [String] {
        let lease = record.lease
        return [host.text, lease.holder.printable, lease.operation.printable, held, String(lease.id.prefix(12))]
    }

    /// Why somebody is refused, and the way out.
    package static func refusal(
        _ record: LeaseRecord, on host: HostName, _ environment: EnvironmentName, now: Int64
    ) -> [String] {
        let lease = record.lease
        return [
            "error: \(lease.holder.printable) changes \(environment) on \(host): '\(lease.operation.printable)', for "
                + elapsed(record, now),
            "       wait for it with --wait 10m; when that run is gone for good:"
                + " recast lease \(environment) --break \(lease.id.prefix(12))",
        ]
    }

    private static func elapsed(_ record: LeaseRecord, _ now: Int64) -> String {
        TimeText.elapsed(.seconds(max(now - record.since, 0)))
    }
}

/// The same for programs.
package struct LeaseDocument: Encodable {
    struct Row: Encodable {
        let host: String
        let state: String
        let lease: String?
        let holder: String?
        let operation: String?
        /// Seconds of the Unix epoch, by the host's clock.
        let since: Int64?
        let now: Int64
    }

    let format = 1
    let hosts: [Row]
    /// Why nothing is known of these.
    let unreachable: [String: String]

    package init(_ report: LeaseReport) {
        hosts = report.logs.sorted { $0.key < $1.key }.map { host, log in
            let record = log.state.record
            return Row(
                host: host.text, state: Self.word(for: log.state), lease: record?.lease.id,
                holder: record?.lease.holder, operation: record?.lease.operation, since: record?.since,
                now: log.clock)
        }
        unreachable = Dictionary(uniqueKeysWithValues: report.unreachable.map { ($0.key.text, $0.value) })
    }

    private static func word(for state: LeaseLog.State) -> String {
        switch state {
        case .free: "free"
        case .held: "held"
        case .expired: "expired"
        }
    }
}
