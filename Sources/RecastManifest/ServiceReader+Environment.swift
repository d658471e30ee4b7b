import RecastModel
import RecastYAML

extension ServiceReader {
    /// What `environment` says wins over the env files, and a later file over an earlier one.
    mutating func readEnvironment() {
        var values: [String: Variables.Value?] = [:]
        let own = ownVariables()
        for file in report.fileReferences(root["env_file"]) {
            let reference = FileReference(
                path: FilePath.resolve(file.path, in: context.directory), place: file.place,
                required: file.required, raw: file.raw)
            let known = values
            let entries = report.entries(
                of: reference, in: context.files,
                lookup: { context.variables[$0] ?? own[$0] ?? (known[$0] ?? nil) }, variables: context.variables)
            for entry in entries { values[entry.name] = entry.value }
        }
        for field in root["environment"]?.entries ?? [] {
            values[field.key] = .some(own[field.key] ?? inherited(field))
        }
        spec.environment = values.mapValues { $0?.text }
        spec.secrets = context.variables.passed
        spec.sensitive = Set(
            values.compactMap { name, value in
                guard let value else { return nil }
                let isSensitive =
                    value.sensitive || Sensitivity.isSensitive(name: name) || Sensitivity.isSensitive(value: value.text)
                return isSensitive ? name : nil
            })
    }

    /// The entries that carry a value of their own.
    private mutating func ownVariables() -> [String: Variables.Value] {
        var own: [String: Variables.Value] = [:]
        for field in root["environment"]?.entries ?? [] {
            if field.key.contains(where: \.isWhitespace) {
                report.error(
                    .badName, "the variable '\(field.key)' has a space in its name", at: field.keyPlace,
                    help: "write KEY=VALUE without spaces around the `=`")
            }
            guard !field.node.isNull, let text = report.text(field.node) else { continue }
            let isSensitive = context.sensitive.contains(field.node.position)
            own[field.key] = Variables.Value(text: text, sensitive: isSensitive)
        }
        return own
    }

    /// A name alone takes the environment's value; without one it is `nil`, which removes the image's variable.
    private mutating func inherited(_ field: Field) -> Variables.Value? {
        guard field.node.isNull else { return nil }
        let name = field.key
        if let value = context.variables[name] { return value }
        if context.variables.isOnlyInShell(name) || context.variables.missingPassed.contains(name) {
            report.unset(name, at: field.keyPlace, in: context.variables)
        } else {
            report.warn(
                .unsetVariable, "'\(name)' has no value in this environment, so the container will not have it",
                at: field.keyPlace, help: "add it to `variables:`, or write \"\" for an empty value")
        }
        return nil
    }
}
