import ArgumentParser
import RecastManifest
import RecastModel
import RecastPlanner
import RecastViews
import RecastYAML

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Prints what is desired on each host, fully resolved, as compose-spec YAML.",
        discussion: """
            With an environment: one document for each host; secrets are masked. With --file: compose files as they
            stand, in the canonical form that `docker compose config` prints. No host is touched.

            --explain tells of one value which file and line it comes from, what it took the place of, and which
            variables went into it. A key with a dot in it stands in quotes: services.'a.b'.image

            Example:
              recast config prod --host web-1
              recast config prod --json | jq '.hosts["web-1"].services | keys'
              recast config --file compose.yaml --file compose.ci.yaml --format json
              recast config prod --explain services.web.environment.LOG_LEVEL
            """)

    @Argument(help: ArgumentHelp("A file under environments/, such as prod, or a path to one.", valueName: "env"))
    var environment: String?

    @OptionGroup var reading: ReadingOptions

    @Option(help: "How the result is written: yaml or json.")
    var format = Format.yaml

    @Option(
        help: ArgumentHelp("Prints where a value comes from, such as services.web.ports.0.", valueName: "path"))
    var explain: String?

    @OptionGroup var scope: ScopeOptions
    @OptionGroup(title: "Compose files") var compose: ComposeFileOptions

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case yaml, json
    }

    func validate() throws {
        _ = try explainedPath()
        guard let environment, !compose.files.isEmpty else { return }
        throw ValidationError("--file reads compose files without an environment: leave '\(environment)' out")
    }

    func run() async throws {
        let console = Console()
        guard let environment else { return try printFiles(console) }
        let source = EnvironmentSource(
            name: environment, setVariables: reading.setVariables, json: reading.json || format == .json)
        if let path = try explainedPath() { return try explain(path, of: source, console) }
        let desired = try source.desired(console: console).locked().desired
        let wanted = try scope.scope(of: desired)
        let shown = Desired(
            environment: desired.environment, application: desired.application, hosts: desired.hosts,
            instances: desired.instances.filter { wanted.contains($0.address.service) },
            networks: desired.networks, volumes: desired.volumes)
        let hosts = desired.hosts.map(\.name).filter { wanted.contains($0) }
        if source.json {
            console.write([try JSONText.document(ConfigDocument(shown, hosts: hosts))])
        } else {
            console.write(text: hosts.map { Self.document($0, of: shown) }.joined(separator: "---\n"), to: .output)
        }
    }

    private static func document(_ host: HostName, of desired: Desired) -> String {
        "# host \(host)\n\(desired.composeFile(of: host).yamlText)"
    }
}

/// The same for machines: `hosts.NAME` holds a compose file.
struct ConfigDocument: Encodable {
    let format = 1
    let environment: String
    let application: String
    let hosts: [String: Tree]

    init(_ desired: Desired, hosts: [HostName]) {
        environment = desired.environment.text
        application = desired.application.text
        self.hosts = Dictionary(
            uniqueKeysWithValues: hosts.map { ($0.text, Tree(node: desired.composeFile(of: $0))) })
    }

    /// A YAML tree written as JSON.
    struct Tree: Encodable {
        let node: YAMLNode

        private struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        func encode(to encoder: any Encoder) throws {
            switch node.content {
            case .mapping(let entries):
                var container = encoder.container(keyedBy: Key.self)
                for entry in entries {
                    try container.encode(Self(node: entry.value), forKey: Key(stringValue: entry.key))
                }
            case .sequence(let items):
                var container = encoder.unkeyedContainer()
                for item in items { try container.encode(Self(node: item)) }
            default:
                var container = encoder.singleValueContainer()
                try encode(scalar: node.content, into: &container)
            }
        }

        private func encode(scalar: YAMLNode.Content, into container: inout any SingleValueEncodingContainer) throws {
            switch scalar {
            case .bool(let value): try container.encode(value)
            case .int(let value): try container.encode(value)
            case .float(let value): try container.encode(value)
            case .string(let value), .bigInt(let value): try container.encode(value)
            case .null, .mapping, .sequence: try container.encodeNil()
            }
        }
    }
}
