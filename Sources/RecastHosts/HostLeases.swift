package import DockerAPI
package import RecastModel

/// The log of leases of an application on one host.
package struct HostLeases: Sendable {
    private let entries: HostLog

    package init(_ client: EngineClient, environment: EnvironmentName, application: ApplicationName) {
        entries = HostLog(
            client, environment: environment, application: application,
            prefix: LeaseLog.prefix(environment, application))
    }

    /// It throws `EngineError`.
    package func log() async throws -> LeaseLog {
        let (found, clock) = try await entries.entries()
        return LeaseLog(found.mapValues { LeaseRecord(labels: $0) }, clock: clock)
    }

    /// Writes the next entry.
    ///
    /// - Returns: false when somebody else wrote meanwhile; then nothing of this is there.
    ///
    /// It throws `EngineError`.
    package func append(_ record: LeaseRecord, to log: LeaseLog) async throws -> Bool {
        try await entries.append(record.labels, number: log.top + 1, nonce: record.nonce)
    }

    /// Removes entries that no longer matter: of the newest two an engine may lose one.
    package func compact() async throws {
        let log = try await log()
        for number in log.records.keys.sorted() where number < log.top - 1 { try await entries.remove(number) }
    }
}
