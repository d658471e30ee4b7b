import SSHAddressing
import Subprocess
import Synchronization

/// Holds the keys that need OpenSSH's own code: those with a passphrase, and RSA keys.
///
/// An `ssh-agent` of this process alone holds them, and `ssh-add` asks for passphrases on the terminal itself: none ever
/// passes through this process, an argument or the environment. Each key is asked for once in a scope, whatever
/// comes of it, and one question is asked at a time.
package final class PrivateAgent: Sendable {
    private let installation: Installation
    private let terminal: Terminal
    private let process: AgentProcess
    private let turnstile = Turnstile(places: 1)
    private let outcomes = Mutex<[String: Result<[UInt8], KeyLoadError>]>([:])

    /// The agent's client; it answers when a key has been loaded.
    package let client: SSHAgent

    private init(_ installation: Installation, terminal: Terminal, folder: String) {
        self.installation = installation
        self.terminal = terminal
        process = AgentProcess(installation, socketPath: folder + "/agent.sock")
        client = SSHAgent(socketPath: process.socketPath)
    }

    /// Runs the body with an agent, which starts with the first key and ends with the body, by whatever way.
    ///
    /// - Parameters:
    ///   - installation: The programs to use.
    ///   - terminal: Where passphrases are asked for.
    ///   - parent: Where the folder of the agent's socket is made.
    ///   - body: Gets the agent, which it must not keep.
    /// - Returns: What the body returns.
    /// - Throws: `Errno` when there can be no folder, or what the body throws.
    package static func withAgent<Value: Sendable>(
        _ installation: Installation, terminal: Terminal, in parent: String = "/tmp",
        _ body: (PrivateAgent) async throws -> Value
    ) async throws -> Value {
        try await withPrivateFolder(in: parent) { folder in
            let agent = PrivateAgent(installation, terminal: terminal, folder: folder)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await agent.process.serve() }
                defer { group.cancelAll() }
                return try await body(agent)
            }
        }
    }

    /// Loads a key, asking for its passphrase where it has one, and returns its encoded public key.
    ///
    /// - Throws: ``KeyLoadError``, the same one each time; ``ProgramError``, ``SSHAgentError`` or `CancellationError`.
    package func load(_ file: KeyFile) async throws -> [UInt8] {
        guard !file.isEncrypted || terminal.isAvailable else { throw KeyLoadError(file.path, .noTerminal) }
        return try await turnstile.pass {
            if let known = outcomes.withLock({ $0[file.path] }) { return try known.get() }
            try await process.start()
            do {
                let publicKey = try await add(file)
                outcomes.withLock { $0[file.path] = .success(publicKey) }
                return publicKey
            } catch let error as KeyLoadError {
                outcomes.withLock { $0[file.path] = .failure(error) }
                throw error
            }
        }
    }

    private func add(_ file: KeyFile) async throws -> [UInt8] {
        let before = Set(try await client.keys())
        let outcome = try await runAdd(file)
        guard outcome.status == 0 else {
            throw KeyLoadError(file.path, .refused(outcome.reason.isEmpty ? "no passphrase fits" : outcome.reason))
        }
        let after = try await client.keys()
        if let publicKey = file.publicKey, after.contains(where: { $0.blob == publicKey }) { return publicKey }
        let added = after.first {
            !before.contains($0) && KeyFile.Kind(keyType: HostKey(blob: $0.blob)?.type ?? "") != nil
        }
        guard let added else { throw KeyLoadError(file.path, .refused("ssh-add has added no key")) }
        return added.blob
    }

    /// `ssh-add` asks on the terminal only when its standard input is one.
    private func runAdd(_ file: KeyFile) async throws -> Installation.Outcome {
        let variables = [
            "SSH_AUTH_SOCK": process.socketPath, "SSH_ASKPASS_REQUIRE": "never", "SSH_ASKPASS": nil, "DISPLAY": nil,
        ]
        let arguments = ["-q", "--", file.path]
        guard file.isEncrypted, let descriptor = terminal.open() else {
            return try await installation.run(installation.add, arguments, adding: variables)
        }
        return try await installation.run(
            installation.add, arguments,
            input: .fileDescriptor(descriptor, closeAfterSpawningProcess: true), deadline: .seconds(600),
            adding: variables)
    }
}

/// A private key that cannot be used.
package struct KeyLoadError: Error, Hashable, CustomStringConvertible {
    package enum Problem: Hashable, Sendable {
        case noTerminal
        /// `ssh-add` refuses the key; the text is its own.
        case refused(String)
    }
    package let path: String
    package let problem: Problem

    init(_ path: String, _ problem: Problem) {
        self.path = path
        self.problem = problem
    }

    package var description: String {
        switch problem {
        case .noTerminal:
            "the key \(path.printable) needs a passphrase and there is no terminal to ask on: add it to an agent with "
                + "ssh-add \(path.shellWord)"
        case .refused(let reason): "the key \(path.printable) cannot be used: \(reason.printable)"
        }
    }
}
