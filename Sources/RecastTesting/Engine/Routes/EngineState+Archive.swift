import RecastModel

extension EngineState {
    /// Unpacks below a folder, into the container itself or into the volume that is mounted there.
    mutating func putArchive(_ call: EngineCall) throws(Refusal) -> HTTPReply {
        let container = try container(call.name)
        guard let members = TarReader.members(of: call.body) else {
            throw Refusal(500, "Error processing tar file(exit status 1): unexpected EOF")
        }
        let folder = CanonicalText.path(call.query["path"] ?? "")
        try checkExists(folder, in: container)
        try checkWritable(folder, in: container)
        for member in members {
            let path = CanonicalText.path("\(folder)/\(member.path)")
            if let place = volumePlace(of: path, in: container) {
                volumes[place.volume]?.files[place.path] = member.entry
            } else {
                containers[container.id]?.files[path] = member.entry
            }
        }
        return .empty(200)
    }

    func headArchive(_ call: EngineCall) throws(Refusal) -> HTTPReply {
        let container = try container(call.name)
        try checkExists(CanonicalText.path(call.query["path"] ?? ""), in: container)
        return .empty(200)
    }

    /// Images are simulated without files, so that only the root, mounts and what was put there exist.
    private func checkExists(_ path: String, in container: SimulatedContainer) throws(Refusal) {
        let paths = ["/"] + container.mounts.map(\.target) + files(of: container).keys
        guard paths.contains(where: { $0 == path || $0.hasPrefix(path + "/") }) else {
            throw Refusal(404, "Could not find the file \(path) in container \(container.id)")
        }
    }

    private func checkWritable(_ folder: String, in container: SimulatedContainer) throws(Refusal) {
        if let mount = mount(over: folder, in: container) {
            if mount.isReadOnly { throw readOnly("mounted volume is marked read-only") }
        } else if container.hostConfig["ReadonlyRootfs"] == true {
            throw readOnly("container rootfs is marked read-only")
        }
    }

    private func readOnly(_ words: String) -> Refusal { Refusal(configuration.isAtLeast(28) ? 400 : 500, words) }

    /// A bind of something in a volume must find it when the container is made.
    func checkBinds(_ mounts: [VolumeMount]) throws(Refusal) {
        for mount in mounts where mount.kind == .bind && mount.isStrict {
            guard let place = SimulatedVolume.place(ofHostPath: mount.source) else { continue }
            let paths = volumes[place.volume]?.files.keys.map(\.self) ?? []
            guard paths.contains(where: { $0 == place.path || $0.hasPrefix(place.path + "/") }) else {
                throw Refusal(
                    400,
                    "invalid mount config for type \"bind\": bind source path does not exist: \(mount.source)")
            }
        }
    }

    /// All that a process in the container would see of what was put there, by absolute path.
    func files(of container: SimulatedContainer) -> [String: SimulatedFile] {
        var seen = container.files.filter { mount(over: $0.key, in: container) == nil }
        for mount in container.mounts {
            guard let root = place(of: mount) else { continue }
            for (path, file) in volumes[root.volume]?.files ?? [:] {
                guard let below = SimulatedVolume.path(path, below: root.path) else { continue }
                let target = below.isEmpty ? mount.target : "\(mount.target)/\(below)"
                if self.mount(over: target, in: container)?.target == mount.target { seen[target] = file }
            }
        }
        return seen
    }

    private func mount(over path: String, in container: SimulatedContainer) -> VolumeMount? {
        container.mounts.filter { path == $0.target || path.hasPrefix($0.target + "/") }
            .max { $0.target.count < $1.target.count }
    }

    /// Which part of which volume a mount shows.
    private func place(of mount: VolumeMount) -> (volume: String, path: String)? {
        switch mount.kind {
        case .volume: (mount.source, mount.subpath)
        case .bind: SimulatedVolume.place(ofHostPath: mount.source)
        case .tmpfs: nil
        }
    }

    private func volumePlace(of path: String, in container: SimulatedContainer) -> (volume: String, path: String)? {
        guard let mount = mount(over: path, in: container), let root = place(of: mount) else { return nil }
        let below = path.dropFirst(mount.target.count + 1)
        return (root.volume, [root.path, String(below)].filter { !$0.isEmpty }.joined(separator: "/"))
    }
}

extension SimulatedVolume {
    private static let folder = "/var/lib/docker/volumes/"

    /// What a path of the host means when it is in a volume.
    static func place(ofHostPath path: String) -> (volume: String, path: String)? {
        guard path.hasPrefix(folder) else { return nil }
        let parts = path.dropFirst(folder.count).split(separator: "/").map(String.init)
        guard parts.count >= 2, parts[1] == "_data" else { return nil }
        return (parts[0], parts.dropFirst(2).joined(separator: "/"))
    }

    /// `a/b` below `a` is `b`; `nil` when it is elsewhere.
    static func path(_ path: String, below folder: String) -> String? {
        if folder.isEmpty || path == folder { return folder.isEmpty ? path : "" }
        return path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.count + 1)) : nil
    }
}
