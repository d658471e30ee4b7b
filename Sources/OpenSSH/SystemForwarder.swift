import NIOCore
import NIOPosix
package import SSHAddressing
import Subprocess

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Brings the socket of a remote daemon to this machine by the system's `ssh -N -L`.
package struct SystemForwarder: Sendable {
    /// What is forwarded, and from where to where.
    package struct Target: Hashable, Sendable {
        package let address: SSHAddress
        package let settings: SSHSettings
        /// A path of at most 107 bytes in a folder that only this user may enter.
        package let localSocket: String

        package init(_ address: SSHAddress, settings: SSHSettings, localSocket: String) {
            self.address = address
            self.settings = settings
            self.localSocket = localSocket
        }
    }
    private let installation: Installation
    private let terminal: Terminal
    private let starting: Turnstile

    /// Makes one connection at a time where passphrases may be asked for, else sixteen.
    package init(_ installation: Installation, terminal: Terminal) {
        self.installation = installation
        self.terminal = terminal
        starting = Turnstile(places: terminal.isAvailable ? 1 : 16)
    }

    /// Runs the body while the local socket is forwarded; `ssh` ends with it.
    ///
    /// - Parameters:
    ///   - target: What to forward.
    ///   - notice: Called when the server opens a connection not at all, and when `ssh` ends before the body.
    ///   - body: Runs when the local socket accepts connections, which is after the user was authenticated.
    /// - Returns: What the body returns.
    /// - Throws: ``SSHFailure`` when there is no connection, ``ProgramError``, `CancellationError`, or what the body throws.
    package func withForwarding<Value: Sendable>(
        to target: Target, notice: @escaping @Sendable (SSHFailure) -> Void,
        _ body: () async throws -> Value
    ) async throws -> Value {
        let monitor = ForwardMonitor(host: target.address.host, notice: notice)
        defer { try? FileManager.default.removeItem(atPath: target.localSocket) }
        let variables = ["SSH_ASKPASS_REQUIRE": "never"]
        let guarded = ["-c", Lifeline.guarded, installation.ssh, installation.ssh] + arguments(for: target)
        let configuration = installation.configuration("/bin/sh", guarded, adding: variables)
        let lifeline = try Lifeline()
        let result: Result<Value, any Error>
        do {
            result = try await Subprocess.run(
                configuration, input: .fileDescriptor(lifeline.watched, closeAfterSpawningProcess: true),
                output: .discarded, error: .sequence
            ) {
                ssh in
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await Self.read(ssh.standardError, monitor) }
                    let result: Result<Value, any Error>
                    do {
                        try await starting.pass { try await waitUntilReady(target, monitor) }
                        result = .success(try await body())
                    } catch {
                        result = .failure(error)
                    }
                    monitor.becameDone()
                    await ssh.teardown(using: Installation.teardown)
                    return result
                }
            }.closureResult
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw ProgramError(installation.ssh, error)
        }
        return try result.get()
    }

    private static func read(_ errors: SubprocessOutputSequence, _ monitor: ForwardMonitor) async {
        // A pipe that breaks has ended as well.
        do { for try await line in errors.strings() { monitor.received(line) } } catch {}
        monitor.ended()
    }

    private func waitUntilReady(_ target: Target, _ monitor: ForwardMonitor) async throws {
        let limit: Duration = terminal.isAvailable ? .seconds(600) : .seconds(90)
        try await withDeadline(limit, orThrow: monitor.timeout) {
            while !(await Self.accepts(target.localSocket)) {
                if let failure = monitor.failure { throw failure }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        monitor.becameReady()
    }

    private static func accepts(_ socketPath: String) async -> Bool {
        guard FileManager.default.fileExists(atPath: socketPath),
            let channel = try? await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(unixDomainSocketPath: socketPath).get()
        else { return false }
        channel.close(promise: nil)
        return true
    }

    /// The options come before the user's configuration, of which the rest stays in force.
    func arguments(for target: Target) -> [String] {
        let settings = target.settings
        let options = [
            "ExitOnForwardFailure=yes", "StreamLocalBindUnlink=yes", "StreamLocalBindMask=0177",
            "BatchMode=\(terminal.isAvailable ? "no" : "yes")", "PasswordAuthentication=no",
            "KbdInteractiveAuthentication=no",
            "StrictHostKeyChecking=\(settings.hostKeyPolicy == .acceptNew ? "accept-new" : "yes")",
            "ConnectTimeout=\(settings.connectTimeout ?? 30)",
            "ServerAliveInterval=\(settings.serverAliveInterval ?? 10)",
            "ServerAliveCountMax=\(min(settings.serverAliveCountMax, 3))",
            "ControlMaster=no", "ControlPath=none", "ForkAfterAuthentication=no", "PermitLocalCommand=no",
            "RemoteCommand=none", "RequestTTY=no", "ForwardAgent=no", "ForwardX11=no", "LogLevel=INFO",
        ]
        let forwarding = Self.escaped(target.localSocket) + ":" + Self.escaped(target.address.socketPath)
        return ["-N", "-L", forwarding] + options.flatMap { ["-o", $0] }
            + installation.connectionArguments(to: target.address)
    }

    /// In a forwarding, a colon ends a part, a backslash quotes, and `%` begins a token.
    private static func escaped(_ path: String) -> String {
        path.map { character in
            switch character {
            case ":", "\\": "\\\(character)"
            case "%": "%%"
            default: String(character)
            }
        }.joined()
    }
}
