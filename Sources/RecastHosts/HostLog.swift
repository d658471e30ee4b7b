package import DockerAPI
package import RecastModel

/// Numbered entries that are kept on a host: volumes that stay empty, whose labels are what they say.
///
/// Creating a volume is atomic on every engine, and one that is there is answered as it is. So whoever makes the next
/// number wrote the next entry; a number is never written twice, also where old entries go.
package struct HostLog: Sendable {
    private let client: EngineClient
    private let owner: [String: String]
    private let prefix: String
    private let options: [String: String]?

    /// `prefix`: with what the names of the volumes begin.
    package init(
        _ client: EngineClient, environment: EnvironmentName, application: ApplicationName, prefix: String
    ) {
        self.client = client
        owner = InstanceLabels.ofResource(environment: environment, application: application)
        self.prefix = prefix
        // Options that nothing ever uses, since no container has the volume.
        options = EngineFacts(client.reader).sparesVolumesWithOptions ? ["type": "tmpfs", "device": "tmpfs"] : nil
    }

    /// The labels of each entry by its number, empty for one whose writer was cut off, and the host's clock in seconds of
    /// the Unix epoch.
    ///
    /// It throws `EngineError`.
    package func entries() async throws -> (entries: [Int: [String: String]], clock: Int64) {
        let pattern = "^" + prefix.replacing(".", with: "\\.")
        let (volumes, now) = try await client.reader.volumes(matching: pattern)
        var entries: [Int: [String: String]] = [:]
        for volume in volumes {
            guard let number = Self.number(of: volume.Name, prefix) else { continue }
            entries[number] = try await labels(volume)
        }
        return (entries, now)
    }

    /// The number that a volume of that name has; `nil` when it is no entry.
    static func number(of volume: String, _ prefix: String) -> Int? {
        volume.hasPrefix(prefix) ? Int(volume.dropFirst(prefix.count)) : nil
    }

    /// A list may have a volume that is just being made, without its labels; asking for it by name waits until it is.
    private func labels(_ volume: Volume) async throws -> [String: String] {
        if let labels = volume.Labels, !labels.isEmpty { return labels }
        do {
            return try await client.reader.volume(volume.Name).Labels ?? [:]
        } catch let error as EngineError where error.isNotFound {
            return [:]
        }
    }

    /// Writes an entry.
    ///
    /// `number`: one more than the newest. `nonce`: tells the entry from every other.
    ///
    /// - Returns: false when somebody else wrote meanwhile; then nothing of this is there.
    ///
    /// It throws `EngineError`.
    package func append(_ labels: [String: String], number: Int, nonce: String) async throws -> Bool {
        var labels = labels.merging(owner) { $1 }
        labels[InstanceLabels.Key.identity.name] = nonce
        guard try await create(number, labels, nonce) else { return false }
        // One that was asleep may have made a number that was there before, and went.
        guard try await entries().entries.keys.max() == number else {
            try await remove(number)
            return false
        }
        return true
    }

    package func remove(_ number: Int) async throws {
        do {
            try await client.removeVolume(name(number))
        } catch let error as EngineError where error.isNotFound {}
    }

    private func create(_ number: Int, _ labels: [String: String], _ nonce: String) async throws -> Bool {
        var volume = Volume(Name: name(number))
        volume.Labels = labels
        volume.DriverOpts = options
        do {
            let made = try await client.createVolume(volume)
            if made.Labels?[InstanceLabels.Key.identity.name] == nonce { return true }
        } catch let error as EngineError where error.code == .status {
            // Podman answers 500 to those that come second; a full disk does so, too.
            guard (try? await client.reader.volume(volume.Name)) != nil else { throw error }
        }
        do {
            return try await client.reader.volume(volume.Name).Labels?[InstanceLabels.Key.identity.name] == nonce
        } catch let error as EngineError where error.isNotFound {
            // Somebody else's, who took it away again.
            return false
        }
    }

    private func name(_ number: Int) -> String {
        let digits = String(number)
        return prefix + String(repeating: "0", count: max(8 - digits.count, 0)) + digits
    }
}
