package import OpenSSH
package import SSHAddressing
import SSHTunnel

/// Local sockets that end at sockets of hosts behind SSH, for the time of one run.
///
/// libssh2 carries the connections, one session a host. A host that it cannot serve is left to the system's `ssh`.
package final class SSHAccess: Sendable {
    package struct Settings: Sendable {
        /// A configuration file instead of the user's and the system's, as `ssh -F` takes it.
        package var configFile: String?
        /// Where passphrases are asked for.
        package var terminal: Terminal
        /// Told, once for each host and reason, what is other than usual.
        package var notice: @Sendable (_ host: String, _ words: String) -> Void

        package init(
            configFile: String? = nil, terminal: Terminal = .none,
            notice: @escaping @Sendable (_ host: String, _ words: String) -> Void = { _, _ in }
        ) {
            self.configFile = configFile
            self.terminal = terminal
            self.notice = notice
        }
    }

    let settings: Settings
    private let resolver: SettingsResolver
    private let tunnels: SSHTunnels
    private let routes: RouteBuilder
    private let forwardings: Forwardings

    private init(_ settings: Settings, _ tunnels: SSHTunnels, _ agent: PrivateAgent, _ forwardings: Forwardings) {
        let installation = Installation(configFile: settings.configFile)
        self.settings = settings
        self.tunnels = tunnels
        self.forwardings = forwardings
        resolver = SettingsResolver(installation)
        routes = RouteBuilder(
            knownHosts: KnownHostsFiles(installation), privateAgent: agent, notice: settings.notice)
    }

    /// Runs `body` and ends every connection and program that it needed, also when it throws or is cancelled.
    package static func withAccess<Value: Sendable>(
        _ settings: Settings, _ body: (SSHAccess) async throws -> Value
    ) async throws -> Value {
        var tunnelSettings = SSHTunnels.Settings()
        tunnelSettings.folderPrefix = "recast-ssh"
        tunnelSettings.notice = settings.notice
        let installation = Installation(configFile: settings.configFile)
        return try await SSHTunnels.withTunnels(tunnelSettings) { tunnels in
            try await PrivateAgent.withAgent(installation, terminal: settings.terminal, in: tunnels.folder) { agent in
                let forwarder = SystemForwarder(installation, terminal: settings.terminal)
                return try await Forwardings.with(forwarder, folder: tunnels.folder) { forwardings in
                    try await body(SSHAccess(settings, tunnels, agent, forwardings))
                }
            }
        }
    }

    /// Connects, authenticates and proves the host's socket.
    ///
    /// It throws `SSHAccessError`, or `CancellationError`.
    package func open(_ address: SSHAddress) async throws -> SSHDoor {
        do {
            return try await door(to: address)
        } catch let error as SSHAccessError {
            throw error
        } catch let error as SSHError {
            throw SSHAccessError(error)
        } catch {
            try Task.checkCancellation()
            throw SSHAccessError(description: "\(error)")
        }
    }

    private func door(to address: SSHAddress) async throws -> SSHDoor {
        let hops = try await resolver.route(to: address)
        if address.transport == .openssh { return try await forwardings.open(address, hops) }
        do {
            let tunnel = try await tunnels.open(route: routes.route(to: address, hops))
            return SSHDoor(localPath: tunnel.localPath) { tunnel.lastFailure.map { SSHAccessError($0).description } }
        } catch let error as SSHError {
            try Task.checkCancellation()
            guard address.transport == nil, let reason = try await routes.reasonForSystemSSH(error, hops) else {
                throw SSHAccessError(error, unused: try await routes.unusedIdentities(error, hops))
            }
            settings.notice(address.host, "\(reason); the system's ssh carries the connection")
            return try await forwardings.open(address, hops)
        }
    }
}

/// A local socket that ends at a socket of a host.
package struct SSHDoor: Sendable {
    package let localPath: String
    /// Why connections fail at present, in a sentence; `nil` while nothing is wrong.
    package let failure: @Sendable () -> String?
}

/// Why there is no way to a host, in a sentence that says what to do.
package struct SSHAccessError: Error, Hashable, CustomStringConvertible {
    package let description: String

    init(description: String) { self.description = description }

    /// `unused`: keys that were not even tried, with the reason.
    init(_ error: SSHError, unused: [String] = []) {
        // What a hop's own check threw says it best.
        let words = error.code == .hostKeyRefused ? error.cause.map { "\($0)" } ?? error.message : error.message
        description = ([words] + unused).joined(separator: "; ")
    }
}
