import RecastModel
import RecastYAML

/// Reads `hosts:` of an environment and checks that every engine can be reached safely and only once.
struct HostReader {
    private(set) var hosts: [HostDefinition] = []
    private(set) var report = Report(domain: .environment)
    private let file: String
    private let secretFiles: SecretFiles
    private var endpoints: [EngineAddress: HostDefinition] = [:]

    /// `file`: the environment's, which the paths under `tls:` are relative to.
    init(file: String, secretFiles: SecretFiles) {
        self.file = file
        self.secretFiles = secretFiles
    }

    mutating func read(_ field: Field?, of root: Field) {
        for entry in field?.entries ?? [] { readHost(entry) }
        guard field?.entries.isEmpty ?? true else { return }
        report.error(
            .noHosts, "an environment needs at least one host", at: field?.keyPlace ?? root.place,
            help: "add `hosts: {NAME: {engine: \"unix:///var/run/docker.sock\"}}`")
    }

    private mutating func readHost(_ field: Field) {
        if !field.key.isServiceName {
            report.error(
                .badName, "a host cannot be called '\(field.key)'", at: field.keyPlace,
                help: "use letters, digits, `.`, `-` and `_`, a letter or digit first")
        }
        guard let engine = field["engine"] else {
            report.error(
                .missingKey, "the host '\(field.key)' has no engine", at: field.keyPlace,
                help: "add `engine: \"unix:///var/run/docker.sock\"` or `engine: \"ssh://user@host\"`")
            return
        }
        let host = HostDefinition(
            name: HostName(field.key), engine: report.word(engine) ?? "", tls: readTLS(field["tls"]),
            insecure: report.bool(field["insecure"]) ?? false, labels: report.texts(field["labels"]),
            position: field.keyPlace.position)
        hosts.append(host)
        guard !host.engine.isEmpty else { return }
        let parsed = report.parsed(engine.node, .badEngine) { () throws(GrammarError) in
            try EngineAddressSyntax.parse(host.engine)
        }
        guard let parsed else { return }
        check(parsed, of: host, engine, field)
        checkUniqueness(parsed, of: host, at: engine)
    }

    // MARK: Safety

    private mutating func check(
        _ address: EngineAddress, of host: HostDefinition, _ engine: Field, _ field: Field
    ) {
        switch address {
        case .tcp(let name, let port): checkTCP(name, port, of: host, engine, field)
        case .unix, .ssh, .context:
            if let tls = field["tls"] {
                report.error(
                    .conflict, "'\(host.engine)' takes no `tls`", at: tls.keyPlace,
                    help: "`tls` is for `tcp://` addresses; remove it")
            }
            if case .context = address, host.insecure {
                report.warn(
                    .insecureEngine, "'\(host.name)' may be plain TCP: anyone on the way could take over the host",
                    at: field["insecure"]?.place ?? engine.place)
            }
        }
    }

    private mutating func checkTCP(
        _ name: String, _ port: Int?, of host: HostDefinition, _ engine: Field, _ field: Field
    ) {
        if host.tls != nil {
            guard host.insecure, let insecure = field["insecure"] else { return }
            report.error(
                .conflict, "'\(host.name)' has `tls` and `insecure`: what TLS checks cannot be left out",
                at: insecure.keyPlace, help: "remove one of them")
            return
        }
        if port == nil {
            report.error(
                .badEngine, "'\(host.engine)' does not name a port", at: engine.place,
                help:
                    "write `tcp://host:2375`; only with `tls` it is \(EngineAddressSyntax.securePort) unless it says another"
            )
        }
        guard !EngineAddressSyntax.isLoopback(name) else { return }
        if host.insecure {
            report.warn(
                .insecureEngine, "plain TCP to '\(name)' lets anyone on the way take over the host",
                at: field["insecure"]?.place ?? engine.place, help: "use `tls`, or `ssh://`")
        } else {
            report.error(
                .insecureEngine, "plain TCP to '\(name)' lets anyone on the way take over the host",
                at: engine.place,
                help: "use `tls` or `ssh://`, or say `insecure: true` for a network you trust")
        }
    }

    // MARK: TLS

    private mutating func readTLS(_ field: Field?) -> TLSFiles? {
        guard let field else { return nil }
        let key = path(field["key"])
        if let key, let place = field["key"]?.place { report.checkSecrecy(of: key, in: secretFiles, at: place) }
        let files = TLSFiles(
            authority: path(field["ca"]), certificate: path(field["cert"]), key: key,
            serverName: serverName(field["server-name"]))
        for (one, other) in [("cert", "key"), ("key", "cert")] {
            guard let present = field[one], field[other] == nil else { continue }
            report.error(
                .missingKey, "'\(one)' is of no use without '\(other)'", at: present.keyPlace,
                help: "add `\(other):`, or remove `\(one):`")
        }
        return files
    }

    private mutating func path(_ field: Field?) -> String? {
        guard let field, let text = report.word(field) else { return nil }
        if text.hasPrefix("~") {
            report.error(
                .badValue, "'~' is not your home here", at: field.place,
                help: "write the whole path, or one relative to this file")
        }
        return FilePath.resolve(text, besides: file)
    }

    private mutating func serverName(_ field: Field?) -> String? {
        guard let field, let text = report.word(field) else { return nil }
        guard text.isServiceName, IPAddress(text) == nil else {
            report.badValue(
                field, "is '\(text)', which is no host name", help: "an IP address is checked when `engine` has it")
            return nil
        }
        return text.lowercased()
    }

    // MARK: Uniqueness

    private mutating func checkUniqueness(_ address: EngineAddress, of host: HostDefinition, at field: Field) {
        guard let other = endpoints.updateValue(host, forKey: identity(of: address, of: host)) else { return }
        report.error(
            .duplicateEngine, "'\(host.name)' and '\(other.name)' are the same engine", at: field.place,
            notes: [.init("'\(other.name)' is declared here", at: other.position)])
    }

    /// The same for every way to write one engine.
    private func identity(of address: EngineAddress, of host: HostDefinition) -> EngineAddress {
        switch address {
        case .tcp(let name, let port): .tcp(host: name, port: port ?? EngineAddressSyntax.securePort)
        case .ssh(let ssh): .ssh(SSHAddress(host: ssh.host, port: ssh.port ?? 22, socket: ssh.socket))
        case .context("default"): .unix(path: SSHAddress.usualSocket)
        case .unix, .context: address
        }
    }
}

extension StringProtocol {
    /// The rest behind a prefix; `nil` without it.
    func dropping(_ prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
