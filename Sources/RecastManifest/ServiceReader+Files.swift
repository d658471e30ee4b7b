import RecastModel
import RecastYAML

extension ServiceReader {
    /// The secrets and configs that the service gets as files.
    mutating func readFiles() {
        for (section, kind, folder) in [
            ("secrets", DeliveredFile.Kind.secret, "/run/secrets/"), ("configs", .config, "/"),
        ] {
            for item in root[section]?.items ?? [] {
                let field = Field(item, at: root.path.appending(section))
                if let file = file(field, kind, section: section, folder: folder) { spec.files.append(file) }
            }
        }
        refuseTwins()
    }

    private mutating func file(
        _ field: Field, _ kind: DeliveredFile.Kind, section: String, folder: String
    ) -> DeliveredFile? {
        guard let key = field["source"]?.node.string else { return nil }
        let target = field["target"].flatMap { report.optionalWord($0) } ?? folder + key
        let path = FilePath.clean(FilePath.isAbsolute(target) ? target : folder + target)
        let mode = field["mode"].flatMap { UInt16($0.node.string ?? "", radix: 8) }
        let user = number(field["uid"])
        let group = number(field["gid"])
        guard let content = context.sources.content(key, section, report: &report) else { return nil }
        return DeliveredFile(
            kind, key, at: path, content: content, mode: mode ?? 0o444, user: user, group: group)
    }

    /// The owner of a file, as the container counts users.
    private mutating func number(_ field: Field?) -> UInt32 {
        guard let field, let text = report.optionalWord(field) else { return 0 }
        guard let number = UInt32(text) else {
            report.badValue(
                field, "is '\(text)'; only numbers are known before the container runs", help: "write \"1000\"")
            return 0
        }
        return number
    }

    private mutating func refuseTwins() {
        for (target, files) in Dictionary(grouping: spec.files, by: \.target) where files.count > 1 {
            guard let section = root["secrets"] ?? root["configs"] else { continue }
            report.error(
                .mountConflict, "\(files[0].title) and \(files[1].title) are both at \(target)", at: section.keyPlace,
                help: "give one of them another `target`")
        }
    }

    /// A read-only bind of something beside the manifest, brought along with the release.
    mutating func delivered(_ source: Field, at target: String) -> DeliveredFile? {
        guard let name = report.word(source) else { return nil }
        let path = FilePath.resolve(name, in: context.directory)
        switch context.sources.entries(at: path) {
        case .success(let entries): return DeliveredFile(.bind, name, at: target, entries: entries)
        case .failure(let problem):
            report.add(problem, of: path, named: source.place)
            return nil
        }
    }
}
