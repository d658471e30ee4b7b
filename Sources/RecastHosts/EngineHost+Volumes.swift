import DockerAPI
package import NIOCore
package import RecastModel
package import VolumeBackup

extension EngineHost {
    /// Where the container through which a volume is read or filled has it.
    ///
    /// Archives have it in every path: of a member without a name an engine sets neither owner nor mode.
    static let folder = "/" + VolumeDigest.folder

    /// Gives all that is in a volume as an archive, piece by piece.
    ///
    /// `image`: any that the host has, by ID or reference; nothing of it runs.
    ///
    /// It throws what `receive` throws, and `StepFailure`.
    package func read(
        _ volume: String, through image: String, receive: (ByteBuffer) async throws -> Void
    ) async throws {
        try await withCarrier(of: volume, image, isReadOnly: true) { carrier in
            try await translatingErrors {
                try await reader.archive(of: Self.folder, in: carrier, receive: receive)
            }
        }
    }

    /// Makes a volume with what an archive holds, and reads it back: only when every member is what it should be, the
    /// volume counts as complete.
    ///
    /// One of that name that is there must be empty or incomplete, and goes.
    ///
    /// - Throws: `StepFailure`, also when no engine error is behind it: the volume is not empty, or differs.
    package func restore(
        _ volume: DesiredVolume, through image: String, from archive: BackupArchive, _ expected: [ManifestEntry],
        progress: @escaping @Sendable (RestoreProgress) -> Void
    ) async throws {
        let token = Self.identity()
        try await translatingErrors {
            try await clear(volume.name, through: image)
            try await create(volume, [.incoming: token])
        }
        try await withCarrier(of: volume.name, image, isReadOnly: false) { carrier in
            try await checkIsEmpty(volume, in: carrier)
            let counted = archive.counting { progress(.written($0)) }
            try await translatingErrors {
                try await client.putArchive(counted, in: carrier, below: "/")
            }
            progress(.verifying)
            let found = try await digest(of: carrier)
            let wrong = VolumeDigest.differences(expected: expected, found: found.entries)
            guard wrong.isEmpty else {
                throw StepFailure(
                    "the volume is not what the backup holds", details: [.init("differs in", wrong)])
            }
        }
        try await translatingErrors { try await record(VolumeRecord(.complete, of: volume.name, token: token)) }
    }

    /// What a restore is at.
    package enum RestoreProgress: Sendable {
        /// Bytes of the archive so far.
        case written(Int64)
        case verifying
    }

    /// A volume that was just made has something in it where its driver gives it a folder that was there before.
    ///
    /// Others are not looked at: what a run that was killed sent may still arrive, and is compared like all else.
    func checkIsEmpty(_ volume: DesiredVolume, in carrier: String) async throws {
        guard !volume.options.isEmpty else { return }
        let held = try await digest(of: carrier).entries.count
        guard held <= 1 else {
            throw StepFailure(
                "the volume \(volume.name) is not empty although it is new: its driver gives it a folder with"
                    + " \(held - 1) files and folders; empty that first")
        }
    }

    /// `seeing`: called with each piece.
    func digest(of carrier: String, seeing: () -> Void = {}) async throws -> VolumeDigest {
        var digest = VolumeDigest()
        try await translatingErrors {
            try await reader.archive(of: Self.folder, in: carrier) {
                seeing()
                try digest.receive($0)
            }
        }
        try digest.checkIsComplete()
        return digest
    }

    /// Removes a volume in which nothing is that anybody counts on.
    private func clear(_ name: String, through image: String) async throws {
        let live: Volume
        do { live = try await reader.volume(name) } catch let error as EngineError where error.isNotFound { return }
        guard isOwned(live.Labels) else { throw StepFailure("volume \(name) was not made for this application") }
        let incoming = live.Labels?[InstanceLabels.Key.incoming.name]
        let record = VolumeRecord(.complete, of: name, token: incoming ?? "")
        let isRecorded = try await has(record)
        let isComplete = incoming == nil || isRecorded
        if isComplete {
            let held = try await withCarrier(of: name, image, isReadOnly: true) { try await digest(of: $0) }
            guard held.entries.count <= 1 else {
                throw StepFailure("volume \(name) is not empty: it holds \(held.entries.count - 1) files and folders")
            }
        }
        try await removeCarrier(of: name)
        do {
            try await client.removeVolume(name)
        } catch let error as EngineError where error.isConflict {
            throw StepFailure("volume \(name) is in use by a container; remove it first")
        }
        if isComplete { try await ignoring(404) { try await client.removeVolume(record.name) } }
    }

    /// Makes a volume that somebody else made this application's; nothing is done to it.
    package func adopt(_ volume: ObservedVolume) async throws {
        try await translatingErrors {
            try await record(
                VolumeRecord(.adopted, of: volume.name, token: Self.identity(), made: volume.createdAt))
        }
    }

    /// - Throws: `StepFailure` when the engine has another record of that name, or lost its labels.
    func record(_ record: VolumeRecord) async throws {
        var body = Volume(Name: record.name)
        body.Driver = "local"
        body.Labels = owner.merging(record.labels) { $1 }
        let made = try await client.createVolume(body)
        guard record.labels.isContained(in: made.Labels ?? [:]) else {
            throw StepFailure("the engine does not keep the record \(record.name)")
        }
    }
}

// MARK: - The carrier

extension EngineHost {
    static func carrier(of volume: String) -> String { volume + ".carrier" }

    /// Makes a container that has the volume and never starts; it goes afterwards, also when the task is cancelled.
    func withCarrier<Result: Sendable>(
        of volume: String, _ image: String, isReadOnly: Bool, _ body: (String) async throws -> Result
    ) async throws -> Result {
        let name = Self.carrier(of: volume)
        try await translatingErrors {
            // One that an earlier run left.
            try await removeCarrier(of: volume)
            _ = try await client.createContainer(named: name, carrier(of: volume, image, isReadOnly))
        }
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(name)) } catch { result = .failure(error) }
        // Not the caller's task, which may be cancelled.
        await Task { try? await removeCarrier(of: volume) }.value
        return try result.get()
    }

    func removeCarrier(of volume: String) async throws {
        let name = Self.carrier(of: volume)
        try await ignoring(404) {
            guard carrierLabels(of: volume).isContained(in: try await reader.container(name).Config?.Labels ?? [:])
            else { return }
            try await remove(.name(name), anonymousVolumes: true)
        }
    }

    private func carrierLabels(of volume: String) -> [String: String] {
        owner.merging([InstanceLabels.Key.volume.name: volume]) { $1 }
    }

    private func carrier(of volume: String, _ image: String, _ isReadOnly: Bool) -> ContainerCreate {
        neverStarted(
            image, labels: carrierLabels(of: volume),
            mounting: volumeMount(volume, at: Self.folder, isReadOnly: isReadOnly))
    }
}

/// An archive of which somebody wants to know how far it is.
struct CountedArchive: AsyncSequence, Sendable {
    let base: BackupArchive
    let tell: @Sendable (Int64) -> Void

    struct AsyncIterator: AsyncIteratorProtocol {
        var base: BackupArchive.AsyncIterator
        let tell: @Sendable (Int64) -> Void
        var count: Int64 = 0

        mutating func next() async throws -> ByteBuffer? {
            guard let bytes = try await base.next() else { return nil }
            count += Int64(bytes.readableBytes)
            tell(count)
            return bytes
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: base.makeAsyncIterator(), tell: tell) }
}

extension BackupArchive {
    func counting(_ tell: @escaping @Sendable (Int64) -> Void) -> CountedArchive {
        CountedArchive(base: self, tell: tell)
    }
}
