import NIOCore
import RecastHosts
package import RecastModel
package import SystemPackage
package import VolumeBackup

/// What is backed up, and how.
package struct BackupRequest: Sendable {
    package enum Way: Hashable, Sendable {
        /// Only where nothing runs with it.
        case idle
        /// What runs with it stops meanwhile.
        case stop
        /// While it is written to: like a disk after a power cut, and files of different moments.
        case live
        /// What a program writes that runs in the container of the service.
        case program(String)
    }

    package let service: ServiceName
    /// Its key in the manifest, or its name on the engine.
    package let volume: String
    package let way: Way

    package init(service: ServiceName, volume: String, way: Way) {
        self.service = service
        self.volume = volume
        self.way = way
    }
}

/// What happens while a volume is backed up or restored.
package enum VolumeEvent: Sendable {
    case stopping(String)
    /// Bytes of the volume so far.
    case copied(Int64)
    case verifying
    case starting(String)
    /// It did not run before, and does not now.
    case down(String)
    /// It is ready again, after that long.
    case back(String, Duration)
}

extension Operations {
    /// What is in a file now.
    package enum BackupResult: Sendable {
        case volume(BackupSummary)
        /// Bytes that a program wrote, and bytes of the file.
        case output(Int64, size: Int64)
    }

    /// Writes a volume, or what a program gives of it, into a file.
    ///
    /// What was stopped for it starts again in any case, also when the task is cancelled.
    ///
    /// It throws `VolumeRefusal`, `BackupError` and `StepFailure`.
    package func backUp(
        _ request: BackupRequest, to path: FilePath, emit: @escaping @Sendable (VolumeEvent) -> Void
    ) async throws -> BackupResult {
        try await withFleet { fleet in
            let found = try VolumeFinder(desired: desired, observed: try await observation.states(fleet), scope: scope)
                .find(request.volume, of: request.service)
            guard found.isThere else { throw VolumeRefusal.missing(found.volume.name, found.host) }
            let host = try await volumeHost(found.host, request.service, fleet)
            let running = found.users.filter { $0.state == .running }
            if case .program(let command) = request.way {
                guard let container = running.first(where: { $0.identity.address.service == request.service }) else {
                    throw VolumeRefusal.notRunning(request.service, found.host)
                }
                return try await saveOutput(of: command, in: container, on: host, to: path, emit)
            }
            if request.way != .live { try await refuseWriters(to: found, request.way, host) }
            let image = try await imageForCarrier(of: found, request.service, fleet, host)
            let hosts: Set<HostName> = request.way == .stop ? [found.host] : []
            return .volume(
                try await withLease(for: "backup", on: hosts, of: fleet) { _ in
                    // Made first, so that nothing stops for a file that cannot be written.
                    let writer = try BackupWriter(path)
                    return try await copy(found, request, through: image, on: host, to: writer, emit)
                })
        }
    }

    /// With `stop`, those that are not this application's.
    private func refuseWriters(to found: VolumeFinder.Found, _ way: BackupRequest.Way, _ host: EngineHost) async throws
    {
        let own = Set(found.users.map(\.name))
        let running = try await host.writers(to: found.volume.name)
        let strangers = running.filter { !own.contains($0) }
        if !strangers.isEmpty { throw VolumeRefusal.strangers(found.volume.name, found.host, by: strangers) }
        if way == .idle, !running.isEmpty { throw VolumeRefusal.running(found.volume.name, found.host, by: running) }
    }

    private func saveOutput(
        of command: String, in container: ObservedContainer, on host: EngineHost, to path: FilePath,
        _ emit: @escaping @Sendable (VolumeEvent) -> Void
    ) async throws -> BackupResult {
        var sink = try BackupSink(path, compresses: path.extension == "zst")
        var received: Int64 = 0
        try await host.output(of: command, in: .id(container.id, name: container.name)) { bytes in
            try sink.write(bytes)
            received += Int64(bytes.readableBytes)
            emit(.copied(received))
        }
        try sink.finish()
        return .output(received, size: sink.size)
    }

    private func copy(
        _ found: VolumeFinder.Found, _ request: BackupRequest, through image: String, on host: EngineHost,
        to writer: consuming BackupWriter, _ emit: @escaping @Sendable (VolumeEvent) -> Void
    ) async throws -> BackupSummary {
        var writer = writer
        let stopped = request.way == .stop ? found.users.filter { $0.state == .running } : []
        try await host.without(stopped, gates: gates(of: stopped, on: found.host), emit) {
            try await host.read(found.volume.name, through: image) { bytes in
                try writer.receive(bytes)
                emit(.copied(Int64(writer.contentSize)))
            }
        }
        if request.way == .stop {
            for container in found.users where container.isDown { emit(.down(container.name)) }
        }
        let origin = BackupOrigin(
            environment: desired.environment.text, application: desired.application.text,
            service: request.service.text, host: found.host.text, volume: found.volume.name, identity: found.identity,
            image: found.users.last?.identity.image, taken: BackupOrigin.now,
            wasInUse: request.way == .live && found.users.contains { $0.state == .running }, toolVersion: toolVersion)
        let summary = try await writer.finish(origin)
        if found.standing == .current { await host.noteBackup(of: found.volume.name, taken: origin.taken) }
        return summary
    }

    /// An image on the host through which a volume can be reached: that of a container that has it, else its service's,
    /// which is pulled where it is not there.
    func imageForCarrier(
        of found: VolumeFinder.Found, _ service: ServiceName, _ fleet: Fleet, _ host: EngineHost
    ) async throws -> String {
        if let known = found.users.last?.imageID { return known }
        let snapshot = try await observation.snapshot(fleet)
        let instance = snapshot.desired.instances.first { $0.host == found.host && $0.address.service == service }
        guard let instance else { throw VolumeRefusal.noImage(service, found.host) }
        let image = instance.spec.image
        if snapshot.observed.hosts[found.host]?.state?.images[image.exact] == nil {
            try await host.perform(.pull(image, platform: instance.spec.platform)) { _ in }
        }
        return image.exact
    }

    private func gates(of containers: [ObservedContainer], on host: HostName) -> [InstanceAddress: GatePolicy] {
        let instances = desired.instances.filter { $0.host == host }
        return Dictionary(instances.map { ($0.address, $0.gate) }) { first, _ in first }
    }
}

extension EngineHost {
    /// Does something while containers do not run; they run again afterwards, whatever came of it.
    fileprivate func without(
        _ containers: [ObservedContainer], gates: [InstanceAddress: GatePolicy],
        _ emit: @escaping @Sendable (VolumeEvent) -> Void, _ body: () async throws -> Void
    ) async throws {
        let start = ContinuousClock.now
        let result: Result<Void, any Error>
        do {
            for container in containers {
                emit(.stopping(container.name))
                let handle = ContainerHandle.id(container.id, name: container.name)
                try await perform(.stop(container: handle, grace: container.spec.stopTimeout ?? 10)) { _ in }
            }
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        // Not the caller's task, which may be cancelled.
        try await Task {
            for container in containers.reversed() {
                emit(.starting(container.name))
                let handle = ContainerHandle.id(container.id, name: container.name)
                do { try await perform(.start(container: handle)) { _ in } } catch {
                    emit(.down(container.name))
                    throw error
                }
                let gate = gates[container.identity.address] ?? GatePolicy()
                try await perform(.await(container: handle, .ready(gate))) { _ in }
                emit(.back(container.name, ContinuousClock.now - start))
            }
        }.value
        try result.get()
    }
}

extension ObservedContainer {
    /// It ran, should run by its name, and does not; an earlier backup may have been killed.
    fileprivate var isDown: Bool {
        [.exited, .dead].contains(state) && purpose == .instance && !InstanceName.isRetained(name)
    }
}
