import DockerAPI
import RecastHosts
package import RecastModel

extension Operations {
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
