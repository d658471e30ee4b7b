import AsyncHTTPClient
import NIOCore
import NIOSSL
import Synchronization

/// The connections to all engines.
///
/// They live as long as the scope of `withNetwork`.
package struct EngineNetwork: Sendable {
    private let clients: Clients
    /// No call to an engine may take longer, whatever it is; `nil`: each call has its own limit.
    let longestCall: Duration?

    /// Gives `body` a network and closes every connection when it ends.
    ///
    /// `connectionsPerHost`: how many requests one engine may have open at once.
    ///
    /// `idle`: how long a connection stays open that nobody uses; each costs some 40 KiB and a descriptor.
    package static func withNetwork<Result: Sendable>(
        connectionsPerHost: Int = 16, longestCall: Duration? = nil, idle: Duration = .seconds(60),
        _ body: (EngineNetwork) async throws -> Result
    ) async throws -> Result {
        let clients = Clients(connectionsPerHost: connectionsPerHost, idle: idle)
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(try await body(EngineNetwork(clients: clients, longestCall: longestCall)))
        } catch {
            outcome = .failure(error)
        }
        for client in clients.all { try? await client.shutdown() }
        return try outcome.get()
    }

    /// The client of an engine; engines that speak TLS have one each, as name and trust belong to the client.
    ///
    /// It throws `EngineError` when a certificate or key cannot be used.
    func client(for endpoint: EngineEndpoint) throws -> HTTPClient { try clients.client(for: endpoint) }

    /// Every client that was made.
    private final class Clients: Sendable {
        private let plain: HTTPClient
        private let secure = Mutex<[EngineEndpoint: HTTPClient]>([:])
        private let configuration: HTTPClient.Configuration

        init(connectionsPerHost: Int, idle: Duration) {
            configuration = Self.configuration(connectionsPerHost, idle)
            plain = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        }

        var all: [HTTPClient] { [plain] + secure.withLock { Array($0.values) } }

        func client(for endpoint: EngineEndpoint) throws -> HTTPClient {
            guard case .tls(let host, _, let tls) = endpoint else { return plain }
            if let known = secure.withLock({ $0[endpoint] }) { return known }
            var configuration = configuration
            configuration.tlsConfiguration = try TLSMaterial(tls).configuration
            // The request's URL has the name that is checked; the connection goes to the address.
            if let name = tls.serverName, name != host { configuration.dnsOverride[name] = host }
            if let name = tls.expectedName(at: host) {
                configuration.http1_1ConnectionDebugInitializer = { NameCheck(name: name).check($0) }
            }
            return secure.withLock { clients in
                if let known = clients[endpoint] { return known }
                let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
                clients[endpoint] = client
                return client
            }
        }

        private static func configuration(
            _ connectionsPerHost: Int, _ idle: Duration
        ) -> HTTPClient.Configuration {
            var configuration = HTTPClient.Configuration()
            configuration.httpVersion = .http1Only
            configuration.timeout.connect = .seconds(5)
            // An engine redirects nobody, and credentials go to nobody else.
            configuration.redirectConfiguration = .disallow
            configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connectionsPerHost
            configuration.connectionPool.retryConnectionEstablishment = false
            configuration.connectionPool.idleTimeout = TimeAmount(idle)
            return configuration
        }
    }
}
