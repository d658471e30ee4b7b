/// Where an engine listens.
package enum EngineEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// An absolute path of at most 107 bytes.
    case unix(path: String)
    case tcp(host: String, port: Int)

    case tls(host: String, port: Int, EngineTLS)

    package var description: String {
        switch self {
        case .unix(let path): "unix://\(path)"
        case .tcp(let host, let port), .tls(let host, let port, _): "tcp://\(Self.authority(host, port))"
        }
    }

    /// What a request's URL starts with.
    var baseURL: String {
        switch self {
        case .unix(let path): "http+unix://\(percentEncoded(path))"
        case .tcp(let host, let port): "http://\(Self.authority(host, port))"
        case .tls(let host, let port, let tls): "https://\(Self.authority(tls.serverName ?? host, port))"
        }
    }

    private static func authority(_ host: String, _ port: Int) -> String {
        "\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
}

/// What stands behind a local endpoint whose connections end elsewhere.
package struct EngineTunnel: Sendable {
    /// What the far end is called.
    package let name: String
    /// Why connections fail at present, in a sentence; `nil` while the tunnel knows of nothing.
    package let failure: @Sendable () -> String?

    package init(name: String, failure: @escaping @Sendable () -> String?) {
        self.name = name
        self.failure = failure
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
