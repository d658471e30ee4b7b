package import RecastModel

/// A lease on the hosts of one run, while it is held.
package final class HeldLease: Sendable {
    package let lease: Lease
    private let logs: [HostName: HostLeases]
    private let taken: [HostName: Taken]

    /// How it was taken on one host.
    package struct Taken: Sendable {
        /// By the host's clock, in seconds of the Unix epoch.
        let since: Int64
        let number: Int

        package init(since: Int64, number: Int) {
            self.since = since
            self.number = number
        }
    }

    /// For how many seconds an entry holds.
    package static let seconds: Int64 = 900
    /// How often a new one is written: two may be missed.
    private static let renewal = Duration.seconds(300)

    package init(_ lease: Lease, _ logs: [HostName: HostLeases], _ taken: [HostName: Taken]) {
        self.lease = lease
        self.logs = logs
        self.taken = taken
    }

    /// Nobody else held a lease since these hosts were observed.
    package func followsAtOnce(_ observed: Observed) -> Bool {
        taken.allSatisfy { host, taken in
            (observed.hosts[host]?.state).map { $0.leaseTop + 1 == taken.number } ?? false
        }
    }

    /// - Throws: `StepFailure` when somebody else has it, or it was not renewed in time; nothing may be changed then.
    package func check(_ host: HostName) async throws {
        guard let leases = logs[host] else { throw StepFailure("no lease was taken on \(host)") }
        switch try await leases.log().state {
        case .held(let record) where record.lease.id == lease.id: return
        case .held(let record):
            throw StepFailure(
                "\(record.lease.holder) took the lease on \(host) for '\(record.lease.operation)' meanwhile")
        case .expired: throw StepFailure("the lease on \(host) was not renewed in time")
        case .free: throw StepFailure("the lease on \(host) was taken away")
        }
    }

    /// Writes new entries until it is cancelled; what cannot be written is seen by the next check.
    package func keep() async {
        while (try? await Task.sleep(for: Self.renewal)) != nil {
            for (host, leases) in logs { try? await append(.renew, to: leases, on: host) }
        }
    }

    /// Gives it back wherever it is still held; a host that does not answer is not waited for.
    package func release() async {
        let work = Task {
            await withTaskGroup(of: Void.self) { group in
                for (host, leases) in logs {
                    group.addTask {
                        try? await self.append(.release, to: leases, on: host)
                        try? await leases.compact()
                    }
                }
            }
        }
        let limit = Task {
            try await Task.sleep(for: .seconds(5))
            work.cancel()
        }
        await work.value
        limit.cancel()
    }

    private func append(_ kind: LeaseRecord.Kind, to leases: HostLeases, on host: HostName) async throws {
        let log = try await leases.log()
        switch log.state {
        case .held(let record), .expired(let record):
            guard record.lease.id == lease.id else { return }
        case .free: return
        }
        let record = LeaseRecord(
            kind, lease, since: taken[host]?.since ?? log.clock, written: log.clock, lasts: Self.seconds,
            nonce: EngineHost.identity())
        _ = try await leases.append(record, to: log)
    }
}
