import RecastModel
import RecastYAML

/// Reads env files into `environment` and label files into `labels`; what the service itself says wins.
struct VariableFileReader {
    private(set) var report = Report()
    private let paths: PathResolution
    private let lookup: (String) -> String?
    private let files: Files
    private let strict: Bool

    /// `lookup` is the project's environment; `strict`: a variable without a value is an error.
    init(directory: String, lookup: @escaping (String) -> String?, files: Files, strict: Bool) {
        paths = PathResolution(directory: directory, home: lookup("HOME"))
        self.lookup = lookup
        self.files = files
        self.strict = strict
    }

    mutating func apply(to root: inout YAMLNode) {
        root.change("services") { services in
            services.changeValues { service in
                readEnvironment(of: &service.value)
                readLabels(of: &service.value)
            }
        }
    }

    /// A later file wins over an earlier one; a key without a value in `environment` stays without one.
    private mutating func readEnvironment(of service: inout YAMLNode) {
        guard let list = service["env_file"]?.items else { return }
        service.remove("env_file")
        let own = service["environment"]?.texts ?? [:]
        let lookup = lookup
        var read = ReadVariables()
        for item in list {
            guard let reference = reference(item) else { continue }
            merge(reference, into: &read) { lookup($0) ?? own[$0] }
        }
        service.addMissing(read.entries, to: "environment")
    }

    /// Values in a label file see only labels that were read before.
    private mutating func readLabels(of service: inout YAMLNode) {
        guard let list = service["label_file"]?.items else { return }
        service.remove("label_file")
        var read = ReadVariables()
        for item in list {
            guard let path = item.string else { continue }
            let reference = FileReference(path: paths.absolute(path), place: item.place, required: true, raw: false)
            merge(reference, into: &read) { _ in nil }
        }
        service.addMissing(read.entries, to: "labels")
    }

    private mutating func reference(_ item: YAMLNode) -> FileReference? {
        guard let node = item["path"] ?? (item.isScalar ? item : nil), let path = node.string else { return nil }
        if let format = item["format"], let word = format.string, !["", "raw"].contains(word) {
            report.error(
                .badValue, "an env file has no format '\(word)'", at: format.place,
                help: "write `format: raw`, or leave it out")
            return nil
        }
        return FileReference(
            path: paths.absolute(path), place: node.place, required: item["required"]?.bool ?? true,
            raw: item["format"]?.string == "raw")
    }

    private mutating func merge(
        _ reference: FileReference, into read: inout ReadVariables, lookup: (String) -> String?
    ) {
        if !reference.required, files.read(reference.path) == .failure(.notFound) { return }
        guard let text = text(of: reference) else { return }
        do throws(Dotenv.Fault) {
            let file =
                reference.raw
                ? try Dotenv(raw: text, lookup: lookup)
                : try Dotenv(
                    text, earlier: read.values, allowsNameless: !strict, lookup: lookup)
            for unset in file.unset { reportUnset(unset, in: reference) }
            for entry in file.entries { read.add(entry, from: reference.path) }
        } catch {
            let position = SourcePosition(file: reference.path, line: error.line, column: error.error.offset + 1)
            report.error(
                .badEnvFile, error.error.message, at: Place(position, length: error.error.length),
                help: error.error.help)
        }
    }

    private mutating func text(of reference: FileReference) -> String? {
        let help = "if it may be missing, write `{path: …, required: false}`"
        guard let bytes = report.contents(of: reference.path, in: files, namedAt: reference.place, help: help) else {
            return nil
        }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        report.error(.badEnvFile, "'\(reference.path)' is not UTF-8", at: reference.place)
        return nil
    }

    private mutating func reportUnset(_ unset: Dotenv.Unset, in reference: FileReference) {
        let place = Place(SourcePosition(file: reference.path, line: unset.line, column: 1))
        let help = "give it a value, or a default: ${\(unset.name):-…}"
        if strict {
            report.error(.unsetVariable, "'\(unset.name)' is not set", at: place, help: help)
        } else {
            report.warn(.unsetVariable, "'\(unset.name)' is not set, so it is empty", at: place, help: help)
        }
    }
}

/// The variables of several files, in the order in which their names appeared.
private struct ReadVariables {
    private(set) var values: [String: String] = [:]
    private(set) var entries: [YAMLNode.Entry] = []
    private var indices: [String: Int] = [:]

    mutating func add(_ variable: Dotenv.Entry, from file: String) {
        let position = SourcePosition(file: file, line: variable.line, column: 1)
        let entry = YAMLNode.Entry(
            key: variable.name, keyPosition: position, value: YAMLNode(.string(variable.value), at: position))
        values[variable.name] = variable.value
        if let index = indices[variable.name] {
            entries[index] = entry
        } else {
            indices[variable.name] = entries.count
            entries.append(entry)
        }
    }
}

extension YAMLNode {
    /// The values of a mapping that are text.
    fileprivate var texts: [String: String] {
        (entries ?? []).reduce(into: [:]) { $0[$1.key] = $1.value.formattedText }
    }

    /// Adds the entries whose keys a mapping does not have; makes the mapping when there is none.
    fileprivate mutating func addMissing(_ more: [Entry], to key: String) {
        guard let first = more.first else { return }
        let own = self[key]
        guard own == nil || own?.isNull == true || own?.entries != nil else { return }
        let known = Set(own?.entries?.map(\.key) ?? [])
        let entries = (own?.entries ?? []) + more.filter { !known.contains($0.key) }
        let made = own ?? YAMLNode(.null, at: first.keyPosition)
        set(key, to: made.replacing(.mapping(entries)))
    }
}
