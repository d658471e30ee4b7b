import DockerAPI
import RecastModel
import VolumeBackup

extension EngineHost {
    /// Nothing is left of a backup that fails; older ones go only once it stands.
    func backUp(_ save: VolumeSave, _ progress: @escaping @Sendable (StepProgress) -> Void) async throws {
        try await checkNothingWrites(to: save.volume)
        let folder = try BackupFolder(save.policy.folder, subject: "\(save.volume)-\(save.place.host)")
        var writer = try BackupWriter(folder.next())
        try await read(save.volume, through: save.image) { bytes in
            try writer.receive(bytes)
            progress(.copied(Int64(writer.contentSize)))
        }
        let identity = try await reader.volume(save.volume).Labels?[InstanceLabels.Key.identity.name]
        let origin = BackupOrigin(
            environment: environment.text, application: application.text, service: save.place.address.service.text,
            host: save.place.host.text, volume: save.volume, identity: identity, image: save.writer,
            taken: BackupOrigin.now, wasInUse: false, toolVersion: toolVersion)
        _ = try await writer.finish(origin)
        try folder.prune(keep: save.policy.keep)
        await noteBackup(of: save.volume, taken: origin.taken)
    }

    /// Records when a volume was last backed up; the backup stands without that.
    package func noteBackup(of volume: String, taken: String) async {
        do {
            let earlier = try await reader.volumes().map(ObservedVolume.init).compactMap { VolumeRecord($0) }
                .filter { $0.kind == .backup && $0.volume == volume }
            try await record(VolumeRecord(.backup, of: volume, token: Self.identity(), made: taken))
            for record in earlier { try await client.removeVolume(record.name) }
        } catch {}
    }
}
