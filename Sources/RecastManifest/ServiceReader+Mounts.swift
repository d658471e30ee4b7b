import RecastModel
import RecastYAML

extension ServiceReader {
    mutating func readMounts() {
        let volumes = (root["volumes"]?.items ?? []).map { Field($0, at: root.path.appending("volumes")) }
        let temporary = (root["tmpfs"]?.items ?? []).map { Field($0, at: root.path.appending("tmpfs")) }
        spec.mounts = volumes.compactMap { mount($0) } + temporary.compactMap { temporaryMount($0) }
        service.volumes = service.volumes.unique
    }

    /// The path in the container, cleaned.
    private mutating func target(_ path: String, at place: Place) -> String? {
        let clean = FilePath.clean(path)
        if FilePath.isAbsolute(path), clean != "/" { return clean }
        let problem = clean == "/" ? "nothing can be mounted at /" : "'\(path)' is no absolute path in the container"
        report.error(.badValue, problem, at: place)
        return nil
    }

    /// A relative path is on this machine, unless the service says that hosts have it too.
    private mutating func hostPath(_ source: Field) -> String? {
        guard let path = report.word(source) else { return nil }
        if FilePath.isAbsolute(path) { return FilePath.clean(path) }
        if root.at("x-recast", "bind")?.node.string == "host", !path.hasPrefix("~") {
            return FilePath.resolve(FilePath.resolve(path, in: context.directory), in: context.workingDirectory)
        }
        guard !path.hasPrefix("~") else {
            report.error(
                .relativePath, "'\(path)' is in a home directory of your machine, not of a host", at: source.place,
                help: "write an absolute path of the host, or bring along a path beside the manifest")
            return nil
        }
        report.error(
            .relativePath, "'\(path)' is on your machine, and a container on a host cannot write to it",
            at: source.place,
            help: "add `:ro` to bring it along, use a named volume, or write `x-recast: {bind: host}` if hosts have it")
        return nil
    }

    /// Whether a bind is one that is brought along: relative and read-only.
    private func isDelivered(_ field: Field) -> Bool {
        guard field["type"]?.node.string == "bind", let source = field["source"]?.node.string,
            root.at("x-recast", "bind") == nil
        else { return false }
        return !FilePath.isAbsolute(source) && !source.hasPrefix("~") && field["read_only"]?.node.bool == true
    }

    /// A declared volume, by its name on the engine.
    private mutating func volume(_ key: String, noCopy: Bool) -> Mount.Source? {
        guard let volume = context.resources.volumes[key] else { return nil }
        service.volumes.append(key)
        return .volume(name: volume.name, noCopy: noCopy)
    }

    private mutating func noteWriting(_ source: Field?) {
        guard let source, let key = source.node.string, !service.written.contains(where: { $0.value == key }) else {
            return
        }
        service.written.append(Located(key, at: source.place))
    }

    /// `PATH[:OPTIONS]`, the options as mount(8) takes them.
    private mutating func temporaryMount(_ field: Field) -> Mount? {
        guard let text = report.string(field) else { return nil }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let options = parts.count > 1 ? parts[1].split(separator: ",").map(String.init) : []
        return target(String(parts[0]), at: field.place).map { Mount(.tmpfsOptions(options), at: $0) }
    }

    private mutating func mount(_ field: Field) -> Mount? {
        guard let type = mountType(field["type"]), let place = field["target"],
            let target = report.word(place).flatMap({ target($0, at: place.place) })
        else { return nil }
        if isDelivered(field), let source = field["source"] {
            if let file = delivered(source, at: target) { spec.files.append(file) }
            return nil
        }
        for other in field.entries where ["bind", "volume", "tmpfs", "image"].contains(other.key) && other.key != type {
            guard !(other.node.entries ?? []).isEmpty else { continue }
            report.error(.conflict, "a mount of type '\(type)' has no '\(other.key)' options", at: other.keyPlace)
        }
        let readOnly = report.bool(field["read_only"]) ?? false
        guard let source = source(field, type: type) else { return nil }
        if case .volume = source, !readOnly { noteWriting(field["source"]) }
        var mount = Mount(source, at: target, readOnly: readOnly)
        mount.subpath = report.optionalWord(field.at(type, "subpath")) ?? ""
        mount.labels = report.texts(field.at("volume", "labels"))
        mount.recursion = field.at("bind", "recursive")?.node.string.flatMap(Mount.Recursion.init)
        return mount
    }

    private mutating func mountType(_ field: Field?) -> String? {
        guard let field else { return nil }
        if let word = report.string(field), ["npipe", "cluster"].contains(word) {
            report.error(
                .unsupportedValue, "an engine on Linux has no mounts of type '\(word)'", at: field.place,
                help: "use volume, bind, tmpfs or image")
            return nil
        }
        return report.choice(field, ["volume", "bind", "tmpfs", "image"])
    }

    private mutating func source(_ field: Field, type: String) -> Mount.Source? {
        switch type {
        case "bind": return bind(field)
        case "tmpfs": return temporarySource(field)
        case "image": return imageSource(field)
        default:
            let noCopy = report.bool(field.at("volume", "nocopy")) ?? false
            guard let source = field["source"] else { return .anonymous(noCopy: noCopy) }
            return report.word(source).flatMap { volume($0, noCopy: noCopy) }
        }
    }

    private mutating func bind(_ field: Field) -> Mount.Source? {
        let details = field["bind"]
        let propagation = report.choice(
            details?["propagation"], ["rprivate", "private", "rshared", "shared", "rslave", "slave"])
        let selinux = report.choice(details?["selinux"], ["z", "Z"]) ?? ""
        let createHostPath = report.bool(details?["create_host_path"]) ?? true
        guard let source = field["source"] else {
            report.error(.missingKey, "a bind mount has no source", at: field.place, help: "add `source: /PATH`")
            return nil
        }
        return hostPath(source).map {
            .bind(path: $0, propagation: propagation, selinux: selinux, createHostPath: createHostPath)
        }
    }

    private mutating func imageSource(_ field: Field) -> Mount.Source? {
        guard let source = field["source"], let text = report.word(source) else {
            report.error(.missingKey, "a mount of an image has no source", at: field.place, help: "add `source: IMAGE`")
            return nil
        }
        guard let image = ImageReference(text) else {
            report.error(.badImage, "'\(text)' is no image reference", at: source.place)
            return nil
        }
        return .image(image)
    }

    private mutating func temporarySource(_ field: Field) -> Mount.Source {
        if let source = field["source"] {
            report.error(.conflict, "a tmpfs has no source", at: source.keyPlace, help: "remove it")
        }
        let size = report.bytes(field.at("tmpfs", "size"), mayBeUnlimited: false) ?? 0
        return .tmpfs(size: size, mode: Int(report.integer(field.at("tmpfs", "mode"), in: 0...0o7777) ?? 0))
    }
}
