/// The values of the `%` tokens, as the section TOKENS of ssh_config(5) names them.
///
/// `%C` and `%j` are not offered; a text with an unknown token cannot be expanded.
struct Tokens {
    /// What the connection to a host makes of them.
    struct Connection: Hashable {
        let alias: String
        let host: String
        let port: Int
        let user: String
        let hostKeyAlias: String?
    }
    let connection: Connection
    let local: LocalUser
    let variable: (String) -> String?

    /// Expands `~`, tokens and `${VARIABLE}` in the path of a file; nil when a token or variable is unknown.
    func path(_ text: String) -> String? {
        guard let expanded = expand(text, allowed: Set("dhiklLnpru%"), variables: true) else { return nil }
        return expandTilde(expanded)
    }

    /// Expands the tokens of a `ProxyCommand`: `%h`, `%n`, `%p`, `%r` and `%%`; nil when another one is used.
    func command(_ text: String) -> String? {
        expand(text, allowed: Set("hnpr%"), variables: false)
    }

    private func expandTilde(_ path: String) -> String {
        path == "~" || path.hasPrefix("~/") ? local.home + path.dropFirst() : path
    }

    private func expand(_ text: String, allowed: Set<Character>, variables: Bool) -> String? {
        var result = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            if character == "%" {
                guard let letter = rest.popFirst(), allowed.contains(letter), let value = value(letter) else {
                    return nil
                }
                result += value
            } else if variables, character == "$", rest.first == "{" {
                guard let end = rest.firstIndex(of: "}"), let value = variable(String(rest[..<end].dropFirst())) else {
                    return nil
                }
                result += value
                rest = rest[rest.index(after: end)...]
            } else {
                result.append(character)
            }
        }
        return result
    }

    private func value(_ letter: Character) -> String? {
        switch letter {
        case "%": "%"
        case "d": local.home
        case "h": connection.host
        case "i": String(local.id)
        case "k": connection.hostKeyAlias ?? connection.alias
        case "l": local.machine
        case "L": String(local.machine.prefix { $0 != "." })
        case "n": connection.alias
        case "p": String(connection.port)
        case "r": connection.user
        case "u": local.name
        default: nil
        }
    }
}
