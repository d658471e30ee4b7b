import SSHAddressing

/// The addresses of engines: `unix:///path`, `tcp://host[:port]`, `ssh://[user@]host[:port][/path][?via=CARRIER]` and
/// `context:NAME`.
package enum EngineAddressSyntax {
    /// The ports of dockerd, without TLS and with it.
    package static let plainPort = 2375
    package static let securePort = 2376

    package static func parse(_ text: String) throws(GrammarError) -> EngineAddress {
        if let path = text.dropping("unix://") { return .unix(path: try socket(path, in: text)) }
        if let rest = text.dropping("tcp://") { return try tcp(rest, in: text) }
        if text.hasPrefix("ssh://") { return .ssh(try ssh(text)) }
        if let name = text.dropping("context:") { return try context(name) }
        throw GrammarError(
            "'\(text)' is no engine address", over: whole(text),
            help: text.hasPrefix("/")
                ? "did you mean 'unix://\(text)'?"
                : "use `unix:///path`, `tcp://host:port`, `ssh://user@host` or `context:NAME`")
    }

    /// The longest path that a socket's address has room for.
    private static let longestPath = 107

    static func socket(_ path: String, in text: String) throws(GrammarError) -> String {
        guard FilePath.isAbsolute(path), path.count > 1 else {
            throw GrammarError(
                "a socket needs an absolute path", over: whole(text),
                help: "write `unix:///var/run/docker.sock`, with three slashes")
        }
        let cleaned = FilePath.clean(path)
        guard cleaned.utf8.count <= longestPath else {
            throw GrammarError("the path of a socket has at most \(longestPath) bytes", over: whole(text))
        }
        return cleaned
    }

    private static func tcp(_ rest: String, in text: String) throws(GrammarError) -> EngineAddress {
        let authority = rest.hasSuffix("/") ? rest.dropLast() : rest[...]
        guard let (host, port) = split(authority), isHost(host) else {
            throw GrammarError(
                "'\(text)' does not name a host and a port", over: whole(text),
                help: "write `tcp://host:2376`, and an IPv6 address in brackets")
        }
        return .tcp(host: host.lowercased(), port: port)
    }

    private static func ssh(_ text: String) throws(GrammarError) -> SSHAddress {
        do {
            return try SSHAddress(text)
        } catch {
            throw GrammarError(
                error.description, over: whole(text),
                help: "write `ssh://user@host`, with `:port` if it must be, and an IPv6 address in brackets")
        }
    }

    private static func context(_ name: String) throws(GrammarError) -> EngineAddress {
        guard let first = name.first, first.isASCIILetter || first.isASCIIDigit,
            name.allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit || "_.+-".contains($0) })
        else {
            throw GrammarError(
                "a context cannot be called '\(name)'", at: "context:".count, length: name.unicodeScalars.count,
                help: "`docker context ls` shows their names")
        }
        return .context(name: name)
    }

    /// `host[:port]`, an IPv6 address in brackets; `nil` when it is neither.
    static func split(_ authority: Substring) -> (host: String, port: Int?)? {
        var host = authority
        var port: Substring?
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            host = authority[authority.index(after: authority.startIndex)..<end]
            guard host.contains(":") else { return nil }
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        guard let port else { return (String(host), nil) }
        guard port.allSatisfy(\.isASCIIDigit), let number = Int(port), (1...65535).contains(number) else { return nil }
        return (String(host), number)
    }

    /// A name begins with a letter or digit, so that no program takes it for an option.
    static func isHost(_ text: String) -> Bool {
        IPAddress(text) != nil || (text.isServiceName && !text.hasSuffix("."))
    }

    /// Nobody on another machine can listen in.
    package static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || IPAddress(host)?.isLoopback ?? false
    }

    private static func whole(_ text: String) -> Range<Int> { 0..<text.unicodeScalars.count }
}
