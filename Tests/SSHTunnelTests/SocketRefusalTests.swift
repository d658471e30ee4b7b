import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import SSHTunnel

/// What is said when a server does not connect to the socket.
@Suite(.timeLimit(.minutes(2)))
struct SocketRefusalTests {
    private func failure(
        _ lines: [String] = [], user: String = "root", users: [String] = [],
        path: @Sendable (SSHServer) async throws -> String
    ) async throws -> SSHError? {
        try await SSHServer.with(lines, users: users) { server in
            unsafe _ = chmod(server.folder, 0o755)
            let route = SSHRoute(hops: [try server.hop(user: user)], socketPath: try await path(server))
            return try await SSHTunnels.withTunnels { tunnels in
                await #expect(throws: SSHError.self) { _ = try await tunnels.open(route: route) }
            }
        }
    }

    @Test func `an absent socket`() async throws {
        #expect(try await failure { "\($0.folder)/it's not here" }?.code == .socketAbsent)
    }

    @Test func `a file that is no socket`() async throws {
        #expect(try await failure { "\($0.folder)/user" }?.code == .notASocket)
    }

    @Test func `a socket that its daemon has left behind`() async throws {
        let error = try await failure { server in
            let path = "\(server.folder)/left.sock"
            let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .bind(unixDomainSocketPath: path + ".new").get()
            try FileManager.default.linkItem(atPath: path + ".new", toPath: path)
            try await channel.close()
            return path
        }
        #expect(error?.code == .nothingListens)
    }

    @Test func `a user without a shell`() async throws {
        #expect(try await failure(user: "nobody") { "\($0.folder)/none" }?.code == .socketRefused)
    }

    @Test func `a user who may not use the socket`() async throws {
        try await SocketServer.with { daemon in
            unsafe _ = chmod(String(daemon.path.dropLast("/daemon.sock".count)), 0o755)
            unsafe _ = chmod(daemon.path, 0o660)
            let users = ["deploy:x:64999:64999::/:/bin/sh"]
            let error = try await failure(user: "deploy", users: users) { _ in daemon.path }
            #expect(error?.code == .permissionDenied)
            #expect(error?.message.contains("user deploy") == true)
            #expect(error?.message.contains("usermod -aG root deploy") == true)
        }
    }

    @Test func `no session channels at all`() async throws {
        #expect(try await failure(["MaxSessions 0"]) { "\($0.folder)/none" }?.code == .socketRefused)
    }

    @Test func `forbidden forwarding without the Docker CLI`() async throws {
        let folder = try TemporaryFolder.make()
        defer { TemporaryFolder.remove(folder) }
        for name in ["id", "ls"] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/\(name)", withDestinationPath: "/usr/bin/\(name)")
        }
        try await SocketServer.with { daemon in
            let lines = ["AllowStreamLocalForwarding no", "SetEnv PATH=\(folder)"]
            let error = try await failure(lines) { _ in daemon.path }
            #expect(error?.code == .forwardingProhibited)
            #expect(error?.message.contains("AllowStreamLocalForwarding") == true)
        }
    }

    @Test func `forbidden forwarding with the Docker CLI`() async throws {
        let notices = Mutex<[String]>([])
        var settings = SSHTunnels.Settings()
        settings.notice = { _, words in notices.withLock { $0.append(words) } }
        let chosen = settings
        try await DockerCLI.with { folder in
            let lines = ["AllowStreamLocalForwarding no", "SetEnv PATH=\(folder):/usr/bin:/bin"]
            try await SocketServer.with { daemon in
                try await SSHServer.with(lines) { server in
                    try await SSHTunnels.withTunnels(chosen) { tunnels in
                        let tunnel = try await tunnels.open(route: server.route(to: daemon.path))
                        for _ in 0..<3 { #expect(try await SocketClient.get(tunnel.localPath, 300_000) == 300_000) }
                    }
                }
            }
        }
        #expect(notices.withLock { $0.count } == 1)
    }

    @Test func `the script tells who may use a socket`() async throws {
        try await SocketServer.with { daemon in
            let folder = String(daemon.path.dropLast("/daemon.sock".count))
            unsafe _ = chmod(folder, 0o755)
            unsafe _ = chmod(daemon.path, 0o660)
            let command = RemoteSocketProbe.command(path: daemon.path)
            let output = try await Command.run(
                "setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c", command])
            let probe = try #require(RemoteSocketProbe(output: "noise\n" + output))
            let error = probe.explain(path: daemon.path, host: "h")
            #expect(error.code == .permissionDenied)
            #expect(error.message.contains("group root"))
            unsafe _ = chmod(folder, 0o700)
            let hidden = try await Command.run(
                "setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c", command])
            let blind = try #require(RemoteSocketProbe(output: hidden))
            #expect(blind.explain(path: daemon.path, host: "h").code == .permissionDenied)
        }
    }

    @Test(arguments: ["it's", "a b", "$HOME", "`x`", "\\", "\""])
    func `every path goes through the shell unchanged`(path: String) async throws {
        #expect(try await Command.run("sh", ["-c", "printf %s \(RemoteSocketProbe.quoted(path))"]) == path)
    }
}
