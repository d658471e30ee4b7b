import DockerAPI
import RecastHosts
import RecastModel
import RecastPlanner

/// What is recorded of one apply on the hosts that it changes.
///
/// It is history: a host that cannot keep it is named, and the apply goes on.
struct Ledger {
    private let shown: Snapshot
    private let records: [HostName: (ledger: HostLedger, record: ReleaseRecord)]
    private let notice: @Sendable (String) -> Void

    /// Records what is about to be done.
    ///
    /// `origin`: `nil` records nothing.
    static func begin(
        _ name: String, of shown: Snapshot, on fleet: Fleet, _ origin: ReleaseOrigin?, _ surroundings: Surroundings
    ) async -> Self {
        guard let origin else { return Self(shown: shown, records: [:], notice: surroundings.notice) }
        let number = (shown.observed.hosts.values.compactMap { $0.state?.latestRelease?.number }.max() ?? 0) + 1
        let hosts = Set(shown.plan.steps.map(\.host)).sorted()
        let drafts = hosts.compactMap { host in
            fleet.readers[host].map { reader in
                let ledger = HostLedger(
                    EngineClient(reader), environment: shown.plan.environment, application: shown.plan.application)
                return (host, ledger, shown.services(on: host))
            }
        }
        var records: [HostName: (ledger: HostLedger, record: ReleaseRecord)] = [:]
        await withTaskGroup(of: (HostName, HostLedger, ReleaseRecord?, String).self) { group in
            for (host, ledger, services) in drafts {
                group.addTask {
                    do {
                        let record = try await ledger.write { clock in
                            var record = ReleaseRecord(
                                number: number, name: name, origin: origin, began: clock, services: services)
                            // From now on a migration may have run, whatever becomes of whoever runs it.
                            record.schemas = shown.schemas(number) { _ in true }
                            return record
                        }
                        return (host, ledger, record, "")
                    } catch {
                        return (host, ledger, nil, Self.words(error))
                    }
                }
            }
            for await (host, ledger, record, problem) in group {
                if let record { records[host] = (ledger, record) }
                if record == nil { surroundings.notice("\(host) does not record this release: \(problem)") }
            }
        }
        return Self(shown: shown, records: records, notice: surroundings.notice)
    }

    /// Records how it ended on each host.
    func end(_ outcome: Outcome, _ fates: [InstancePlace: Fate]) async {
        let touched = shown.touchedSchemas(fates)
        // Not the caller's task, which may be cancelled.
        let work = Task { [records, notice, shown] in
            await withTaskGroup(of: Void.self) { group in
                for (host, entry) in records {
                    group.addTask {
                        var record = entry.record
                        record.schemas = shown.schemas(record.number, touched.contains)
                        record.outcome = Self.outcome(outcome, fates.filter { $0.key.host == host }.map(\.value))
                        do {
                            record.volumes = try await entry.ledger.volumes()
                            _ = try await entry.ledger.write { [record] _ in record }
                        } catch {
                            notice("\(host) does not record how this release ended: \(Self.words(error))")
                        }
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

    /// Of one host: whether what was to change there did.
    private static func outcome(_ whole: Outcome, _ fates: [Fate]) -> Outcome {
        if whole == .done || whole == .interrupted { return whole }
        let good = fates.count { [.created, .replaced, .started, .removed, .unchanged].contains($0) }
        if good == fates.count { return whole == .failed ? .failed : .done }
        return fates.contains(.broken) || good > 0 ? .partlyDone : .failed
    }

    private static func words(_ error: any Error) -> String {
        switch error {
        case let error as EngineError: error.message
        case let failure as StepFailure: failure.message
        default: "it was interrupted"
        }
    }
}

extension Snapshot {
    /// What is known of databases after a release: what it brought, what a person said is not so any more, and what was
    /// known before.
    fileprivate func schemas(_ number: Int, _ isTouched: (String) -> Bool) -> [String: SchemaMark] {
        let before = observed.schemas
        var after = before
        for name in plan.forgottenSchemas { after[name] = SchemaMark(version: nil, release: number) }
        for (name, version) in plan.schemas where isTouched(name) && version > after[name]?.version ?? -1 {
            after[name] = SchemaMark(version: version, release: number)
        }
        return after
    }

    /// The databases on which something was begun.
    fileprivate func touchedSchemas(_ fates: [InstancePlace: Fate]) -> Set<String> {
        let touched = fates.filter { ![.skipped, .unchanged].contains($0.value) }
        return Set(
            desired.instances.filter { touched[InstancePlace($0.host, $0.address)] != nil }
                .compactMap { $0.instance.schema?.head == nil ? nil : $0.instance.schema?.name })
    }

    /// What is to run on a host, of the services that the plan is about.
    fileprivate func services(on host: HostName) -> [ServiceName: ReleaseRecord.Service] {
        let instances = desired.instances.filter { $0.host == host && scope.contains($0.address.service) }
        return Dictionary(grouping: instances, by: \.address.service).compactMapValues { instances in
            instances.first.map {
                ReleaseRecord.Service(
                    image: $0.spec.image.short, digest: $0.spec.image.digest ?? "", specHash: $0.specHash,
                    instances: instances.count, schema: $0.instance.schema?.program)
            }
        }
    }
}

extension ReleaseOrigin {
    func doing(_ operation: String) -> Self {
        var origin = self
        origin.operation = operation
        return origin
    }
}
