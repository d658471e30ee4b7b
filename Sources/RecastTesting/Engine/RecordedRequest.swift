/// A request that the engine got, whatever became of it.
package struct RecordedRequest: Hashable, Sendable, CustomStringConvertible {
    /// From 1.
    package let number: Int
    package let method: String
    /// Decoded, without the version prefix.
    package let path: String
    /// Such as `POST /containers/*/start`.
    package let route: String
    package let query: [String: String]
    package let body: JSON
    /// Such as `1.41`; `nil` where the path named none.
    package let api: String?

    package var isMutating: Bool { method != "GET" && method != "HEAD" }
    /// Such as `POST /containers/web/start`.
    package var description: String { "\(method) \(path)" }

    init(_ call: EngineCall, number: Int) {
        self.number = number
        method = call.method
        path = "/" + call.segments.joined(separator: "/")
        route = call.route
        query = call.query
        body = (try? JSON(parsing: call.body)) ?? .null
        api = call.api.map { "\($0)" }
    }
}
