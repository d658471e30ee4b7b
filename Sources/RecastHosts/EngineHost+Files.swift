import DockerAPI
import RecastModel
import Tar

// MARK: - Copies

extension EngineHost {
    func deliver(_ files: [DeliveredFile], into container: ContainerHandle) async throws {
        let entries = files.flatMap { $0.tarEntries(at: CanonicalText.path($0.target)) }
        try await client.putArchive(TarArchive(entries), in: container.reference, below: "/")
    }
}

// MARK: - The volume

extension EngineHost {
    /// Where the container through which a volume is filled has it.
    private static let fillerFolder = "/recast-files"

    /// Makes the volume and puts its files into it through a container that never starts.
    ///
    /// What was filled already is left as it is: containers may be reading it.
    func fill(_ volume: FileVolume) async throws {
        var body = Volume(Name: volume.name)
        body.Driver = "local"
        body.Labels = labels(of: volume.name)
        let made = try await client.createVolume(body)
        guard isOwn(made.Labels, volume.name) else {
            throw StepFailure("a volume named \(volume.name) appeared on the host meanwhile and is not Recast's")
        }
        let filler = Self.filler(of: volume.name)
        try await makeFiller(filler, for: volume)
        if try await !reader.hasPath("\(Self.fillerFolder)/\(FileVolume.marker)", in: filler) {
            try await client.putArchive(volume.archive, in: filler, below: Self.fillerFolder)
        }
        try await ignoring(404) { try await client.removeContainer(filler, anonymousVolumes: true) }
    }

    /// Leaves it alone when it is not Recast's, or when a container that Recast did not make uses it.
    func removeFileVolume(_ name: String) async throws {
        let filler = Self.filler(of: name)
        try await ignoring(404) {
            guard isOwn(try await reader.container(filler).Config?.Labels, name) else { return }
            try await client.removeContainer(filler, anonymousVolumes: true)
        }
        try await ignoring(404) {
            guard isOwn(try await reader.volume(name).Labels, name) else { return }
            try await ignoring(409) { try await client.removeVolume(name) }
        }
    }

    private static func filler(of volume: String) -> String { volume + ".filler" }

    private func labels(of volume: String) -> [String: String] {
        owner.merging([InstanceLabels.Key.fileVolume.name: volume]) { $1 }
    }

    private func isOwn(_ found: [String: String]?, _ volume: String) -> Bool {
        labels(of: volume).isContained(in: found ?? [:])
    }

    /// Of the image of the container that needs the files: it is there, and nothing else has to be pulled.
    private func makeFiller(_ name: String, for volume: FileVolume) async throws {
        let body = neverStarted(
            volume.image.description, labels: labels(of: volume.name),
            mounting: volumeMount(volume.name, at: Self.fillerFolder, isReadOnly: false))
        do {
            _ = try await client.createContainer(named: name, platform: volume.platform, body)
        } catch let error as EngineError where error.isConflict {
            guard isOwn(try await reader.container(name).Config?.Labels, volume.name) else { throw error }
        }
    }
}

extension EngineHost {
    /// A container through which a volume is reached: it has no network, and a program that does not exist.
    func neverStarted(
        _ image: String, labels: [String: String], mounting mount: HostConfig.Mount
    ) -> ContainerCreate {
        var config = ContainerConfig()
        config.Image = image
        config.Entrypoint = ["/never-started"]
        config.Labels = labels
        var host = HostConfig()
        host.NetworkMode = "none"
        host.Mounts = [mount]
        return ContainerCreate(config: config, hostConfig: host)
    }
}

// MARK: - Mounts

extension EngineHost {
    /// The mounts that show a container its files, each read-only.
    ///
    /// Below API 1.45 a part of a volume can only be mounted by its path on the host, which does not tell the engine
    /// that the volume is in use; so the container gets the whole of it as well.
    func fileMounts(of spec: ContainerSpec) async throws -> [HostConfig.Mount] {
        guard let name = spec.fileRecord.volume else { return [] }
        let targets = spec.mountedFiles.map { CanonicalText.path($0.target) }.enumerated()
        if reader.api >= EngineAPIVersion(1, 45) {
            return targets.map { volumeMount(name, at: $1, subpath: String($0)) }
        }
        guard let folder = try await reader.volume(name).Mountpoint else {
            throw StepFailure("the engine does not say where volume \(name) is")
        }
        return targets.map { HostConfig.Mount(Type: "bind", Source: "\(folder)/\($0)", Target: $1, ReadOnly: true) }
            + [volumeMount(name, at: FileVolume.anchor)]
    }

    /// Nothing that the image has there is copied into the volume.
    func volumeMount(
        _ name: String, at target: String, subpath: String? = nil, isReadOnly: Bool = true
    ) -> HostConfig.Mount {
        var mount = HostConfig.Mount(Type: "volume", Source: name, Target: target, ReadOnly: isReadOnly)
        mount.VolumeOptions = .init(NoCopy: true, Subpath: subpath)
        return mount
    }
}

extension FileRecord {
    /// What a label and the mounts say of a container's files; such mounts are none of the definition's own.
    init(labels: [String: String], takingFrom mounts: inout [RecastModel.Mount]) {
        self.init(labelText: labels[InstanceLabels.Key.files.name] ?? "")
        for mount in mounts {
            guard let name = mount.fileVolume else { continue }
            volume = name
            if mount.target != FileVolume.anchor { mountedTargets.insert(CanonicalText.path(mount.target)) }
        }
        mounts.removeAll { $0.fileVolume != nil }
    }
}

extension RecastModel.Mount {
    /// The volume with files that it is a part of.
    fileprivate var fileVolume: String? {
        switch source {
        case .volume(let name, _): name.hasPrefix(FileVolume.prefix) ? name : nil
        case .bind(let path, _, _, _):
            path.split(separator: "/").first { $0.hasPrefix(FileVolume.prefix) }.map(String.init)
        case .anonymous, .tmpfs, .image, .tmpfsOptions: nil
        }
    }
}
