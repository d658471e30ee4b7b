/// Where an engine listens.
package enum EngineEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// An absolute path of at most 107 bytes.
    case unix(path: String)
    case tcp(host: String, port: Int)

    /// Reads `unix:///path` and `tcp://host[:port]`; the port defaults to 2375.
    package init?(_ text: String) {
        if text.hasPrefix("unix://") {
            let path = String(text.dropFirst("unix://".count))
            guard path.hasPrefix("/"), path.utf8.count <= 107 else { return nil }
            self = .unix(path: path)
        } else if text.hasPrefix("tcp://") {
            guard let endpoint = Self.tcp(authority: text.dropFirst("tcp://".count)) else { return nil }
            self = endpoint
        } else {
            return nil
        }
    }

    private static func tcp(authority: Substring) -> Self? {
        let authority = authority.hasSuffix("/") ? authority.dropLast() : authority
        if authority.hasPrefix("["), let close = authority.firstIndex(of: "]") {
            let host = authority[authority.index(after: authority.startIndex)..<close]
            let rest = authority[authority.index(after: close)...]
            guard !host.isEmpty, host.allSatisfy({ $0.isHexDigit || ":.%".contains($0) }) else { return nil }
            return port(in: rest).map { .tcp(host: String(host), port: $0) }
        }
        let colon = authority.firstIndex(of: ":") ?? authority.endIndex
        let host = authority[..<colon]
        guard !host.isEmpty, host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || ".-_".contains($0)) })
        else {
            return nil
        }
        return port(in: authority[colon...]).map { .tcp(host: String(host), port: $0) }
    }

    private static func port(in text: Substring) -> Int? {
        if text.isEmpty { return 2375 }
        guard text.first == ":", text.dropFirst().allSatisfy(\.isNumber), let port = Int(text.dropFirst()),
            (1...65535).contains(port)
        else { return nil }
        return port
    }

    package var description: String {
        switch self {
        case .unix(let path): "unix://\(path)"
        case .tcp(let host, let port): "tcp://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        }
    }

    /// What a request's URL starts with.
    var baseURL: String {
        switch self {
        case .unix(let path): "http+unix://\(percentEncoded(path))"
        case .tcp(let host, let port): "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        }
    }
}

/// RFC 3986: everything but unreserved characters is encoded.
func percentEncoded(_ text: some StringProtocol) -> String {
    var encoded = ""
    for byte in text.utf8 {
        let scalar = Unicode.Scalar(byte)
        let isUnreserved =
            byte < 128
            && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                || "-._~".unicodeScalars.contains(scalar))
        if isUnreserved {
            encoded.unicodeScalars.append(scalar)
        } else {
            let digits = String(byte, radix: 16, uppercase: true)
            encoded += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
        }
    }
    return encoded
}
