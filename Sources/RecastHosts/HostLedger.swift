package import DockerAPI
package import RecastModel

/// The releases of an application that one host remembers.
package struct HostLedger: Sendable {
    private let log: HostLog
    private let reader: EngineReader
    private let owner: [String: String]
    /// How many it keeps: Podman takes a lock for each volume, from the same few that its containers need.
    private let capacity: Int

    package init(_ client: EngineClient, environment: EnvironmentName, application: ApplicationName) {
        log = HostLog(
            client, environment: environment, application: application,
            prefix: ReleaseRecord.prefix(environment, application))
        reader = client.reader
        owner = InstanceLabels.ofResource(environment: environment, application: application)
        capacity = EngineFacts(client.reader).product == .podman ? 20 : 150
    }

    /// In the order in which they were written.
    ///
    /// It throws `EngineError`.
    package func records() async throws -> [ReleaseRecord] {
        try await log.entries().entries.sorted { $0.key < $1.key }.compactMap { ReleaseRecord(labels: $0.value) }
    }

    /// The identities of the application's volumes as they are now, by name.
    ///
    /// It throws `EngineError`.
    package func volumes() async throws -> [String: String] {
        let own = try await reader.volumes().map(ObservedVolume.init).filter { volume in
            owner.isContained(in: volume.labels) && volume[.record] == nil && volume[.fileVolume] == nil
        }
        return own.reduce(into: [:]) { $0[$1.name] = $1[.identity] }
    }

    /// Writes a record, in place of what was written of the same release before.
    ///
    /// A number that is taken away in between, as by a prune, is no obstacle.
    ///
    /// - Returns: what was written.
    ///
    /// - Throws: `EngineError`, and `StepFailure` when others keep writing.
    package func write(_ record: (_ clock: Int64) -> ReleaseRecord) async throws -> ReleaseRecord {
        for _ in 0..<5 {
            let (entries, clock) = try await log.entries()
            let new = record(clock)
            let number = (entries.keys.max() ?? 0) + 1
            guard try await log.append(new.labels, number: number, nonce: EngineHost.identity()) else { continue }
            let superseded = entries.filter { ReleaseRecord(labels: $0.value)?.name == new.name }.keys
            let surplus = entries.keys.sorted().dropLast(capacity - 1)
            for old in Set(superseded).union(surplus).sorted() { try await log.remove(old) }
            return new
        }
        throw StepFailure("others kept writing to the ledger")
    }
}
