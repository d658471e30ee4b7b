import SSHAddressing

extension SSHSettings {
    /// Reads the answer of `ssh -G`: a lower-case keyword and its value in each line.
    ///
    /// - Throws: ``SSHSettingsError``.
    init(
        alias: String, answer: String, local: LocalUser, variable: @escaping (String) -> String?
    ) throws(SSHSettingsError) {
        let values = Values(alias: alias, answer)
        let connection = Tokens.Connection(
            alias: alias, host: try values.text("hostname"), port: try values.port(), user: try values.text("user"),
            hostKeyAlias: values.first("hostkeyalias"))
        let tokens = Tokens(connection: connection, local: local, variable: variable)
        self.alias = alias
        host = connection.host
        port = connection.port
        user = connection.user
        identityFiles = values.all("identityfile").filter { $0 != "none" }.compactMap(tokens.path)
        certificateFiles = values.all("certificatefile").filter { $0 != "none" }.compactMap(tokens.path)
        identitiesOnly = values.first("identitiesonly").map(Values.isOn) ?? false
        agent = Agent(values.first("identityagent"), tokens: tokens)
        userKnownHostsFiles = values.paths("userknownhostsfile").compactMap(tokens.path)
        globalKnownHostsFiles = values.paths("globalknownhostsfile").compactMap(tokens.path)
        hashKnownHosts = values.first("hashknownhosts").map(Values.isOn) ?? false
        hostKeyAlias = connection.hostKeyAlias
        hostKeyPolicy = HostKeyPolicy(values.first("stricthostkeychecking") ?? "ask")
        hostKeyAlgorithms = values.first("hostkeyalgorithms")?.split(separator: ",").map(String.init) ?? []
        proxy = try Proxy(values, tokens: tokens)
        connectTimeout = values.positive("connecttimeout")
        serverAliveInterval = values.positive("serveraliveinterval")
        serverAliveCountMax = values.positive("serveralivecountmax") ?? 3
    }
}

/// The lines of an answer.
private struct Values {
    private let alias: String
    private let lines: [String: [String]]

    init(alias: String, _ answer: String) {
        self.alias = alias
        var lines: [String: [String]] = [:]
        for line in answer.split(whereSeparator: \.isNewline) {
            guard let space = line.firstIndex(of: " ") else { continue }
            lines[String(line[..<space]), default: []].append(String(line[line.index(after: space)...]))
        }
        self.lines = lines
    }

    func all(_ keyword: String) -> [String] { lines[keyword] ?? [] }
    func first(_ keyword: String) -> String? { lines[keyword]?.first }
    func positive(_ keyword: String) -> Int? { first(keyword).flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } }

    func text(_ keyword: String) throws(SSHSettingsError) -> String {
        guard let value = first(keyword), !value.isEmpty else { throw unreadable(keyword) }
        return value
    }

    func port() throws(SSHSettingsError) -> Int {
        guard let port = positive("port"), port <= 65_535 else { throw unreadable("port") }
        return port
    }

    func unreadable(_ keyword: String) -> SSHSettingsError {
        SSHSettingsError(host: alias, problem: .unreadable(keyword))
    }

    func invalidJump(_ jump: Substring, _ problem: SSHAddressError.Problem) -> SSHSettingsError {
        SSHSettingsError(host: alias, problem: .jump(String(jump), problem))
    }

    /// Splits a list of paths, which `ssh -G` writes without quotes.
    ///
    /// A path may hold spaces; the next one is taken to begin where a `/` or `~` follows a space.
    func paths(_ keyword: String) -> [String] {
        var paths: [String] = []
        for word in first(keyword)?.split(separator: " ", omittingEmptySubsequences: false) ?? [] {
            if let last = paths.last, !word.hasPrefix("/"), !word.hasPrefix("~") {
                paths[paths.count - 1] = last + " " + word
            } else {
                paths.append(String(word))
            }
        }
        return paths.filter { $0 != "none" && !$0.isEmpty }
    }

    static func isOn(_ value: String) -> Bool { value == "yes" || value == "true" }
}

extension SSHSettings.HostKeyPolicy {
    /// `ssh -G` writes `yes` as `true`, and `no` and `off` as `false`.
    fileprivate init(_ value: String) {
        switch value {
        case "accept-new", "no", "off", "false": self = .acceptNew
        default: self = .refuse
        }
    }
}

extension SSHSettings.Agent {
    fileprivate init(_ value: String?, tokens: Tokens) {
        let path: String?
        switch value {
        case nil, "SSH_AUTH_SOCK": path = tokens.variable("SSH_AUTH_SOCK")
        case "none": path = nil
        case .some(let name) where name.hasPrefix("$") && !name.hasPrefix("${"):
            path = tokens.variable(String(name.dropFirst()))
        case .some(let text): path = tokens.path(text)
        }
        self = path.flatMap { $0.isEmpty ? nil : .socket($0) } ?? .none
    }
}

extension SSHSettings.Proxy {
    fileprivate init(_ values: Values, tokens: Tokens) throws(SSHSettingsError) {
        if let list = values.first("proxyjump"), list != "none" {
            var jumps: [SSHAddress] = []
            for jump in list.split(separator: ",") {
                do throws(SSHAddressError.Problem) {
                    jumps.append(try SSHAddress.parseJump(jump))
                } catch {
                    throw values.invalidJump(jump, error)
                }
            }
            self = jumps.isEmpty ? .none : .jumps(jumps)
        } else if let text = values.first("proxycommand"), text != "none" {
            guard let command = tokens.command(text) else { throw values.unreadable("proxycommand") }
            self = .command(command)
        } else {
            self = .none
        }
    }
}
