import RecastModel

/// `ssh://[user@]host[:port][/path][?via=libssh2|openssh]`.
struct SSHAddressParser {
    private let text: String
    /// Characters (Unicode scalars) before the part that is looked at.
    private var offset = "ssh://".count

    init(_ text: String) { self.text = text }

    mutating func parse() throws(GrammarError) -> SSHAddress {
        var rest = text.dropFirst(offset)
        let query = rest.firstIndex(of: "?")
        let words = query.map { rest[rest.index(after: $0)...] }
        rest = rest[..<(query ?? rest.endIndex)]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let path = rest[slash...]
        var authority = rest[..<slash]
        var user: String?
        if let mark = authority.lastIndex(of: "@") {
            user = try readUser(authority[..<mark])
            authority = authority[authority.index(after: mark)...]
        }
        guard let (host, port) = EngineAddressSyntax.split(authority), EngineAddressSyntax.isHost(host) else {
            throw error(
                "'\(authority)' is no host", over: authority,
                help: "write `ssh://user@host`, with `:port` if it must be, and an IPv6 address in brackets")
        }
        offset += authority.unicodeScalars.count
        let socket = try readSocket(path)
        offset += path.unicodeScalars.count + 1
        return SSHAddress(
            user: user, host: host.lowercased(), port: port, socket: socket, carrier: try words.map(readCarrier))
    }

    private mutating func readUser(_ encoded: Substring) throws(GrammarError) -> String {
        guard !encoded.contains(":") else {
            throw error(
                "an ssh address has no place for a password", over: encoded, help: "use a key, with an agent or without"
            )
        }
        let user = try decoded(encoded)
        // Programs would take a user that begins so for an option.
        guard let first = user.first, first != "-", !user.contains(where: { $0.isWhitespace || $0.isControl }) else {
            throw error("'\(user)' is no name of a user", over: encoded)
        }
        offset += encoded.unicodeScalars.count + 1
        return user
    }

    private func readSocket(_ encoded: Substring) throws(GrammarError) -> String {
        guard encoded.count > 1 else { return SSHAddress.usualSocket }
        let path = try decoded(encoded)
        guard !path.contains(where: \.isControl) else {
            throw error("a path cannot have control characters", over: encoded)
        }
        return try EngineAddressSyntax.socket(path, in: text)
    }

    private func readCarrier(_ query: Substring) throws(GrammarError) -> SSHAddress.Carrier {
        let known = SSHAddress.Carrier.allCases.map(\.rawValue)
        guard let value = String(query).dropping("via="), let carrier = SSHAddress.Carrier(rawValue: value) else {
            let near = String(query).dropping("via=").flatMap { nearest(to: $0, in: known) }
            throw error(
                "'?\(query)' means nothing here", over: query,
                help: near.map { "did you mean 'via=\($0)'?" }
                    ?? "write `?via=\(known.joined(separator: "` or `?via="))`")
        }
        return carrier
    }

    /// Takes `%2F` and the like for the byte that they stand for.
    private func decoded(_ encoded: Substring) throws(GrammarError) -> String {
        var bytes: [UInt8] = []
        var rest = Array(encoded.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.count == 2, digits.allSatisfy(\.isHexDigit), let value = UInt8(digits, radix: 16) else {
                throw error("'%\(digits)' stands for no character", over: encoded, help: "write a `%` as %25")
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw error("'\(encoded)' is no text", over: encoded)
        }
        return text
    }

    private func error(_ message: String, over part: Substring, help: String? = nil) -> GrammarError {
        GrammarError(message, at: offset, length: part.unicodeScalars.count, help: help)
    }
}

extension Character {
    fileprivate var isControl: Bool { unicodeScalars.contains { $0.properties.generalCategory == .control } }
}
