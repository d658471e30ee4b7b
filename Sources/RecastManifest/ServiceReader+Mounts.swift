import RecastModel
import RecastYAML

/// A mount, and where its parts were written.
struct PlacedMount {
    var mount: Mount
    let place: Place
    /// The key under `volumes:` that it needs.
    var volume: String?
}

extension ServiceReader {
    mutating func readMounts() {
        var mounts: [PlacedMount] = []
        for item in root["volumes"]?.items ?? [] {
            let field = Field(item, at: root.path.appending("volumes"))
            guard let mount = item.entries == nil ? shortMount(field) : longMount(field) else { continue }
            add(mount, to: &mounts)
        }
        service.volumes = mounts.compactMap(\.volume).unique
        for item in report.located(root["tmpfs"]) {
            guard let mount = temporary(item) else { continue }
            if let other = mounts.first(where: { $0.mount.target == mount.mount.target }) {
                report.error(
                    .mountConflict, "two mounts at \(mount.mount.target)", at: item.place, help: "keep one of them",
                    notes: [.init("the other one is here", at: other.place.position)])
            } else {
                mounts.append(mount)
            }
        }
        spec.mounts = mounts.map(\.mount)
    }

    /// An override replaces the mount at the same path; within one file that is a slip.
    private mutating func add(_ mount: PlacedMount, to mounts: inout [PlacedMount]) {
        guard let index = mounts.firstIndex(where: { $0.mount.target == mount.mount.target }) else {
            mounts.append(mount)
            return
        }
        let other = mounts[index]
        if other.place.position.file == mount.place.position.file, other.place != mount.place {
            report.error(
                .mountConflict, "two mounts at \(mount.mount.target)", at: mount.place, help: "keep one of them",
                notes: [.init("the other one is here", at: other.place.position)])
        }
        mounts[index] = mount
    }

    /// `PATH[:OPTIONS]`, the options as mount(8) takes them.
    private mutating func temporary(_ item: Located<String>) -> PlacedMount? {
        let parts = item.value.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let options = parts.count > 1 ? parts[1].split(separator: ",").map(String.init) : []
        return target(String(parts[0]), at: item.place).map {
            PlacedMount(mount: Mount(.tmpfsOptions(options), at: $0), place: item.place)
        }
    }

    /// The path in the container, cleaned.
    mutating func target(_ path: String, at place: Place) -> String? {
        let clean = FilePath.clean(path)
        guard FilePath.isAbsolute(path), clean != "/" else {
            report.error(
                .badValue,
                clean == "/" ? "nothing can be mounted at /" : "'\(path)' is no absolute path in the container", at: place)
            return nil
        }
        return clean
    }

    /// The path would have to be there on another machine, which no `.` or `~` of this one can say.
    mutating func hostPath(_ path: String, at place: Place) -> String? {
        guard FilePath.isAbsolute(path) else {
            report.error(
                .relativePath, "'\(path)' is on your machine, not on a host", at: place,
                help: "give the absolute path on the host, use a named volume, or put the file into the image")
            return nil
        }
        return FilePath.clean(path)
    }

    /// The engine's name of a declared volume.
    mutating func volumeName(_ key: String, at place: Place) -> String? {
        let declared = context.resources.volumes
        if let volume = declared[key] { return volume.name }
        report.error(
            .undefinedVolume, "\(root.path) needs volume '\(key)', which is not declared", at: place,
            help: help(for: key, among: declared.mapValues(\.key.place), section: "volumes"))
        return nil
    }
}

// MARK: - The short form

extension ServiceReader {
    mutating func shortMount(_ field: Field) -> PlacedMount? {
        guard let text = report.string(field) else { return nil }
        let syntax = report.parsed(field.node, prefix: "a volume of \(root.path): ") { () throws(GrammarError) in
            try VolumeSyntax(text)
        }
        guard let syntax else { return nil }
        for warning in syntax.warnings { report.warn(warning, in: field.node, .noEffect) }
        let written = text.unicodeScalars.dropFirst(syntax.targetOffset).prefix { $0 != ":" }.count
        let targetPlace = field.node.place(offset: syntax.targetOffset, length: written)
        guard let target = target(syntax.target, at: targetPlace), let (source, volume) = source(syntax, field) else {
            return nil
        }
        let mount = Mount(source, at: target, readOnly: syntax.readOnly)
        return PlacedMount(mount: mount, place: targetPlace, volume: volume)
    }

    private mutating func source(_ syntax: VolumeSyntax, _ field: Field) -> (Mount.Source, String?)? {
        switch syntax.source {
        case .anonymous: return (.anonymous(noCopy: syntax.noCopy), nil)
        case .named(let key):
            let place = field.node.place(offset: 0, length: key.unicodeScalars.count)
            return volumeName(key, at: place).map { (.volume(name: $0, noCopy: syntax.noCopy), key) }
        case .bind(let path):
            let place = field.node.place(offset: 0, length: path.unicodeScalars.count)
            return hostPath(path, at: place).map {
                let bind = Mount.Source.bind(
                    path: $0, propagation: syntax.propagation, selinux: syntax.selinux ?? "", createHostPath: true)
                return (bind, nil)
            }
        }
    }
}

// MARK: - The long form

extension ServiceReader {
    private mutating func longMount(_ field: Field) -> PlacedMount? {
        guard let type = mountType(field["type"], of: field) else { return nil }
        _ = report.string(field["consistency"])
        refuseOtherDetails(field, than: type)
        let readOnly = report.bool(field["read_only"]) ?? false
        guard let targetField = field["target"] else {
            report.error(.missingKey, "a mount has no target", at: field.place, help: "add `target: /PATH`")
            return nil
        }
        guard let path = report.word(targetField), let target = target(path, at: targetField.place),
            let (source, volume) = source(field, type: type)
        else { return nil }
        return PlacedMount(
            mount: Mount(source, at: target, readOnly: readOnly), place: targetField.place, volume: volume)
    }

    private mutating func mountType(_ field: Field?, of mount: Field) -> String? {
        guard let field else {
            report.error(.missingKey, "a mount has no type", at: mount.place, help: "add `type: volume` or `type: bind`")
            return nil
        }
        if let word = report.string(field), ["image", "npipe", "cluster"].contains(word) {
            report.error(.unsupportedValue, "mounts of type '\(word)' are not supported yet", at: field.place)
            return nil
        }
        return report.choice(field, ["volume", "bind", "tmpfs"])
    }

    private mutating func refuseOtherDetails(_ field: Field, than type: String) {
        for other in field.entries where ["bind", "volume", "tmpfs"].contains(other.key) && other.key != type {
            report.error(
                .conflict, "a mount of type '\(type)' has no '\(other.key)' options", at: other.keyPlace)
        }
    }

    private mutating func source(_ field: Field, type: String) -> (Mount.Source, String?)? {
        switch type {
        case "bind": return bind(field).map { ($0, nil) }
        case "tmpfs": return (temporary(field), nil)
        default: break
        }
        let noCopy = report.bool(field.at("volume", "nocopy")) ?? false
        guard let source = field["source"] else { return (.anonymous(noCopy: noCopy), nil) }
        guard let key = report.word(source), let name = volumeName(key, at: source.place) else { return nil }
        return (.volume(name: name, noCopy: noCopy), key)
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
        guard let text = report.word(source), let path = hostPath(text, at: source.place) else { return nil }
        return .bind(path: path, propagation: propagation, selinux: selinux, createHostPath: createHostPath)
    }

    private mutating func temporary(_ field: Field) -> Mount.Source {
        if let source = field["source"] {
            report.error(.conflict, "a tmpfs has no source", at: source.keyPlace, help: "remove it")
        }
        let size = report.bytes(field.at("tmpfs", "size"), mayBeUnlimited: false) ?? 0
        return .tmpfs(size: size, mode: mode(field.at("tmpfs", "mode")))
    }

    /// A number as YAML reads it, `0700` in octal; text is octal.
    private mutating func mode(_ field: Field?) -> Int {
        guard let field else { return 0 }
        if case .string(let text) = field.node.content {
            return report.parsed(field.node) { () throws(GrammarError) in try FileMode.parse(text) } ?? 0
        }
        if case .int(let value) = field.node.content, let text = field.node.text, !text.hasPrefix("0"), value > 0 {
            report.warn(
                .changedText, "\(text) is decimal, so the mode is 0\(String(value, radix: 8))", at: field.place,
                help: "write 0\(text) for octal")
        }
        return Int(report.integer(field, in: 0...0o7777) ?? 0)
    }
}
