import DockerAPI
import RecastHosts
package import RecastModel

extension Operations {
    /// Does something while nobody else may change the application on these hosts: on all of them, or not at all.
    ///
    /// It throws `LeaseRefusal`, and `StepFailure` when a host cannot keep a lease.
    func withLease<Result: Sendable>(
        for operation: String, on hosts: Set<HostName>, of fleet: Fleet, _ body: (HeldLease?) async throws -> Result
    ) async throws -> Result {
        if case .without(let reason)? = leasing {
            try await refuseBesideOthers(on: hosts, of: fleet)
            surroundings.notice("no lease is taken: \(reason)")
        }
        guard case .lease(let holder, let patience)? = leasing, !hosts.isEmpty else { return try await body(nil) }
        let lease = Lease(
            id: EngineHost.identity(), holder: holder, operation: operation, process: LocalProcess.current?.text)
        let held = try await take(lease, on: hosts, of: fleet, patience)
        let keeper = Task { await held.keep() }
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(held)) } catch { result = .failure(error) }
        keeper.cancel()
        // Not the caller's task, which may be cancelled.
        await Task { await held.release() }.value
        return try result.get()
    }

    /// What the hosts' logs say.
    package func leases() async throws -> LeaseReport {
        try await withFleet { try await leases(of: $0) }
    }

    private func leases(of fleet: Fleet) async throws -> LeaseReport {
        var report = LeaseReport(unreachable: fleet.unreachable)
        let answers = try await concurrently(fleet.readers.sorted { $0.key < $1.key }, atOnce: Fleet.hostsAtOnce) {
            host, reader in
            do {
                return (host, Result<LeaseLog, EngineError>.success(try await log(on: EngineClient(reader)).log()))
            } catch let error as EngineError {
                return (host, .failure(error))
            }
        }
        for (host, answer) in answers {
            switch answer {
            case .success(let log): report.logs[host] = log
            case .failure(let error): report.unreachable[host] = error.message
            }
        }
        return report
    }

    /// Takes a lease away from whoever holds it, on every host where it is that one.
    ///
    /// `id`: its beginning.
    ///
    /// - Returns: the hosts, and those of which nothing is known.
    package func breakLease(_ id: String) async throws -> (broken: [HostName], unreachable: [HostName: String]) {
        try await withFleet { fleet in
            var report = try await leases(of: fleet)
            var broken: [HostName] = []
            for (host, log) in report.logs.sorted(by: { $0.key < $1.key }) {
                guard let record = log.state.record, record.lease.id.hasPrefix(id), let reader = fleet.readers[host]
                else { continue }
                let entry = LeaseRecord(
                    .break, record.lease, since: record.since, written: log.clock, lasts: 0,
                    nonce: EngineHost.identity())
                do {
                    if try await self.log(on: EngineClient(reader)).append(entry, to: log) { broken.append(host) }
                } catch let error as EngineError {
                    report.unreachable[host] = error.message
                }
            }
            return (broken, report.unreachable)
        }
    }

    /// A host that cannot keep a lease can still say who has one.
    private func refuseBesideOthers(on hosts: Set<HostName>, of fleet: Fleet) async throws {
        for host in hosts.sorted() {
            guard let reader = fleet.readers[host] else { continue }
            let log = try await log(on: EngineClient(reader)).log()
            guard case .held(let record) = log.state, !record.isOfGoneProcess else { continue }
            throw LeaseRefusal(environment: desired.environment, host: host, record: record, now: log.clock)
        }
    }

    private func log(on client: EngineClient) -> HostLeases {
        HostLeases(client, environment: desired.environment, application: desired.application)
    }

    // MARK: Taking

    private func take(
        _ lease: Lease, on hosts: Set<HostName>, of fleet: Fleet, _ patience: Duration
    ) async throws -> HeldLease {
        let deadline = ContinuousClock.now + patience
        var isWaiting = false
        while true {
            do {
                return try await take(lease, on: hosts, of: fleet)
            } catch let refusal as LeaseRefusal {
                guard ContinuousClock.now < deadline else { throw refusal }
                if !isWaiting { surroundings.notice("waiting for \(refusal.record.lease.holder) on \(refusal.host)") }
                isWaiting = true
                try await Task.sleep(for: .milliseconds(Int.random(in: 300...900)))
            }
        }
    }

    /// One host after the other, always in the same order, so that of two runs one gets through.
    private func take(_ lease: Lease, on hosts: Set<HostName>, of fleet: Fleet) async throws -> HeldLease {
        var logs: [HostName: HostLeases] = [:]
        var taken: [HostName: HeldLease.Taken] = [:]
        do {
            for host in hosts.sorted() {
                guard let reader = fleet.readers[host] else { continue }
                let leases = log(on: EngineClient(reader))
                logs[host] = leases
                taken[host] = try await take(lease, on: host, leases)
            }
        } catch {
            let held = HeldLease(lease, logs, taken)
            await Task { await held.release() }.value
            throw error
        }
        return HeldLease(lease, logs, taken)
    }

    private func take(
        _ lease: Lease, on host: HostName, _ leases: HostLeases
    ) async throws -> HeldLease.Taken {
        do {
            while true {
                let log = try await leases.log()
                switch log.state {
                case .held(let record) where record.isOfGoneProcess:
                    surroundings.notice("the run that held the lease on \(host) is gone; taking it over")
                case .held(let record):
                    throw LeaseRefusal(
                        environment: desired.environment, host: host, record: record, now: log.clock)
                case .expired(let record):
                    surroundings.notice(
                        "the lease of \(record.lease.holder) on \(host) ran out without a word; taking it over")
                case .free: break
                }
                let record = LeaseRecord(
                    .acquire, lease, since: log.clock, written: log.clock, lasts: HeldLease.seconds,
                    nonce: EngineHost.identity())
                if try await leases.append(record, to: log) {
                    return HeldLease.Taken(since: log.clock, number: log.top + 1)
                }
                try await Task.sleep(for: .milliseconds(Int.random(in: 5...50)))
            }
        } catch let error as EngineError {
            throw StepFailure(
                "\(host) cannot keep a lease: \(error.message); --no-lease goes on without one, if nobody else is at it"
            )
        }
    }
}

extension LeaseRecord {
    /// Its holder ran on this machine, and does not any more.
    fileprivate var isOfGoneProcess: Bool { LocalProcess(lease.process ?? "")?.isGone ?? false }
}
