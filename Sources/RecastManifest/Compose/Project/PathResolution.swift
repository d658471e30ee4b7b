import RecastYAML

/// Makes the paths of a project absolute: relative ones start in its directory, `~` is the home directory.
struct PathResolution {
    private(set) var report = Report()
    private let directory: String
    private let home: String?

    init(directory: String, home: String?) {
        self.directory = directory
        self.home = home
    }

    mutating func apply(to root: inout YAMLNode) {
        for name in root["services"]?.entries ?? [] { reportMissingSources(of: name) }
        root.change("services") { services in
            services.changeValues { resolve(service: &$0.value) }
        }
        for section in ["configs", "secrets"] {
            root.change(section) { section in
                section.changeValues { object in object.value.change("file", resolveSource) }
            }
        }
        root.change("volumes") { volumes in
            volumes.changeValues { resolve(volume: &$0.value) }
        }
    }

    /// `path` as an absolute one, as an env file's would be.
    func absolute(_ path: String) -> String {
        let path = expandingHome(path)
        return FilePath.isAbsolute(path) || path.isEmpty ? path : joined(path)
    }

    // MARK: Services

    private func resolve(service: inout YAMLNode) {
        service.change("build") { build in
            build.change("context", resolveContext)
            build.change("additional_contexts") { contexts in contexts.changeValues { resolveContext(&$0.value) } }
            build.change("ssh") { keys in keys.changeValues { resolveSource(&$0.value) } }
        }
        service.change("env_file") { files in
            files.changeItems { $0.change("path", resolvePath) }
        }
        service.change("label_file") { $0.changeItems(resolvePath) }
        service.change("develop") { develop in
            develop.change("watch") { rules in rules.changeItems { $0.change("path", resolvePath) } }
        }
        service.change("volumes") { mounts in
            mounts.changeItems { mount in
                if mount["type"]?.string == "bind" { mount.change("source", resolveSource) }
            }
        }
    }

    /// A volume of the local driver may be a bind mount in disguise.
    private func resolve(volume: inout YAMLNode) {
        guard volume["driver"]?.string == "local" else { return }
        volume.change("driver_opts") { options in
            if options["o"]?.string == "bind" { options.change("device", resolveSource) }
        }
    }

    private mutating func reportMissingSources(of service: YAMLNode.Entry) {
        for mount in service.value["volumes"]?.items ?? [] {
            guard mount["type"]?.string == "bind", mount["source"] == nil else { continue }
            report.error(
                .missingKey, "a bind mount of service '\(service.key)' has no source", at: mount.place,
                help: "add `source: /PATH`")
        }
    }

    // MARK: Paths

    private func resolvePath(_ node: inout YAMLNode) {
        if let path = node.string { node = node.replacing(.string(absolute(path))) }
    }

    /// Also leaves paths of Windows alone; an empty path is the directory.
    private func resolveSource(_ node: inout YAMLNode) {
        guard let written = node.string else { return }
        let path = expandingHome(written)
        let isAbsolute = FilePath.isAbsolute(path) || WindowsPath.isAbsolute(path)
        node = node.replacing(.string(isAbsolute ? path : joined(path)))
    }

    /// A repository, an image or another service is no path.
    private func resolveContext(_ node: inout YAMLNode) {
        guard let context = node.string, !context.contains("://") else { return }
        let isElsewhere = ["service:", "github.com/", "git@"].contains { context.hasPrefix($0) }
        if !isElsewhere { resolvePath(&node) }
    }

    private func joined(_ path: String) -> String { FilePath.clean(directory + "/" + path) }

    private func expandingHome(_ path: String) -> String {
        guard path.hasPrefix("~"), let home, !home.isEmpty else { return path }
        return FilePath.clean(home + "/" + path.dropFirst())
    }
}
