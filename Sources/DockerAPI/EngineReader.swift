/// Reads one engine.
///
/// It has no way to change anything: a plan is made with this type alone.
package struct EngineReader: Sendable {
    let transport: EngineTransport
    package let facts: EngineVersion
    /// The API version that every request names.
    package let api: EngineAPIVersion

    /// Agrees on an API version: the highest that both sides speak, never below the daemon's own minimum.
    ///
    /// What goes wrong with TLS is looked into, so that the error says whose certificate it is about and why.
    ///
    /// - Throws: `EngineError` with `versionMismatch` when the engine is older than API 1.41 (Docker 20.10), or so new
    ///   that it dropped every version known here.
    package static func connect(
        to endpoint: EngineEndpoint, behind tunnel: EngineTunnel? = nil, over network: EngineNetwork,
        timeout: Duration = .seconds(10)
    ) async throws -> Self {
        var transport = EngineTransport(
            http: try network.client(for: endpoint), endpoint: endpoint, tunnel: tunnel,
            longestCall: network.longestCall)
        let facts: EngineVersion
        do {
            facts = try await transport.json(.init(.get, "/version", timeout: timeout, largest: 1 << 20))
        } catch let error as EngineError {
            throw try await TLSDiagnosis(endpoint)?.explained(error) ?? error
        }
        let api = try EngineAPIVersion.agreed(with: facts)
        transport.versionPrefix = "/v\(api)"
        return Self(transport: transport, facts: facts, api: api)
    }
}

/// Reads and changes one engine.
package struct EngineClient: Sendable {
    package let reader: EngineReader
    var transport: EngineTransport { reader.transport }

    package init(_ reader: EngineReader) { self.reader = reader }
}

/// The engine API's version, such as 1.41.
package struct EngineAPIVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let major: Int
    package let minor: Int

    /// Docker 20.10.
    package static let lowest = Self(1, 41)
    /// Docker 28.3.
    package static let highest = Self(1, 51)

    package init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    package init?(_ text: String) {
        let parts = text.split(separator: ".").map { Int($0) }
        guard parts.count == 2, let major = parts[0], let minor = parts[1] else { return nil }
        self.init(major, minor)
    }

    package var description: String { "\(major).\(minor)" }
    package static func < (lhs: Self, rhs: Self) -> Bool { (lhs.major, lhs.minor) < (rhs.major, rhs.minor) }

    static func agreed(with engine: EngineVersion) throws -> Self {
        let route = "GET /version"
        guard let theirs = Self(engine.ApiVersion) else {
            throw EngineError(
                .versionMismatch, route: route,
                message: "the engine names no API version that makes sense: '\(engine.ApiVersion)'")
        }
        let floor = engine.MinAPIVersion.flatMap { Self($0) } ?? lowest
        let chosen = min(theirs, highest)
        guard theirs >= lowest else {
            throw EngineError(
                .versionMismatch, route: route,
                message: "engine \(engine.Version) speaks API \(theirs) at most; \(lowest) (Docker 20.10) is needed")
        }
        guard chosen >= floor else {
            throw EngineError(
                .versionMismatch, route: route,
                message: "engine \(engine.Version) wants API \(floor) or newer; this Recast speaks up to \(highest)")
        }
        return chosen
    }
}
