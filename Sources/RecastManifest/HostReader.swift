import RecastModel
import RecastYAML

/// Reads `hosts:` of an environment and checks that every engine can be reached safely and only once.
struct HostReader {
    private(set) var hosts: [HostDefinition] = []
    private(set) var report = Report(domain: .environment)
    private var endpoints: [Endpoint: HostDefinition] = [:]

    private enum Endpoint: Hashable {
        case socket(String)
        case tcp(host: String, port: Int)
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
                help: "add `engine: \"unix:///var/run/docker.sock\"` or `engine: \"tcp://HOST:PORT\"`")
            return
        }
        let host = HostDefinition(
            name: HostName(field.key), engine: report.word(engine) ?? "",
            insecure: report.bool(field["insecure"]) ?? false, labels: report.texts(field["labels"]),
            position: field.keyPlace.position)
        hosts.append(host)
        if !host.engine.isEmpty { checkEngine(of: host, at: engine) }
    }

    private mutating func checkEngine(of host: HostDefinition, at field: Field) {
        guard let endpoint = endpoint(host.engine, at: field) else { return }
        if case .tcp(let address, _) = endpoint, !host.insecure, !isLoopback(address) {
            report.error(
                .insecureEngine, "plain TCP to '\(address)' lets anyone on the way take over the host", at: field.place,
                help: "use a unix socket, or say `insecure: true` for a network you trust")
        }
        if let other = endpoints.updateValue(host, forKey: endpoint) {
            report.error(
                .duplicateEngine, "'\(host.name)' and '\(other.name)' are the same engine", at: field.place,
                notes: [.init("'\(other.name)' is declared here", at: other.position)])
        }
    }

    private mutating func endpoint(_ engine: String, at field: Field) -> Endpoint? {
        if let path = engine.dropping("unix://") { return socket(path, at: field) }
        if let address = engine.dropping("tcp://") { return tcp(address, at: field) }
        for scheme in ["ssh://", "context:"] where engine.hasPrefix(scheme) {
            report.error(
                .unsupportedEngine, "'\(scheme)' engines are not supported yet", at: field.place,
                help: "use `unix:///path` or `tcp://host:port`")
            return nil
        }
        report.error(
            .badEngine, "'\(engine)' is no engine address", at: field.place,
            help: engine.hasPrefix("/")
                ? "did you mean 'unix://\(engine)'?" : "use `unix:///path` or `tcp://host:port`")
        return nil
    }

    private mutating func socket(_ path: String, at field: Field) -> Endpoint? {
        guard FilePath.isAbsolute(path), path.count > 1 else {
            report.error(
                .badEngine, "a socket needs an absolute path", at: field.place,
                help: "write `unix:///var/run/docker.sock`, with three slashes")
            return nil
        }
        return .socket(FilePath.clean(path))
    }

    private mutating func tcp(_ text: String, at field: Field) -> Endpoint? {
        let colon = text.lastIndex(of: ":") ?? text.endIndex
        let host = text[..<colon].trimmingBrackets
        let port = colon < text.endIndex ? Int(text[text.index(after: colon)...]) : nil
        guard !host.isEmpty, let port, (1...65535).contains(port), isHost(host) else {
            report.error(
                .badEngine, "'tcp://\(text)' does not name a host and a port", at: field.place,
                help: "write `tcp://host:2375`, and an IPv6 address in brackets")
            return nil
        }
        return .tcp(host: host.lowercased(), port: port)
    }

    private func isHost(_ text: String) -> Bool {
        IPAddress(text) != nil || (text.isServiceName && !text.hasSuffix("."))
    }

    private func isLoopback(_ host: String) -> Bool {
        host == "localhost" || IPAddress(host)?.isLoopback ?? false
    }
}

extension StringProtocol {
    /// The rest behind a prefix; `nil` without it.
    func dropping(_ prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }

    fileprivate var trimmingBrackets: String {
        hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : String(self)
    }
}
