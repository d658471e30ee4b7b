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

    /// The path would have to be there on another machine, which no `.` or `~` of this one can say.
    private mutating func hostPath(_ path: String, at place: Place) -> String? {
        if FilePath.isAbsolute(path) { return FilePath.clean(path) }
        report.error(
            .relativePath, "'\(path)' is on your machine, not on a host", at: place,
            help: "give the absolute path on the host, use a named volume, or put the file into the image")
        return nil
    }

    /// A declared volume, by its name on the engine.
    private mutating func volume(_ key: String, noCopy: Bool) -> Mount.Source? {
        guard let volume = context.resources.volumes[key] else { return nil }
        service.volumes.append(key)
        return .volume(name: volume.name, noCopy: noCopy)
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
        for other in field.entries where ["bind", "volume", "tmpfs"].contains(other.key) && other.key != type {
            guard !(other.node.entries ?? []).isEmpty else { continue }
            report.error(.conflict, "a mount of type '\(type)' has no '\(other.key)' options", at: other.keyPlace)
        }
        let readOnly = report.bool(field["read_only"]) ?? false
        return source(field, type: type).map { Mount($0, at: target, readOnly: readOnly) }
    }

    private mutating func mountType(_ field: Field?) -> String? {
        guard let field else { return nil }
        if let word = report.string(field), ["image", "npipe", "cluster"].contains(word) {
            report.error(.unsupportedValue, "mounts of type '\(word)' are not supported yet", at: field.place)
            return nil
        }
        return report.choice(field, ["volume", "bind", "tmpfs"])
    }

    private mutating func source(_ field: Field, type: String) -> Mount.Source? {
        switch type {
        case "bind": return bind(field)
        case "tmpfs": return temporarySource(field)
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
        return report.word(source).flatMap { hostPath($0, at: source.place) }.map {
            .bind(path: $0, propagation: propagation, selinux: selinux, createHostPath: createHostPath)
        }
    }

    private mutating func temporarySource(_ field: Field) -> Mount.Source {
        if let source = field["source"] {
            report.error(.conflict, "a tmpfs has no source", at: source.keyPlace, help: "remove it")
        }
        let size = report.bytes(field.at("tmpfs", "size"), mayBeUnlimited: false) ?? 0
        return .tmpfs(size: size, mode: Int(report.integer(field.at("tmpfs", "mode"), in: 0...0o7777) ?? 0))
    }
}
