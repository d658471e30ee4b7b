import DockerAPI
import RecastHosts
package import RecastModel

extension Operations {
    /// Gives hosts that remember nothing what was exported of them.
    ///
    /// `records`: the oldest first.
    ///
    /// - Returns: how many were written on each host; a host that remembers something already is missing.
    ///
    /// It throws `EngineError` and `StepFailure`.
    package func importHistory(_ records: [HostName: [ReleaseRecord]]) async throws -> [HostName: Int] {
        try await withFleet { fleet in
            var written: [HostName: Int] = [:]
            for (host, records) in records.sorted(by: { $0.key < $1.key }) {
                guard let reader = fleet.readers[host] else { continue }
                let ledger = HostLedger(
                    EngineClient(reader), environment: desired.environment, application: desired.application)
                guard try await ledger.records().isEmpty else { continue }
                for record in records { _ = try await ledger.write { _ in record } }
                written[host] = records.count
            }
            return written
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
