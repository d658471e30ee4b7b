import RecastModel
import RecastYAML

/// The text of the environment file that a compose file gets.
struct AdoptedEnvironment {
    let manifest: String
    /// Given to an application whose file has no `name:`.
    let name: String?
    let variables: AdoptedVariables

    var text: String {
        let parts = [head, variableLines, passLines, overrideLines].filter { !$0.isEmpty }
        return parts.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    private var head: [String] {
        let path = FilePath.isAbsolute(manifest) ? manifest : "../" + manifest
        return [
            "# One stage: its hosts, its variables, and what differs from the manifest.",
            "# Every key stands in docs/reference/environment.md of Recast.",
            "name: dev",
            "# It stays where it is, so that docker compose and recast read the same file.",
        ] + Self.lines([("manifests", .texts([path]))]) + [
            "",
            "hosts:",
            "  local: { engine: \"unix:///var/run/docker.sock\" }",
            "  # web-1: { engine: \"ssh://deploy@web-1.example.com\", labels: { role: web } }",
        ]
    }

    private var variableLines: [String] {
        let values = variables.values.flatMap { variable in
            Self.lines([(variable.name, .text(variable.value))]).map { "  " + $0 }
        }
        let missing = variables.missing.map { "  # \($0.name):        # \($0.position) needs it" }
        guard !values.isEmpty || !missing.isEmpty else { return [] }
        let origin = values.isEmpty ? "" : " The values are those of .env, which is not read."
        let head = "# What ${…} in the manifest stands for.\(origin)"
        return [head, values.isEmpty ? "# variables:" : "variables:"] + values + missing
    }

    private var passLines: [String] {
        guard !variables.secrets.isEmpty else { return [] }
        return [
            "# Taken from the shell of whoever runs recast, and never shown.",
            "pass: [\(variables.secrets.joined(separator: ", "))]",
        ]
    }

    private var overrideLines: [String] {
        guard let name, !name.isEmpty else { return [] }
        return [
            "# Laid over the manifest; docker compose takes the name from the folder.", "overrides:",
        ] + Self.lines([("name", .text(name))]).map { "  " + $0 }
    }

    /// The lines of a block, with quotes where they must be.
    private static func lines(_ entries: [(key: String, value: YAMLNode)]) -> [String] {
        let mapping = YAMLNode.Content.mapping(
            entries.map { YAMLNode.Entry(key: $0.key, keyPosition: $0.value.position, value: $0.value) })
        let nowhere = SourcePosition(file: "", line: 0, column: 0)
        return YAMLNode(mapping, at: nowhere).yamlText.split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast().map(String.init)
    }
}
