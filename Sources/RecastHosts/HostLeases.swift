package import DockerAPI
package import RecastModel

/// The log of leases of an application on one host.
///
/// Creating a volume is atomic on every engine, and one that is there is answered as it is. So whoever makes the next
/// number wrote the next entry; a number is never written twice, also where old entries go.
package struct HostLeases: Sendable {
    private let client: EngineClient
    private let owner: [String: String]
    private let prefix: String

    package init(_ client: EngineClient, environment: EnvironmentName, application: ApplicationName) {
        self.client = client
        owner = InstanceLabels.ofResource(environment: environment, application: application)
        prefix = LeaseLog.prefix(environment, application)
    }

    /// It throws `EngineError`.
    package func log() async throws -> LeaseLog {
        let pattern = "^" + prefix.replacing(".", with: "\\.")
        let (volumes, now) = try await client.reader.volumes(matching: pattern)
        var records: [Int: LeaseRecord?] = [:]
        for volume in volumes where volume.Name.hasPrefix(prefix) {
            guard let number = Int(volume.Name.dropFirst(prefix.count)) else { continue }
            records[number] = .some(try await record(volume))
        }
        return LeaseLog(records, clock: now)
    }

    /// A list may have a volume that is just being made, without its labels; asking for it by name waits until it is.
    private func record(_ volume: Volume) async throws -> LeaseRecord? {
        if let labels = volume.Labels, !labels.isEmpty { return LeaseRecord(labels: labels) }
        do {
            return LeaseRecord(labels: try await client.reader.volume(volume.Name).Labels ?? [:])
        } catch let error as EngineError where error.isNotFound {
            return nil
        }
    }

    /// Writes the next entry.
    ///
    /// - Returns: false when somebody else wrote meanwhile; then nothing of this is there.
    ///
    /// It throws `EngineError`.
    package func append(_ record: LeaseRecord, to log: LeaseLog) async throws -> Bool {
        let number = log.top + 1
        guard try await create(number, record) else { return false }
        // One that was asleep may have made a number that was there before, and went.
        guard try await self.log().top == number else {
            try await remove(number)
            return false
        }
        return true
    }

    /// Removes entries that no longer matter: of the newest two an engine may lose one.
    package func compact() async throws {
        let log = try await log()
        for number in log.records.keys.sorted() where number < log.top - 1 { try await remove(number) }
    }

    private func create(_ number: Int, _ record: LeaseRecord) async throws -> Bool {
        var volume = Volume(Name: name(number))
        volume.Labels = owner.merging(record.labels) { $1 }
        do {
            let made = try await client.createVolume(volume)
            if made.Labels?[InstanceLabels.Key.identity.name] == record.nonce { return true }
        } catch let error as EngineError where error.code == .status {
            // Podman answers 500 to those that come second; a full disk does so, too.
            guard (try? await client.reader.volume(volume.Name)) != nil else { throw error }
        }
        return try await client.reader.volume(volume.Name).Labels?[InstanceLabels.Key.identity.name] == record.nonce
    }

    private func remove(_ number: Int) async throws {
        do {
            try await client.removeVolume(name(number))
        } catch let error as EngineError where error.isNotFound {}
    }

    private func name(_ number: Int) -> String {
        let digits = String(number)
        return prefix + String(repeating: "0", count: max(8 - digits.count, 0)) + digits
    }
}
