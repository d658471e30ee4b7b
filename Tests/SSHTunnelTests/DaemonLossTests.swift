import Foundation
import NIOCore
import Testing

@testable import SSHTunnel

/// A daemon that stops and starts while its tunnel is open.
@Suite(.timeLimit(.minutes(2)))
struct DaemonLossTests {
    private func stopAndStart(_ lines: [String]) async throws {
        try await SSHServer.with(lines) { server in
            try await SSHTunnels.withTunnels { tunnels in
                let path = "\(server.folder)/daemon.sock"
                let tunnel = try await SocketServer.with(path: path) { _ in
                    let tunnel = try await tunnels.open(route: server.route(to: path))
                    #expect(try await SocketClient.get(tunnel.localPath, 10) == 10)
                    return tunnel
                }
                for _ in 0..<2 {
                    let request = ByteBuffer(string: "GET /10 HTTP/1.1\r\n")
                    // The end, or a reset when the request was not read any more.
                    let answer = try? await SocketClient.exchange(tunnel.localPath, [request])
                    #expect(answer?.readableBytes ?? 0 == 0)
                    #expect(tunnel.lastFailure?.code == .socketAbsent)
                }
                try await SocketServer.with(path: path) { _ in
                    let count = try await SocketClient.get(tunnel.localPath, 10)
                    #expect(count == 10)
                    #expect(tunnel.lastFailure == nil)
                }
            }
        }
    }

    @Test func `the reason is known while the daemon is away`() async throws {
        try await stopAndStart([])
    }

    @Test func `the reason is known when the Docker CLI carries the connections`() async throws {
        try await DockerCLI.with { folder in
            try await stopAndStart(["AllowStreamLocalForwarding no", "SetEnv PATH=\(folder):/usr/bin:/bin"])
        }
    }

    @Test func `a connection that asks for nothing is no failure`() async throws {
        try await DockerCLI.with { folder in
            let lines = ["AllowStreamLocalForwarding no", "SetEnv PATH=\(folder):/usr/bin:/bin"]
            try await SocketServer.with { daemon in
                try await SSHServer.with(lines) { server in
                    try await SSHTunnels.withTunnels { tunnels in
                        let tunnel = try await tunnels.open(route: server.route(to: daemon.path))
                        #expect(try await SocketClient.exchange(tunnel.localPath, []).readableBytes == 0)
                        #expect(tunnel.lastFailure == nil)
                    }
                }
            }
        }
    }
}

/// What stands for the Docker CLI, in a folder for PATH.
enum DockerCLI {
    static func with<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        let folder = try TemporaryFolder.make()
        defer { TemporaryFolder.remove(folder) }
        let script =
            "#!/bin/sh\ntest \"$*\" = 'system dial-stdio' && exec socat - UNIX-CONNECT:\"${DOCKER_HOST#unix://}\"\n"
        try script.write(toFile: "\(folder)/docker", atomically: true, encoding: .utf8)
        unsafe _ = chmod("\(folder)/docker", 0o755)
        return try await body(folder)
    }
}
