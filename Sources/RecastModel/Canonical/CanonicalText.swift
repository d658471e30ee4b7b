/// One spelling for values that an engine stores as they were typed.
package enum CanonicalText {
    /// `["a","b"]`, with quotes, backslashes and control characters escaped.
    package static func list(_ items: [String]) -> String {
        "[" + items.map(quoted).joined(separator: ",") + "]"
    }

    package static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        if isPlain { return "\"" + text + "\"" }
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20: result += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// `net_admin` → `CAP_NET_ADMIN`; `ALL` stays.
    package static func capability(_ text: String) -> String {
        let upper = text.uppercased()
        return upper == "ALL" || upper.hasPrefix("CAP_") ? upper : "CAP_" + upper
    }

    private static let signalNumbers = [
        "1": "HUP", "2": "INT", "3": "QUIT", "4": "ILL", "6": "ABRT", "9": "KILL", "10": "USR1", "12": "USR2",
        "14": "ALRM", "15": "TERM", "28": "WINCH",
    ]

    /// `15`, `term`, `SIGTERM` → `TERM`.
    package static func signal(_ text: String) -> String {
        let upper = text.uppercased()
        return signalNumbers[upper] ?? (upper.hasPrefix("SIG") ? String(upper.dropFirst(3)) : upper)
    }

    /// Go's `path.Clean`, which the engine applies: `/a//b/../c/` → `/a/c`.
    ///
    /// Empty stays empty.
    package static func path(_ text: String) -> String {
        guard !text.isEmpty else { return text }
        let isRooted = text.hasPrefix("/")
        var parts: [Substring] = []
        for part in text.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(part)
            } else if let last = parts.last, last != ".." {
                parts.removeLast()
            } else if !isRooted {
                parts.append(part)
            }
        }
        let joined = parts.joined(separator: "/")
        if isRooted { return "/" + joined }
        return joined.isEmpty ? "." : joined
    }

    /// `0-2,5` → `0,1,2,5`; text that is no list of numbers stays.
    package static func cpuSet(_ text: String) -> String {
        var members: Set<Int> = []
        for part in text.split(separator: ",") {
            let bounds = part.split(separator: "-", maxSplits: 1).map { Int($0) }
            guard let first = bounds.first ?? nil, let last = bounds.last ?? nil, first <= last, last < 4096 else {
                return text
            }
            members.formUnion(first...last)
        }
        return members.sorted().map(String.init).joined(separator: ",")
    }

    /// `k:v` and `k=v` are one, `no-new-privileges:true` is `no-new-privileges`; a seccomp profile stays as it is.
    package static func securityOption(_ text: String) -> String {
        if text.hasPrefix("seccomp=") { return text }
        let key = text.prefix { $0.isLowercase && $0.isASCII || $0 == "-" }
        guard !key.isEmpty, let mark = text[key.endIndex...].first, mark == ":" || mark == "=" else { return text }
        let canonical = key + "=" + text[key.endIndex...].dropFirst()
        return canonical == "no-new-privileges=true" ? "no-new-privileges" : String(canonical)
    }

    /// `90`, `91/TCP`, `9000-9002/tcp` as an image or an engine spells them → one `n/proto` for each port.
    package static func exposedPorts(_ spelling: String) -> [String] {
        let halves = spelling.split(separator: "/", maxSplits: 1)
        guard let range = halves.first else { return [] }
        let proto = halves.count == 2 ? halves[1].lowercased() : "tcp"
        let bounds = range.split(separator: "-", maxSplits: 1).map { Int($0) }
        guard let first = bounds.first ?? nil, let last = bounds.last ?? nil, first <= last, last <= 65535 else {
            return []
        }
        return (first...last).map { "\($0)/\(proto)" }
    }
}
