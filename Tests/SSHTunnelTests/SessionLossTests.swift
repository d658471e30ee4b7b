import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import SSHTunnel

/// What becomes of a tunnel when its session, its server or its client behaves badly.
@Suite(.timeLimit(.minutes(2)))
struct SessionLossTests {
    private func with(
        _ lines: [String] = [], interval: Duration = .seconds(7),
        _ body: (SSHTunnel, SSHServer) async throws -> Void
    ) async throws {
        var settings = SSHTunnels.Settings()
        settings.keepAliveInterval = interval
        try await SocketServer.with { daemon in
            try await SSHServer.with(lines) { server in
                try await SSHTunnels.withTunnels(settings) { tunnels in
                    try await body(try await tunnels.open(route: server.route(to: daemon.path)), server)
                }
            }
        }
    }

    /// Begins a long download and does something in its midst.
    private func inDownload(of tunnel: SSHTunnel, _ action: () async throws -> Void) async throws {
        try? await SocketClient.connect(tunnel.localPath).executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: "GET /1000000000 HTTP/1.1\r\n"))
            var isFirst = true
            for try await _ in inbound where isFirst {
                isFirst = false
                try await action()
            }
        }
    }

    @Test func `a lost session ends its connections, and the next one opens a new session`() async throws {
        try await with { tunnel, server in
            try await inDownload(of: tunnel) {
                for session in try await server.sessions() { kill(session, SIGKILL) }
            }
            #expect(tunnel.lastFailure?.code == .connectionLost)
            #expect(try await SocketClient.get(tunnel.localPath, 1000) == 1000)
            #expect(tunnel.lastFailure == nil)
        }
    }

    @Test func `while the server is away, connections are closed and the reason is known`() async throws {
        try await with { tunnel, server in
            try await inDownload(of: tunnel) {
                let sessions = try await server.sessions()
                kill(server.processID, SIGKILL)
                for session in sessions { kill(session, SIGKILL) }
            }
            for _ in 0..<2 {
                let answer = try await SocketClient.exchange(tunnel.localPath, [])
                #expect(answer.readableBytes == 0)
                #expect(tunnel.lastFailure?.code == .connectionRefused)
            }
        }
    }

    @Test func `a server that falls silent counts as lost`() async throws {
        try await with(interval: .milliseconds(300)) { tunnel, server in
            let sessions = try await server.sessions()
            try await inDownload(of: tunnel) {
                for session in sessions { kill(session, SIGSTOP) }
            }
            #expect(tunnel.lastFailure?.code == .connectionLost)
        }
    }

    @Test func `an idle session stays, with session channels and without`() async throws {
        for lines in [[], ["MaxSessions 0"]] {
            let alive = ["ClientAliveInterval 1", "ClientAliveCountMax 2"]
            try await with(lines + alive, interval: .milliseconds(500)) { tunnel, server in
                #expect(try await SocketClient.get(tunnel.localPath, 10) == 10)
                let before = try await server.sessions()
                try await Task.sleep(for: .seconds(5))
                #expect(try await SocketClient.get(tunnel.localPath, 10) == 10)
                #expect(try await server.sessions() == before)
            }
        }
    }

    @Test func `new keys under load disturb nothing`() async throws {
        try await with(["RekeyLimit 1M", "LogLevel DEBUG1"]) { tunnel, server in
            let path = tunnel.localPath
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await SocketClient.get(path, 4_000_000) == 4_000_000 }
                    group.addTask {
                        let block = ByteBuffer(repeating: 1, count: 500_000)
                        let chunks = [ByteBuffer(string: "COUNT\n")] + Array(repeating: block, count: 8)
                        return String(buffer: try await SocketClient.exchange(path, chunks)) == "4000000\n"
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
            #expect(server.log.components(separatedBy: "SSH2_MSG_NEWKEYS received").count > 10)
        }
    }

    @Test func `a client that leaves in the middle costs its own channel alone`() async throws {
        try await with { tunnel, server in
            let before = try await server.sessions()
            for _ in 0..<5 { try await inDownload(of: tunnel) { throw CancellationError() } }
            #expect(try await SocketClient.get(tunnel.localPath, 1_000_000) == 1_000_000)
            try await poll { await tunnel.connectionCount() == 0 }
            #expect(try await server.sessions() == before)
        }
    }

    @Test func `a reader that stops holds up nobody else and no memory`() async throws {
        try await with { tunnel, _ in
            try await SocketClient.connect(tunnel.localPath).executeThenClose { _, outbound in
                try await outbound.write(ByteBuffer(string: "HOLD\n"))
                let upload = Task {
                    let block = ByteBuffer(repeating: 1, count: 1 << 20)
                    for _ in 0..<200 { try await outbound.write(block) }
                }
                // Once full, it takes more only when half of it has gone, so it may settle anywhere between.
                try await poll { await tunnel.bufferedBytes() >= SSHStream.pendingLimit / 2 }
                for _ in 0..<20 {
                    #expect(try await SocketClient.get(tunnel.localPath, 100_000) == 100_000)
                    #expect(await tunnel.bufferedBytes() < 2 * SSHStream.pendingLimit)
                }
                upload.cancel()
                _ = await upload.result
            }
        }
    }

    @Test func `a slow download holds up nobody else and bounded memory`() async throws {
        try await with { tunnel, _ in
            try await SocketClient.connect(tunnel.localPath).executeThenClose { _, outbound in
                try await outbound.write(ByteBuffer(string: "GET /1000000000 HTTP/1.1\r\n"))
                try await poll { await tunnel.bufferedBytes() >= 1 << 20 }
                for _ in 0..<50 {
                    #expect(try await SocketClient.get(tunnel.localPath, 100_000) == 100_000)
                    #expect(await tunnel.bufferedBytes() < 4 << 20)
                }
            }
            try await poll { await tunnel.connectionCount() == 0 }
            #expect(await tunnel.bufferedBytes() == 0)
        }
    }
}
