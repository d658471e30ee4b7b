import RecastModel
import RecastYAML

/// What an environment file says, its application apart.
struct EnvironmentFile {
    let name: EnvironmentName
    let hosts: [HostDefinition]
    let registries: [RegistryDefinition]
    /// Paths as reached from where the environment file was named.
    let manifests: [Located<String>]
    let variables: [String: Located<String>]
    let variableFiles: [FileReference]
    let pass: [Located<String>]
    let profiles: Set<String>
    let hooks: OperatorHooks
    let approval: ApprovalGate?
    let promotion: PromotionGates
    /// A compose fragment, not yet checked.
    let overrides: YAMLNode?
}

/// A file that another file names.
struct FileReference: Hashable {
    let path: String
    let place: Place
    var required = true
    /// `format: raw`: values are taken as they stand.
    var raw = false
}

extension Schema {
    static let environment = Object(
        honoured: [
            "name": .scalar,
            "after": .scalar,
            "manifests": .oneOrMany(of: nil),
            "hosts": .map(.object(host), Keys()),
            "registries": .map(.object(registry), Keys()),
            "variables": .pairs(Pairs(emptiesNulls: false)),
            "env_files": envFiles,
            "env_file": envFiles,
            "pass": .oneOrMany(of: nil),
            "profiles": .oneOrMany(of: nil),
            "hooks": .object(Object(honoured: ["before": programs, "after": programs])),
            "overrides": .anything,
            "gates": .object(gates),
        ],
        hints: [
            "registry": "registries", "services": "overrides: {services: …}", "manifest": "manifests", "host": "hosts",
            "environment": "variables", "override": "overrides", "env": "variables",
        ])

    private static let gates = Object.of(
        scalars: ["soak", "approval", "signers"],
        [
            "verify": .map(.words(.test), Keys()),
            "probe": .map(.object(.of(scalars: ["service"], Schema.probes)), Keys()),
            "freeze": .list(List(.object(.of(scalars: ["from", "until", "reason"])))),
        ])

    private static let programs = Shape.list(List(.words(.test), isDistinct: false))

    private static let host = Object.of(
        scalars: ["engine", "insecure"], ["labels": .pairs(Pairs()), "tls": .object(tls)],
        hints: ["address": "engine", "url": "engine", "label": "labels", "role": "labels: {role: …}"])

    static let tls = Object.of(
        scalars: ["ca", "cert", "key", "server-name"],
        hints: [
            "cacert": "ca", "tlscacert": "ca", "tlscert": "cert", "certificate": "cert", "tlskey": "key",
            "servername": "server-name", "server_name": "server-name",
        ])

    static let registry = Object.of(
        scalars: ["username"],
        ["secret": .object(.of(scalars: ["env", "file"], ["command": .oneOrMany(of: nil)]))],
        hints: [
            "user": "username", "password": "secret: {env: NAME}", "token": "secret: {env: NAME}",
        ])
}
