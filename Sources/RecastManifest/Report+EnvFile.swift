import RecastModel

/// One variable of an env file.
struct EnvFileEntry {
    let name: String
    let value: Variables.Value
    let position: SourcePosition
}

extension Report {
    /// The variables of an env file; nothing when it is missing and may be.
    ///
    /// `lookup` gives the values of `${…}` and of names that stand alone.
    mutating func entries(
        of reference: FileReference, in files: Files, lookup: (String) -> Variables.Value?,
        variables: Variables
    ) -> [EnvFileEntry] {
        if !reference.required, files.read(reference.path) == .failure(.notFound) { return [] }
        guard
            let bytes = contents(
                of: reference.path, in: files, namedAt: reference.place,
                help: "if it may be missing, write `{path: …, required: false}`")
        else { return [] }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            error(.badEnvFile, "'\(reference.path)' is not UTF-8", at: reference.place)
            return []
        }
        var secrets: Set<String> = []
        let tracking = { (name: String) -> String? in
            guard let value = lookup(name) else { return nil }
            if value.sensitive, !value.text.isEmpty { secrets.insert(value.text) }
            return value.text
        }
        guard let file = dotenv(text, reference, tracking) else { return [] }
        for unset in file.unset {
            let place = Place(SourcePosition(file: reference.path, line: unset.line, column: 1))
            self.unset(unset.name, at: place, in: variables)
        }
        return file.entries.map { entry in
            let isSensitive = Sensitivity.isSensitive(name: entry.name) || secrets.contains { entry.value.contains($0) }
            return EnvFileEntry(
                name: entry.name, value: Variables.Value(text: entry.value, sensitive: isSensitive),
                position: SourcePosition(file: reference.path, line: entry.line, column: 1))
        }
    }

    private mutating func dotenv(
        _ text: String, _ reference: FileReference, _ lookup: (String) -> String?
    ) -> Dotenv? {
        do throws(Dotenv.Fault) {
            return reference.raw ? try Dotenv(raw: text, lookup: lookup) : try Dotenv(text, lookup: lookup)
        } catch {
            let position = SourcePosition(file: reference.path, line: error.line, column: error.error.offset + 1)
            self.error(
                .badEnvFile, error.error.message, at: Place(position, length: error.error.length),
                help: error.error.help)
            return nil
        }
    }

    /// Variables for the manifests; weaker than every other source.
    mutating func readVariables(from file: FileReference, in files: Files, into variables: inout Variables) {
        let known = variables
        for entry in entries(of: file, in: files, lookup: { known[$0] }, variables: known) {
            variables.setFromFile(
                entry.name, to: entry.value.text, sensitive: entry.value.sensitive, at: entry.position)
        }
    }
}
