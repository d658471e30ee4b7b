import DockerAPI
import RecastModel

extension HostConfig {
    /// A bind whose host path may be missing goes into `Binds`, the only form that makes it on every engine; with a
    /// word about recursion it needs the other form, and API 1.42 to be made.
    mutating func add(_ mount: RecastModel.Mount, to config: inout ContainerConfig, api: APIVersion) {
        switch mount.source {
        case .bind(let path, let propagation, let selinux, true) where mount.recursion == nil:
            let modes = [mount.readOnly ? "ro" : "", propagation ?? "", selinux].filter { !$0.isEmpty }
            let suffix = modes.isEmpty ? "" : ":" + modes.joined(separator: ",")
            Binds = (Binds ?? []) + ["\(path):\(mount.target)\(suffix)"]
        case .bind(let path, let propagation, _, let createHostPath):
            var entry = Mount(Type: "bind", Source: path, Target: mount.target, ReadOnly: mount.readOnly)
            let creates = createHostPath && api >= APIVersion(1, 42)
            entry.BindOptions = Mount.Bind(mount, propagation: propagation, createHostPath: creates)
            append(entry)
        case .volume(let name, let noCopy): append(Mount(volume: mount, name: name, noCopy: noCopy))
        case .anonymous(false) where !mount.readOnly && mount.labels.isEmpty:
            config.Volumes = (config.Volumes ?? [:]).merging([mount.target: EmptyObject()]) { $1 }
        case .anonymous(let noCopy): append(Mount(volume: mount, name: nil, noCopy: noCopy))
        case .image(let image):
            var entry = Mount(Type: "image", Source: image.exact, Target: mount.target)
            entry.ImageOptions = mount.subpath.nilIfEmpty.map { Mount.Image(Subpath: $0) }
            append(entry)
        case .tmpfs(let size, let mode):
            var entry = Mount(Type: "tmpfs", Target: mount.target, ReadOnly: mount.readOnly)
            entry.TmpfsOptions = Mount.Tmpfs(SizeBytes: size.nilIfZero, Mode: mode.nilIfZero)
            append(entry)
        case .tmpfsOptions(let options):
            Tmpfs = (Tmpfs ?? [:]).merging([mount.target: options.joined(separator: ",")]) { $1 }
        }
    }

    /// Puts the volumes of another container where this one would get unnamed ones of its own.
    mutating func carry(_ volumes: [String: String]) {
        for (path, name) in volumes.sorted(by: { $0.key < $1.key }) {
            let place = Mounts?.firstIndex { $0.Type == "volume" && $0.Source == nil && $0.Target == path }
            if let place {
                Mounts?[place].Source = name
            } else {
                append(Mount(Type: "volume", Source: name, Target: path))
            }
        }
    }

    private mutating func append(_ entry: Mount) { Mounts = (Mounts ?? []) + [entry] }
}

extension HostConfig.Mount {
    fileprivate init(volume mount: RecastModel.Mount, name: String?, noCopy: Bool) {
        self.init(Type: "volume", Source: name, Target: mount.target, ReadOnly: mount.readOnly)
        guard noCopy || !mount.subpath.isEmpty || !mount.labels.isEmpty else { return }
        var options = Volume()
        options.NoCopy = noCopy ? true : nil
        options.Subpath = mount.subpath.nilIfEmpty
        options.Labels = mount.labels.nilIfEmpty
        VolumeOptions = options
    }
}

extension HostConfig.Mount.Bind {
    /// `nil` when there is nothing to say.
    fileprivate init?(_ mount: RecastModel.Mount, propagation: String?, createHostPath: Bool) {
        guard propagation != nil || mount.recursion != nil || createHostPath else { return nil }
        self.init(Propagation: propagation)
        CreateMountpoint = createHostPath ? true : nil
        switch mount.recursion {
        case .disabled: NonRecursive = true
        case .writable: ReadOnlyNonRecursive = true
        case .readonly: ReadOnlyForceRecursive = true
        case nil: break
        }
    }
}
