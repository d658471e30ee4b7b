package import RecastModel

/// What is asked of a container over HTTP: `8080/path`, `:8080/path` or `http://localhost:8080/path`.
///
/// The path is `/` unless one is written.
package enum HTTPProbeSyntax {
    private static let plainPort = 80

    package static func parse(_ text: String) throws(GrammarError) -> Probe {
        let scalars = Array(text.unicodeScalars)
        let start = try authorityStart(of: text)
        let slash = scalars[start...].firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? scalars.endIndex
        let authority = scalars[start..<slash]
        let port =
            start > 0 ? try urlPort(authority) : try port(authority.first == ":" ? authority.dropFirst() : authority)
        return .http(port: port, path: slash < scalars.endIndex ? try path(scalars[slash...]) : "/")
    }

    /// The path with what follows a `?`; it begins with a slash and holds nothing that would end the line it is sent in.
    static func path(_ scalars: ArraySlice<Unicode.Scalar>) throws(GrammarError) -> String {
        guard scalars.first == "/" else {
            throw GrammarError(
                "a path begins with a slash", at: scalars.startIndex,
                help: "write /\(scalars.first == "?" ? "" : scalars.text)")
        }
        let wrong = scalars.firstIndex { $0 == "#" || !("!"..."~").contains($0) }
        if let wrong {
            throw GrammarError(
                "'\(scalars[wrong])' cannot stand in a path", at: wrong,
                help: scalars[wrong] == "#" ? "remove it and what follows" : "write it as %XX")
        }
        return scalars.text
    }

    /// What follows `http://`, or the text itself.
    private static func authorityStart(of text: String) throws(GrammarError) -> Int {
        if text.lowercased().hasPrefix("http://") { return "http://".count }
        guard let range = text.firstRange(of: "://") else { return 0 }
        let scheme = text[..<range.lowerBound]
        throw GrammarError(
            "'\(scheme)' is not asked", over: 0..<scheme.unicodeScalars.count,
            help: "write http://localhost:PORT/PATH, or let a program of the image ask: `exec: …`")
    }

    /// The port of `localhost:8080`: there is only the container itself to ask.
    private static func urlPort(_ authority: ArraySlice<Unicode.Scalar>) throws(GrammarError) -> Int {
        guard let (host, number) = EngineAddressSyntax.split(Substring(authority.text)) else {
            throw GrammarError("'\(authority.text)' is no host and port", over: authority.indices, help: advice)
        }
        guard EngineAddressSyntax.isLoopback(host) else {
            throw GrammarError(
                "'\(host)' is another machine: the container is asked from inside it", over: authority.indices,
                help: advice)
        }
        return number ?? plainPort
    }

    private static let advice = "write http://localhost:PORT/PATH"

    private static func port(_ scalars: ArraySlice<Unicode.Scalar>) throws(GrammarError) -> Int {
        guard !scalars.isEmpty, scalars.allSatisfy(\.isASCIIDigit), let number = Int(scalars.text),
            (1...65535).contains(number)
        else {
            throw GrammarError(
                scalars.isEmpty ? "a port number is missing" : "'\(scalars.text)' is no port number",
                over: scalars.indices, help: "write PORT/PATH, such as 8080/health")
        }
        return number
    }
}
