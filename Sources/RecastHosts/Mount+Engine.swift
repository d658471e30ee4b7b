import DockerAPI
import RecastModel

extension RecastModel.Mount {
    /// The four places where an engine keeps mounts, in one list; a later entry for the same target wins.
    ///
    /// `carried`: where the container has an unnamed volume of the one before it, which a name was needed for.
    static func all(config: ContainerConfig, host: HostConfig, carried: Set<String>) -> [Self] {
        (config.Volumes ?? [:]).keys.sorted().map { Self(.anonymous(noCopy: false), at: $0) }
            + (host.Binds ?? []).map(Self.init(bind:))
            + (host.Mounts ?? []).compactMap { carried.contains($0.Target) ? Self(carried: $0) : Self(mount: $0) }
            + (host.Tmpfs ?? [:]).sorted { $0.key < $1.key }
            .map { Self(.tmpfsOptions($0.value.split(separator: ",").map(String.init)), at: $0.key) }
    }

    private static let propagations: Set<String> = [
        "private", "rprivate", "shared", "rshared", "slave", "rslave",
    ]

    /// `source:target[:mode,…]`, or a target alone.
    private init(bind: String) {
        let parts = bind.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1 else {
            self.init(.anonymous(noCopy: false), at: parts.first ?? bind)
            return
        }
        let modes = parts.count > 2 ? parts[2].split(separator: ",").map(String.init) : []
        let source: Source =
            parts[0].hasPrefix("/")
            ? .bind(
                path: parts[0], propagation: modes.first(where: Self.propagations.contains),
                selinux: modes.filter { $0 == "z" || $0 == "Z" }.joined(), createHostPath: true)
            : .volume(name: parts[0], noCopy: modes.contains("nocopy"))
        self.init(source, at: parts[1], readOnly: modes.contains("ro"))
    }

    /// `nil` where a path among the container's volumes says all there is to say.
    private init?(carried mount: HostConfig.Mount) {
        guard mount.VolumeOptions != nil || mount.ReadOnly ?? false else { return nil }
        var mount = mount
        mount.Source = nil
        self.init(mount: mount)
    }

    /// An engine marks the volumes that it names itself.
    private static let engineLabel = "com.docker.volume.anonymous"

    private init(mount: HostConfig.Mount) {
        let noCopy = mount.VolumeOptions?.NoCopy ?? false
        let imageName = ImageReference(mount.Source ?? "") ?? ImageReference("unnamed")
        let source: Source =
            switch mount.Type {
            case "bind":
                .bind(
                    path: mount.Source ?? "", propagation: mount.BindOptions?.Propagation?.nilIfEmpty, selinux: "",
                    createHostPath: mount.BindOptions?.CreateMountpoint ?? false)
            case "image": imageName.map { .image($0) } ?? .anonymous(noCopy: noCopy)
            case "tmpfs": .tmpfs(size: mount.TmpfsOptions?.SizeBytes ?? 0, mode: mount.TmpfsOptions?.Mode ?? 0)
            default: mount.Source?.nilIfEmpty.map { .volume(name: $0, noCopy: noCopy) } ?? .anonymous(noCopy: noCopy)
            }
        self.init(source, at: mount.Target, readOnly: mount.Type != "image" && mount.ReadOnly ?? false)
        subpath = mount.VolumeOptions?.Subpath ?? mount.ImageOptions?.Subpath ?? ""
        labels = (mount.VolumeOptions?.Labels ?? [:]).filter { $0.key != Self.engineLabel }
        recursion = mount.BindOptions.flatMap(Recursion.init)
    }
}

extension RecastModel.Mount.Recursion {
    fileprivate init?(_ options: HostConfig.Mount.Bind) {
        if options.NonRecursive ?? false {
            self = .disabled
        } else if options.ReadOnlyNonRecursive ?? false {
            self = .writable
        } else if options.ReadOnlyForceRecursive ?? false {
            self = .readonly
        } else {
            return nil
        }
    }
}
