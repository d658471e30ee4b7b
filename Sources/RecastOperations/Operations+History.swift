import DockerAPI
import RecastHosts
package import RecastModel

extension Operations {
    /// What became of the releases that a host was to be given.
    package enum ImportResult: Hashable, Sendable {
        case written
        /// It has some of its own, and keeps those.
        case remembers
        case unreachable(String)
        /// The environment has no such host, or the scope leaves it out.
        case unknown

        /// It ought to have them, and could not be asked.
        package var isMissed: Bool {
            switch self {
            case .written, .remembers: false
            case .unreachable, .unknown: true
            }
        }
    }

    /// Gives hosts that remember nothing what was exported of them.
    ///
    /// `records`: the oldest first.
    ///
    /// It throws `EngineError` and `StepFailure`.
    package func importHistory(_ records: [HostName: [ReleaseRecord]]) async throws -> [HostName: ImportResult] {
        try await withFleet { fleet in
            var results: [HostName: ImportResult] = [:]
            for (host, records) in records.sorted(by: { $0.key < $1.key }) {
                guard let reader = fleet.readers[host] else {
                    results[host] = fleet.unreachable[host].map(ImportResult.unreachable) ?? .unknown
                    continue
                }
                let ledger = HostLedger(
                    EngineClient(reader), environment: desired.environment, application: desired.application)
                guard try await ledger.records().isEmpty else {
                    results[host] = .remembers
                    continue
                }
                for record in records { _ = try await ledger.write { _ in record } }
                results[host] = .written
            }
            return results
        }
    }

    /// The releases that the hosts remember; each host is asked once.
    package func history() async throws -> History {
        try await withFleet { fleet in
            let answers = try await concurrently(fleet.readers.sorted { $0.key < $1.key }, atOnce: Fleet.hostsAtOnce) {
                host, reader in
                let ledger = HostLedger(
                    EngineClient(reader), environment: desired.environment, application: desired.application)
                do {
                    return (host, Result<[ReleaseRecord], EngineError>.success(try await ledger.records()))
                } catch let error as EngineError {
                    return (host, .failure(error))
                }
            }
            var logs: [HostName: [ReleaseRecord]] = [:]
            var unreachable = fleet.unreachable
            for (host, answer) in answers {
                switch answer {
                case .success(let records): logs[host] = records
                case .failure(let error): unreachable[host] = error.message
                }
            }
            return History(logs, unreachable: unreachable)
        }
    }
}
