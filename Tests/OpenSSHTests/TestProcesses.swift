import NIOCore
import NIOPosix
import Subprocess
import SystemPackage
import Testing

@testable import OpenSSH

/// Runs an agent with some of the workshop's keys.
func withAgent<Value: Sendable>(
    holding keys: [String], in workshop: Workshop, _ body: (String) async throws -> Value
) async throws -> Value {
    let process = AgentProcess(workshop.installation, socketPath: workshop.path("agent.sock"))
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await process.serve() }
        defer { group.cancelAll() }
        try await process.start()
        for key in keys {
            let outcome = try await workshop.installation.run(
                "ssh-add", ["-q", workshop.path(key)], adding: ["SSH_AUTH_SOCK": process.socketPath])
            try #require(outcome.status == 0, "\(outcome.errors)")
        }
        return try await body(process.socketPath)
    }
}

/// A real sshd on the loopback with a host key `host` and the authorised key `user`.
struct SSHServer: Sendable {
    let port: Int
    private let id: Int32

    /// Ends the processes of the sessions, which are the server's children.
    func endSessions(_ workshop: Workshop) async throws {
        let children = try await workshop.installation.run("ps", ["--ppid", String(id), "-o", "pid="]).output
        let ids = children.split(whereSeparator: \.isWhitespace).map(String.init)
        try #require(!ids.isEmpty)
        _ = try await workshop.installation.run("kill", ids)
    }

    /// Runs the body with a server that gives up its port and its sessions when the body is done.
    static func run<Value: Sendable>(
        in workshop: Workshop, settings: String = "", _ body: (SSHServer) async throws -> Value
    ) async throws -> Value {
        // The separation folder of a server that runs as root is fixed when it is compiled.
        if LocalUser.current.id == 0 { _ = try await workshop.installation.run("mkdir", ["-p", "/run/sshd"]) }
        try await workshop.makeKey("host")
        try await workshop.makeKey("user")
        try workshop.write(workshop.read("user.pub"), to: "authorized")
        let port = try await freePort()
        try workshop.write(
            """
            Port \(port)
            ListenAddress 127.0.0.1
            HostKey \(workshop.path("host"))
            AuthorizedKeysFile \(workshop.path("authorized"))
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            \(settings)
            """, to: "sshd_config")
        let configuration = workshop.installation.configuration(
            "/usr/sbin/sshd", ["-D", "-e", "-f", workshop.path("sshd_config")])
        return try await Subprocess.run(configuration, input: .none, output: .discarded, error: .sequence) { sshd in
            var lines = sshd.standardError.strings().makeAsyncIterator()
            var log: [String] = []
            while let line = try await lines.next(), !line.contains("Server listening") { log.append(line) }
            let server = SSHServer(port: port, id: sshd.processIdentifier.value)
            let value: Value
            do { value = try await body(server) } catch {
                await sshd.teardown(using: Installation.teardown)
                throw error
            }
            await sshd.teardown(using: Installation.teardown)
            return value
        }.closureResult
    }

    static func freePort() async throws -> Int {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        try await server.close()
        return port
    }

    /// A configuration of the client that reaches the server as `web1`.
    func configuration(in workshop: Workshop, trusting key: String? = "host") throws -> String {
        let known = try key.map { "[127.0.0.1]:\(port) \(try workshop.publicLine($0))\n" } ?? ""
        try workshop.write(known, to: "known")
        return """
            Host web1
                HostName 127.0.0.1
                Port \(port)
                User \(LocalUser.current.name)
                IdentityFile \(workshop.path("user"))
                IdentitiesOnly yes
                UserKnownHostsFile \(workshop.path("known"))
                GlobalKnownHostsFile none

            """
    }
}

/// Whether a process with these words in its command line runs.
func isRunning(_ words: String, _ workshop: Workshop) async throws -> Bool {
    let listing = try await workshop.installation.run("ps", ["-eo", "args"]).output
    return listing.split(separator: "\n").contains { $0.contains(words) }
}
