import DockerAPI
import NIOCore
import RecastModel
import Synchronization
import VolumeBackup

extension EngineHost {
    /// What an earlier try left goes first, unless a service wrote to it.
    func receive(_ move: VolumeMove) async throws {
        guard try await !hasDiverged(move) else {
            throw StepFailure(
                "a service wrote to the volume \(move.volume.name) on \(move.volume.host) before an earlier move went"
                    + " back; only 'recast volume remove' takes it away")
        }
        try await discard(move)
        try await create(
            move.volume,
            [
                .incoming: Self.identity(), .identity: move.identity ?? Self.identity(), .origin: move.origin,
                .peer: move.source.text,
            ])
    }

    /// The copy goes; one that a service wrote to is kept, and that is told.
    func giveUp(_ move: VolumeMove, _ progress: (StepProgress) -> Void) async throws {
        guard try await hasDiverged(move) else { return try await discard(move) }
        let name = move.volume.name
        progress(
            .output(
                "what was written here meanwhile is kept, in volume \(name) on \(move.volume.host);"
                    + " 'recast volume show \(environment) \(name)' tells"))
    }

    private func hasDiverged(_ move: VolumeMove) async throws -> Bool {
        let name = move.volume.name
        do {
            guard let token = try await reader.volume(name).Labels?[InstanceLabels.Key.incoming.name] else {
                return false
            }
            return try await has(VolumeRecord(.diverged, of: name, token: token))
        } catch let error as EngineError where error.isNotFound {
            return false
        }
    }

    /// - Throws: `StepFailure` when the volume of that name is no unfinished copy, or something ran with it.
    func discard(_ move: VolumeMove) async throws {
        let name = move.volume.name
        let live: Volume
        do { live = try await reader.volume(name) } catch let error as EngineError where error.isNotFound { return }
        let token = live.Labels?[InstanceLabels.Key.incoming.name]
        // One of an earlier move of the same data is as little as one of this.
        let isCopy =
            live.Labels?[InstanceLabels.Key.origin.name] == move.origin
            || move.identity != nil && live.Labels?[InstanceLabels.Key.identity.name] == move.identity
        guard isOwned(live.Labels), let token, isCopy else {
            throw StepFailure("a volume named \(name) is there, and it is no copy that a move left")
        }
        guard try await !has(move.record(.arrival, copy: token)) else {
            throw StepFailure("the volume \(name) is complete, and its data is here")
        }
        try await removeCarrier(of: name)
        for container in try await stopped(with: name) where container.startedAt.isEmpty {
            try await ignoring(404) { try await client.removeContainer(container.id) }
        }
        try await client.removeVolume(name)
    }

    /// The containers of the application that mount the volume and do not run.
    private func stopped(with volume: String) async throws -> [ObservedContainer] {
        var found: [ObservedContainer] = []
        for summary in try await reader.containers() where isOwned(summary.Labels) {
            guard let container = ObservedContainer(try await reader.container(summary.Id)),
                container.state != .running, container.spec.mounts.contains(where: { $0.volume == volume })
            else { continue }
            found.append(container)
        }
        return found
    }

    /// The bytes go through this process and are kept nowhere.
    func copy(_ move: VolumeMove, _ progress: @escaping @Sendable (StepProgress) -> Void) async throws {
        let source = try peer(move.source)
        let name = move.volume.name
        let use = try await source.checkNothingWrites(to: name)
        neighbours.note(use, of: move)
        let sent = try await source.withCarrier(of: name, move.sourceImage, isReadOnly: true) { from in
            try await withCarrier(of: name, move.targetImage.exact, isReadOnly: false) { to in
                try await checkIsEmpty(move.volume, in: to)
                let passage = Passage { progress(.copied($0)) }
                try await source.reader.withArchive(of: Self.folder, in: from) { archive in
                    try await client.putArchive(passage.following(archive), in: to, below: "/")
                }
                let sent = try passage.whole()
                let found = try await digest(of: to) { progress(.comparing) }
                let wrong = VolumeDigest.differences(expected: sent.entries, found: found.entries)
                guard wrong.isEmpty else {
                    throw StepFailure("the copy is not what was sent", details: [.init("differs in", wrong)])
                }
                return sent
            }
        }
        try await source.checkNothingWrites(to: name, since: use)
        progress(.copied(Int64(sent.contentSize)))
    }

    /// From the record on the source on, no plan uses its volume; whatever wrote to it before would be lost.
    func record(_ move: VolumeMove, _ side: VolumeMove.Side) async throws {
        if side == .departure {
            try await checkNothingWrites(to: move.volume.name, since: neighbours.use(of: move))
        }
        try await record(move.record(side, copy: try await copyToken(of: move)))
    }

    /// Says once more on the target of a move that its copy is complete: the record on the source is about to go.
    ///
    /// A copy that went on to a third host may be gone, and what has its name be another's.
    ///
    /// `origin`: which volume of that name on the source went.
    package func confirmArrival(of volume: String, from origin: String) async throws {
        try await translatingErrors {
            do {
                let labels = try await reader.volume(volume).Labels
                guard labels?[InstanceLabels.Key.origin.name] == origin,
                    let token = labels?[InstanceLabels.Key.incoming.name]
                else { return }
                let arrival = VolumeRecord(.complete, of: volume, token: token)
                if try await !has(arrival) { try await record(arrival) }
            } catch let error as EngineError where error.isNotFound {}
        }
    }

    /// It throws `EngineError`.
    package func removeVolume(_ name: String) async throws { try await client.removeVolume(name) }

    /// What an unfinished move left beside a volume.
    package func removeLeftovers(of volume: String) async throws {
        try await translatingErrors { try await removeCarrier(of: volume) }
    }

    /// On the target the container goes first: one that ran with the copy would say that it is complete.
    ///
    /// That it ran is recorded before.
    func withdraw(_ move: VolumeMove, _ side: VolumeMove.Side) async throws {
        let token = try await copyToken(of: move)
        let record = move.record(side, copy: token)
        if side == .arrival {
            let containers = try await stopped(with: move.volume.name)
            if containers.contains(where: { !$0.startedAt.isEmpty }) {
                try await self.record(VolumeRecord(.diverged, of: move.volume.name, token: token))
            }
            for container in containers {
                try await ignoring(404) { try await client.removeContainer(container.id) }
            }
        }
        guard try await has(record) else { return }
        try await ignoring(404) { try await client.removeVolume(record.name) }
    }

    /// Which volume on the target it is.
    private func copyToken(of move: VolumeMove) async throws -> String {
        let target = try peer(move.volume.host)
        guard let token = try await target.reader.volume(move.volume.name).Labels?[InstanceLabels.Key.incoming.name]
        else { throw StepFailure("the volume \(move.volume.name) on \(move.volume.host) is no copy") }
        return token
    }

    func has(_ record: VolumeRecord) async throws -> Bool {
        do {
            return record.labels.isContained(in: try await reader.volume(record.name).Labels ?? [:])
        } catch let error as EngineError where error.isNotFound {
            return false
        }
    }

    /// Another host, as this one's.
    private func peer(_ host: HostName) throws -> EngineHost {
        guard let client = neighbours.clients[host] else { throw StepFailure("host \(host) is not connected") }
        var peer = EngineHost(
            client, environment: environment, application: application, toolVersion: toolVersion, release: release)
        peer.neighbours = neighbours
        return peer
    }
}

/// What becomes known of an archive on its way from one engine to another.
private final class Passage: Sendable {
    private let digest = Mutex(VolumeDigest())
    private let tell: @Sendable (Int64) -> Void

    init(tell: @escaping @Sendable (Int64) -> Void) { self.tell = tell }

    func following(_ archive: ArchiveBytes) -> FollowedArchive { FollowedArchive(base: archive, passage: self) }

    func see(_ bytes: ByteBuffer) throws {
        let size = try digest.withLock { digest in
            try digest.receive(bytes)
            return Int64(digest.contentSize)
        }
        tell(size)
    }

    /// - Throws: `TarError` when it was cut off.
    func whole() throws -> VolumeDigest {
        try digest.withLock { digest in
            try digest.checkIsComplete()
            return digest
        }
    }
}

private struct FollowedArchive: AsyncSequence, Sendable {
    let base: ArchiveBytes
    let passage: Passage

    struct AsyncIterator: AsyncIteratorProtocol {
        var base: ArchiveBytes.AsyncIterator
        let passage: Passage

        @concurrent mutating func next() async throws -> ByteBuffer? {
            guard let bytes = try await base.next() else { return nil }
            try passage.see(bytes)
            return bytes
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: base.makeAsyncIterator(), passage: passage) }
}
