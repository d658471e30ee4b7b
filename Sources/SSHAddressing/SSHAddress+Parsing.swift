extension SSHAddress {
    static func parse(_ text: String) throws(SSHAddressError.Problem) -> SSHAddress {
        guard text.hasPrefix("ssh://") else { throw .scheme }
        guard !text.contains("#") else { throw .fragment }
        let (location, query) = split(text.dropFirst(6), at: "?")
        let pathStart = location.firstIndex(of: "/") ?? location.endIndex
        var authority = location[..<pathStart]
        var user: String?
        if let separator = authority.lastIndex(of: "@") {
            user = try parseUser(authority[..<separator])
            authority = authority[authority.index(after: separator)...]
        }
        let (host, port) = try parseHost(authority)
        return SSHAddress(
            user: user, host: host, port: port, socketPath: try parseSocketPath(location[pathStart...]),
            transport: try parseTransport(query))
    }

    /// Reads one stop of a `ProxyJump` list: `[user@]host[:port]` or `ssh://[user@]host[:port]`.
    package static func parseJump(_ text: Substring) throws(SSHAddressError.Problem) -> SSHAddress {
        let bare = text.hasPrefix("ssh://") ? text.dropFirst(6) : text
        let user: String?
        if let separator = bare.lastIndex(of: "@") {
            // A jump's user is not percent-encoded and may hold an '@' of its own.
            user = String(bare[..<separator])
            if let user { try checkWord(user, forbidden: userForbidden) { .user($0) } }
        } else {
            user = nil
        }
        let start = bare.lastIndex(of: "@").map { bare.index(after: $0) } ?? bare.startIndex
        let (host, port) = try parseHost(bare[start...].prefix { $0 != "/" })
        return SSHAddress(user: user, host: host, port: port)
    }

    private static func parseUser(_ text: Substring) throws(SSHAddressError.Problem) -> String {
        guard !text.contains(":") else { throw .password }
        let user = try percentDecoded(text)
        try checkWord(user, forbidden: userForbidden) { .user($0) }
        return user
    }

    private static func parseHost(_ authority: Substring) throws(SSHAddressError.Problem) -> (String, Int?) {
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { throw .host("has a '[' without ']'") }
            let host = try percentDecoded(authority[authority.index(after: authority.startIndex)..<end])
            let address = host.prefix { $0 != "%" }
            // `ssh -G` puts IPv4 addresses of jumps into brackets as well.
            guard address.contains(where: ":.".contains), address.allSatisfy({ $0.isHexDigit || ":.".contains($0) })
            else {
                throw .host("in brackets is no IP address")
            }
            try checkWord(host, forbidden: hostForbidden) { .host($0) }
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { throw .host("has text after ']'") }
            return (host, rest.isEmpty ? nil : try parsePort(rest.dropFirst()))
        }
        let (name, port) = split(authority, at: ":")
        let host = try percentDecoded(name)
        guard !host.contains(":"), port?.contains(":") != true else {
            throw .host("is an IPv6 address without brackets")
        }
        try checkWord(host, forbidden: hostForbidden) { .host($0) }
        return (host, try port.map { (port) throws(SSHAddressError.Problem) in try parsePort(port) })
    }

    private static func parsePort(_ text: Substring) throws(SSHAddressError.Problem) -> Int {
        guard text.allSatisfy({ $0.isASCII && $0.isNumber }), let port = Int(text), (1...65535).contains(port) else {
            throw .port(String(text))
        }
        return port
    }

    /// `sun_path` holds 107 bytes; the forwarding option of `ssh` expands `${` and has no way to write it literally.
    private static func parseSocketPath(_ text: Substring) throws(SSHAddressError.Problem) -> String {
        let path = try percentDecoded(text)
        guard path != "", path != "/" else { return defaultSocketPath }
        guard path.utf8.count <= 107 else { throw .socketPath("is longer than 107 bytes") }
        guard !path.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw .socketPath("holds a control character")
        }
        guard !path.contains("${") else { throw .socketPath("may not hold '${'") }
        return path
    }

    private static func parseTransport(_ query: Substring?) throws(SSHAddressError.Problem) -> Transport? {
        guard let query else { return nil }
        let (name, value) = split(query, at: "=")
        guard name == "via", let value, let transport = Transport(rawValue: String(value)) else {
            throw .query(String(query))
        }
        return transport
    }

    private static func split(_ text: Substring, at separator: Character) -> (Substring, Substring?) {
        guard let place = text.firstIndex(of: separator) else { return (text, nil) }
        return (text[..<place], text[text.index(after: place)...])
    }

    private static func percentDecoded(_ text: Substring) throws(SSHAddressError.Problem) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, let code = String(digits), !code.hasPrefix("+"), !code.hasPrefix("-"),
                let decoded = UInt8(code, radix: 16)
            else { throw .percentEncoding }
            bytes.append(decoded)
            rest = rest.dropFirst(2)
        }
        guard let result = String(validating: bytes, as: UTF8.self) else { throw .percentEncoding }
        return result
    }

    private static let hostForbidden = "'`\"$\\;&<>|(){}@/"
    private static let userForbidden = "'`\";&<>|(){}"

    private static func checkWord(
        _ word: String, forbidden: String, _ problem: (String) -> SSHAddressError.Problem
    ) throws(SSHAddressError.Problem) {
        guard !word.isEmpty else { throw problem("is empty") }
        guard word.first != "-" else { throw problem("begins with '-'") }
        guard word.last != "\\" else { throw problem("ends with a backslash") }
        for scalar in word.unicodeScalars {
            let category = scalar.properties.generalCategory
            guard !scalar.properties.isWhitespace, category != .control, category != .format else {
                throw problem("holds white space or a control character")
            }
            guard !forbidden.unicodeScalars.contains(scalar) else { throw problem("holds '\(scalar)'") }
        }
    }
}
