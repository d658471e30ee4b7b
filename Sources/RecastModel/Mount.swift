/// One mount of a container.
package struct Mount: Hashable, Sendable {
    package enum Source: Hashable, Sendable {
        /// A path of the host. `createHostPath`: the daemon makes a missing directory at start.
        case bind(path: String, propagation: String?, selinux: String, createHostPath: Bool)
        /// A named volume, by its name on the engine.
        case volume(name: String, noCopy: Bool)
        /// A volume that the engine names itself; every create makes a new one.
        case anonymous(noCopy: Bool)
        /// 0 bytes: no limit; mode 0: the engine's 1777.
        case tmpfs(size: Int64, mode: Int)
        /// The files of an image, read-only; needs API 1.48.
        case image(ImageReference)
        /// The short syntax: options as mount(8) takes them.
        case tmpfsOptions([String])
    }

    /// Absolute path in the container, as written.
    package var target: String
    package var source: Source
    package var readOnly: Bool
    /// A folder inside a volume (API 1.45) or an image (API 1.48); empty: the whole.
    package var subpath = ""
    /// What a bind does with the mounts below its path; `nil`: the engine's way.
    package var recursion: Recursion?
    /// Of the volume that the engine makes for an anonymous mount.
    package var labels: [String: String] = [:]

    /// compose-spec's `bind.recursive`.
    package enum Recursion: String, Hashable, Sendable {
        /// The mounts below are left out.
        case disabled
        /// They stay writable below a read-only bind; needs API 1.44.
        case writable
        /// They must become read-only too, or the start fails; needs API 1.44.
        case readonly
    }

    package init(_ source: Source, at target: String, readOnly: Bool = false) {
        self.source = source
        self.target = target
        self.readOnly = readOnly
    }

    /// The name of a named volume.
    package var volume: String? {
        if case .volume(let name, _) = source { name } else { nil }
    }

    /// It has a volume that the engine names.
    package var isUnnamed: Bool {
        if case .anonymous = source { true } else { false }
    }

    /// Of a mount of an image's files.
    package var image: ImageReference? {
        if case .image(let image) = source { image } else { nil }
    }
}
