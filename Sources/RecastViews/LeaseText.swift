package import RecastModel

/// Who may change an application, for people.
package enum LeaseText {
    package static func lines(_ logs: [HostName: LeaseLog]) -> [String] {
        let rows = logs.sorted { $0.key < $1.key }.map { host, log in
            switch log.state {
            case .free: [host.text, "-", "-", "-", "-"]
            case .held(let record): row(host, record, log, "for \(elapsed(record, log.clock))")
            case .expired(let record): row(host, record, log, "ran out")
            }
        }
        return TextTable.lines([["HOST", "HOLDER", "OPERATION", "HELD", "LEASE"]] + rows)
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

    package init(_ logs: [HostName: LeaseLog]) {
        hosts = logs.sorted { $0.key < $1.key }.map { host, log in
            let (state, record): (String, LeaseRecord?) =
                switch log.state {
                case .free: ("free", nil)
                case .held(let record): ("held", record)
                case .expired(let record): ("expired", record)
                }
            return Row(
                host: host.text, state: state, lease: record?.lease.id, holder: record?.lease.holder,
                operation: record?.lease.operation, since: record?.since, now: log.clock)
        }
    }
}
