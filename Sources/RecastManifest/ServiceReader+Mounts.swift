import RecastModel
import RecastYAML

/// An entry of `volumes:` or `tmpfs:` whose target is known, and nothing else yet: another may take its place.
struct MountDraft {
    let field: Field
    let target: String
    let place: Place
    /// `nil` for the long form.
    var syntax: VolumeSyntax?
    /// The options of an entry of `tmpfs:`.
    var temporaryOptions: [String]?
}

extension ServiceReader {
    mutating func readMounts() {
        var drafts: [MountDraft] = []
        for item in root["volumes"]?.items ?? [] {
            let field = Field(item, at: root.path.appending("volumes"))
            if let draft = item.entries == nil ? shortMount(field) : longMount(field) { add(draft, to: &drafts) }
        }
        for item in root["tmpfs"]?.items ?? [] {
            let field = Field(item, at: root.path.appending("tmpfs"))
            if let draft = temporary(field) { add(draft, to: &drafts) }
        }
        spec.mounts = drafts.compactMap { mount($0) }
        service.volumes = service.volumes.unique
    }

    /// An override replaces the mount at the same path; within one file, and across the two keys, that is a slip.
    private mutating func add(_ draft: MountDraft, to drafts: inout [MountDraft]) {
        guard let index = drafts.firstIndex(where: { $0.target == draft.target }) else {
            drafts.append(draft)
            return
        }
        let other = drafts[index]
        let isRepeated = other.place.position.file == draft.place.position.file && other.place != draft.place
        if isRepeated || (other.temporaryOptions == nil) != (draft.temporaryOptions == nil) {
            report.error(
                .mountConflict, "two mounts at \(draft.target)", at: draft.place, help: "keep one of them",
                notes: [.init("the other one is here", at: other.place.position)])
        }
        drafts[index] = draft
    }

    private mutating func mount(_ draft: MountDraft) -> Mount? {
        if let options = draft.temporaryOptions { return Mount(.tmpfsOptions(options), at: draft.target) }
        guard let syntax = draft.syntax else { return longMount(draft) }
        for warning in syntax.warnings { report.warn(warning, in: draft.field.node, .noEffect) }
        return source(syntax, draft.field).map { Mount($0, at: draft.target, readOnly: syntax.readOnly) }
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
    private mutating func volume(_ key: String, noCopy: Bool, at place: Place) -> Mount.Source? {
        let declared = context.resources.volumes
        guard let volume = declared[key] else {
            report.error(
                .undefinedVolume, "\(root.path) needs volume '\(key)', which is not declared", at: place,
                help: help(for: key, among: declared.mapValues(\.key.place), section: "volumes"))
            return nil
        }
        service.volumes.append(key)
        return .volume(name: volume.name, noCopy: noCopy)
    }
}

// MARK: - The short forms

extension ServiceReader {
    private mutating func shortMount(_ field: Field) -> MountDraft? {
        guard let text = report.string(field) else { return nil }
        let syntax = report.parsed(field.node, prefix: "a volume of \(root.path): ") { () throws(GrammarError) in
            try VolumeSyntax(text)
        }
        guard let syntax else { return nil }
        let written = text.unicodeScalars.dropFirst(syntax.targetOffset).prefix { $0 != ":" }.count
        let place = field.node.place(offset: syntax.targetOffset, length: written)
        return target(syntax.target, at: place).map {
            MountDraft(field: field, target: $0, place: place, syntax: syntax)
        }
    }

    private mutating func source(_ syntax: VolumeSyntax, _ field: Field) -> Mount.Source? {
        switch syntax.source {
        case .anonymous: return .anonymous(noCopy: syntax.noCopy)
        case .named(let key):
            let place = field.node.place(offset: 0, length: key.unicodeScalars.count)
            return volume(key, noCopy: syntax.noCopy, at: place)
        case .bind(let path):
            let place = field.node.place(offset: 0, length: path.unicodeScalars.count)
            return hostPath(path, at: place).map {
                .bind(
                    path: $0, propagation: syntax.propagation, selinux: syntax.selinux ?? "", createHostPath: true)
            }
        }
    }

    /// `PATH[:OPTIONS]`, the options as mount(8) takes them.
    private mutating func temporary(_ field: Field) -> MountDraft? {
        guard let text = report.string(field) else { return nil }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let options = parts.count > 1 ? parts[1].split(separator: ",").map(String.init) : []
        return target(String(parts[0]), at: field.place).map {
            MountDraft(field: field, target: $0, place: field.place, temporaryOptions: options)
        }
    }
}

// MARK: - The long form

extension ServiceReader {
    private mutating func longMount(_ field: Field) -> MountDraft? {
        guard let target = field["target"] else {
            report.error(.missingKey, "a mount has no target", at: field.place, help: "add `target: /PATH`")
            return nil
        }
        return report.word(target).flatMap { self.target($0, at: target.place) }.map {
            MountDraft(field: field, target: $0, place: target.place)
        }
    }

    private mutating func longMount(_ draft: MountDraft) -> Mount? {
        let field = draft.field
        guard let type = mountType(field["type"], of: field) else { return nil }
        _ = report.string(field["consistency"])
        for other in field.entries where ["bind", "volume", "tmpfs"].contains(other.key) && other.key != type {
            report.error(.conflict, "a mount of type '\(type)' has no '\(other.key)' options", at: other.keyPlace)
        }
        let readOnly = report.bool(field["read_only"]) ?? false
        return source(field, type: type).map { Mount($0, at: draft.target, readOnly: readOnly) }
    }

    private mutating func mountType(_ field: Field?, of mount: Field) -> String? {
        guard let field else {
            report.error(
                .missingKey, "a mount has no type", at: mount.place, help: "add `type: volume` or `type: bind`")
            return nil
        }
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
            return report.word(source).flatMap { volume($0, noCopy: noCopy, at: source.place) }
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
