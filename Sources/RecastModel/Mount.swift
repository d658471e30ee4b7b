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
        /// The short syntax: options as mount(8) takes them.
        case tmpfsOptions([String])
    }

    /// Absolute path in the container, as written.
    package var target: String
    package var source: Source
    package var readOnly: Bool

    package init(_ source: Source, at target: String, readOnly: Bool = false) {
        self.source = source
        self.target = target
        self.readOnly = readOnly
    }
}
