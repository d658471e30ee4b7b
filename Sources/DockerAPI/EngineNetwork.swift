import AsyncHTTPClient
import NIOCore

/// The connections to all engines.
///
/// They live as long as the scope of `withNetwork`.
package struct EngineNetwork: Sendable {
    let http: HTTPClient
    /// No call to an engine may take longer, whatever it is; `nil`: each call has its own limit.
    let longestCall: Duration?

    /// Gives `body` a network and closes every connection when it ends.
    ///
    /// `connectionsPerHost`: how many requests one engine may have open at once.
    package static func withNetwork<Result: Sendable>(
        connectionsPerHost: Int = 16, longestCall: Duration? = nil, _ body: (EngineNetwork) async throws -> Result
    ) async throws -> Result {
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = .seconds(5)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connectionsPerHost
        configuration.connectionPool.retryConnectionEstablishment = false
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let outcome: Swift.Result<Result, any Error>
        do { outcome = .success(try await body(EngineNetwork(http: http, longestCall: longestCall))) } catch {
            outcome = .failure(error)
        }
        try? await http.shutdown()
        return try outcome.get()
    }
}
