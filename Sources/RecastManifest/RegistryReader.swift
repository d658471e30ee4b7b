import RecastModel
import RecastYAML

/// Reads `registries:` of an environment.
struct RegistryReader {
    private(set) var registries: [RegistryDefinition] = []
    private(set) var report = Report(domain: .environment)
    private let file: String
    private let secretFiles: SecretFiles

    /// `file`: the environment's, which the paths of secrets are relative to.
    init(file: String, secretFiles: SecretFiles) {
        self.file = file
        self.secretFiles = secretFiles
    }

    mutating func read(_ field: Field?) {
        for entry in field?.entries ?? [] { readRegistry(entry) }
    }

    private mutating func readRegistry(_ field: Field) {
        guard let (host, _) = EngineAddressSyntax.split(field.key[...]), EngineAddressSyntax.isHost(host) else {
            report.error(
                .badName, "'\(field.key)' is no registry", at: field.keyPlace,
                help: "write a host and perhaps a port, as image names have it: `registry.example.com:5000`")
            return
        }
        let username = report.word(field["username"])
        let secret = field["secret"].map { readSecret($0) }
        for key in ["username", "secret"] where field[key] == nil {
            report.error(.missingKey, "the registry '\(field.key)' has no \(key)", at: field.keyPlace)
        }
        guard let username, let secret = secret ?? nil else { return }
        registries.append(
            RegistryDefinition(
                registry: field.key.lowercased(), username: username, secret: secret,
                position: field.keyPlace.position))
    }

    private mutating func readSecret(_ field: Field) -> RegistryDefinition.SecretSource? {
        let sources = field.entries.filter { !$0.node.isNull && !$0.key.hasPrefix("x-") }
        guard let source = sources.first, sources.count == 1 else {
            report.error(
                .badValue, "\(field.path) must say one place where the secret is", at: field.keyPlace,
                help: "write `{env: NAME}`, `{file: PATH}` or `{command: [PROGRAM, …]}`")
            return nil
        }
        switch source.key {
        case "env": return readVariable(source)
        case "file": return readFile(source)
        default:
            let words = report.strings(source)
            guard let program = words.first, !program.isEmpty else {
                report.badValue(source, "names no program")
                return nil
            }
            return .command([FilePath.program(program, besides: file)] + words.dropFirst())
        }
    }

    private mutating func readVariable(_ field: Field) -> RegistryDefinition.SecretSource? {
        guard let name = report.word(field) else { return nil }
        guard name.isVariableName else {
            report.error(
                .badName, "'\(name)' is no name for a variable", at: field.place,
                help: "name the variable that has the secret; the secret itself must not stand here")
            return nil
        }
        return .variable(name)
    }

    private mutating func readFile(_ field: Field) -> RegistryDefinition.SecretSource? {
        guard let text = report.word(field) else { return nil }
        let path = FilePath.resolve(text, besides: file)
        report.checkSecrecy(of: path, in: secretFiles, at: field.place)
        return .file(path)
    }
}
