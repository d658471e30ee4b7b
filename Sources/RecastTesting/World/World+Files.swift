package import RecastModel

extension World {
    mutating func performOnFiles(_ action: Action, on state: inout HostState) throws {
        switch action {
        case .fillVolume(let volume):
            guard state.images[volume.image.exact] != nil else {
                throw Illegal(description: "no image \(volume.image) to fill \(volume.name) with")
            }
            if state.volumes.contains(where: { $0.name == volume.name }) { return }
            var made = ObservedVolume(name: volume.name)
            made.labels = Self.owner.merging([InstanceLabels.Key.fileVolume.name: volume.name]) { $1 }
            state.volumes.append(made)
        case .removeFileVolume(let name):
            guard !state.containers.contains(where: { $0.spec.fileRecord.volume == name }) else {
                throw Illegal(description: "volume \(name) is in use")
            }
            state.volumes.removeAll { $0.name == name }
        case .deliverFiles(let handle, _):
            guard let container = state.containers.first(where: { $0.matches(handle) }) else {
                throw Illegal(description: "no container \(handle)")
            }
            guard container.startedAt.isEmpty else {
                throw Illegal(description: "\(container.name) started, and its files may be in use")
            }
            unfilled.remove(container.id)
        default: break
        }
    }

    func checkFiles(of creation: ContainerCreation, on state: HostState) throws {
        guard let volume = creation.spec.fileRecord.volume else { return }
        guard state.volumes.contains(where: { $0.name == volume }) else {
            throw Illegal(description: "\(creation.name) is made before its files are there")
        }
        guard Set(creation.spec.mountedFiles.map(\.target)) == creation.spec.fileRecord.mountedTargets else {
            throw Illegal(description: "\(creation.name) mounts other files than \(volume) was filled with")
        }
    }
}

extension FileRecord {
    /// As pinning does it, with a hash that any function will do for.
    package init(of spec: ContainerSpec, environment: EnvironmentName, application: ApplicationName) {
        self.init()
        fingerprints = Dictionary(grouping: spec.files, by: \.title).mapValues(Self.digest)
        let mounted = spec.mountedFiles
        guard !mounted.isEmpty else { return }
        mountedTargets = Set(mounted.map(\.target))
        volume = FileVolume.name(environment: environment, application: application, digest: Self.digest(of: mounted))
    }

    private static func digest(of files: [DeliveredFile]) -> String {
        let texts = files.sorted { $0.target < $1.target }.flatMap { file in
            [file.title, file.target]
                + file.entries.sorted { $0.key < $1.key }.map { path, entry in
                    if case .file(let content, _) = entry { "\(path) \(content.checksum)" } else { path }
                }
        }
        let digits = String(FileContent(Array(CanonicalText.list(texts).utf8)).checksum, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
