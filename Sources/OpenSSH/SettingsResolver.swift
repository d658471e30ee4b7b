package import SSHAddressing
import Synchronization

/// Asks `ssh -G` for the settings of hosts, and keeps the answers for a run.
///
/// At most eight processes run at once, however many hosts are asked for.
package final class SettingsResolver: Sendable {
    private struct Key: Hashable {
        let user: String?
        let host: String
        let port: Int?
    }
    private let installation: Installation
    private let local: LocalUser
    private let turnstile = Turnstile(places: 8)
    private let answers = Mutex<[Key: SSHSettings]>([:])

    package convenience init(_ installation: Installation) {
        self.init(installation, local: .current)
    }

    init(_ installation: Installation, local: LocalUser) {
        self.installation = installation
        self.local = local
    }

    /// The settings of every host on the way to an address; its user and port win over the configuration.
    ///
    /// They come in the order in which the hosts are connected to; the last is the one that is meant. Only the first one's
    /// ``SSHSettings/proxy`` can be a command; the others are reached through the one before.
    ///
    /// A list `ProxyJump a,b` goes to `a` by the settings of `a`, and from there to `b`, as `ssh -J a b` does.
    ///
    /// - Throws: ``SSHSettingsError``, ``ProgramError`` or `CancellationError`.
    package func route(to address: SSHAddress) async throws -> [SSHSettings] {
        var hops: [SSHSettings] = []
        var next: SSHAddress? = address
        while let stop = next {
            next = nil
            var part = [try await settings(of: stop)]
            if case .jumps(let jumps) = part[0].proxy {
                for jump in jumps.dropFirst().reversed() { part.insert(try await settings(of: jump), at: 0) }
                next = jumps.first
            }
            hops = part + hops
            guard hops.count <= Self.longestRoute else {
                throw SSHSettingsError(host: address.host, problem: .circle)
            }
        }
        return hops
    }

    /// What `ssh -G` says about one host.
    package func settings(of address: SSHAddress) async throws -> SSHSettings {
        let key = Key(user: address.user, host: address.host, port: address.port)
        return try await turnstile.pass {
            if let known = answers.withLock({ $0[key] }) { return known }
            let settings = try await ask(address)
            answers.withLock { $0[key] = settings }
            return settings
        }
    }

    private func ask(_ address: SSHAddress) async throws -> SSHSettings {
        let outcome = try await installation.run(
            installation.ssh, ["-G"] + installation.connectionArguments(to: address))
        guard outcome.status == 0 else {
            throw SSHSettingsError(host: address.host, problem: .refused(outcome.reason))
        }
        return try SSHSettings(
            alias: address.host, answer: outcome.output, local: local, variable: installation.variable)
    }

    private static let longestRoute = 16
}

extension Installation {
    /// The arguments of `ssh` that name a host, after all options.
    func connectionArguments(to address: SSHAddress) -> [String] {
        var arguments: [String] = []
        if let configFile { arguments += ["-F", configFile] }
        if let port = address.port { arguments += ["-p", String(port)] }
        if let user = address.user { arguments += ["-l", user] }
        return arguments + ["--", address.host]
    }
}
