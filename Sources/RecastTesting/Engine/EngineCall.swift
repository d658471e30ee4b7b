import RecastModel

/// A request, as the engine's routes see it.
struct EngineCall: Sendable {
    let method: String
    /// Without the version prefix, decoded, split at the slashes.
    let segments: [String]
    let query: [String: String]
    let body: [UInt8]
    let contentType: String?
    /// The version that the path names.
    let api: APIVersion?

    init(_ call: HTTPCall) {
        let halves = call.target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var segments = percentDecoded(halves[0]).split(separator: "/").map(String.init)
        api = segments.first.flatMap(Self.version)
        if api != nil { segments.removeFirst() }
        self.segments = segments
        method = call.method
        query = Self.parameters(halves.count > 1 ? halves[1] : "")
        body = call.body
        contentType = call.header("Content-Type")
    }

    /// Method and path with `*` for the name, such as `POST /containers/*/start`.
    var route: String { method + " /" + shape.joined(separator: "/") }
    /// The name in the path, with the slashes that images have.
    var name: String {
        guard segments.count > 1 else { return "" }
        let isLong = segments.count > 2
        return segments[1..<(isLong ? segments.count - 1 : 2)].joined(separator: "/")
    }

    func flag(_ name: String) -> Bool { ["1", "true", "True"].contains(query[name] ?? "") }

    private static let collections: Set<String> = ["create", "json", "prune"]

    private var shape: [String] {
        guard segments.count > 1, let first = segments.first, let last = segments.last else { return segments }
        if segments.count == 2 { return Self.collections.contains(last) ? segments : [first, "*"] }
        return [first, "*", last]
    }

    private static func version(_ segment: String) -> APIVersion? {
        guard segment.hasPrefix("v") else { return nil }
        let parts = segment.dropFirst().split(separator: ".").map { Int($0) }
        guard parts.count == 2, let major = parts[0], let minor = parts[1] else { return nil }
        return APIVersion(major, minor)
    }

    private static func parameters(_ text: Substring) -> [String: String] {
        let pairs = text.split(separator: "&").map { pair in
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (
                percentDecoded(halves[0], plusIsSpace: true),
                halves.count > 1 ? percentDecoded(halves[1], plusIsSpace: true) : ""
            )
        }
        return Dictionary(pairs) { first, _ in first }
    }
}
