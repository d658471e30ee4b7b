import NIOCore
import Testing

@testable import SSHTunnel

@Suite(.timeLimit(.minutes(2)))
struct SSHTunnelTests {
    @Test func `requests reach the socket`() async throws {
        try await SocketServer.with { daemon in
            try await SSHServer.with { server in
                try await SSHTunnels.withTunnels { tunnels in
                    let tunnel = try await tunnels.open(route: server.route(to: daemon.path))
                    for _ in 0..<3 { #expect(try await SocketClient.get(tunnel.localPath, 1000) == 1000) }
                    #expect(tunnel.lastFailure == nil)
                }
            }
        }
    }

    @Test func `each direction ends on its own`() async throws {
        try await SocketServer.with { daemon in
            try await SSHServer.with { server in
                try await SSHTunnels.withTunnels { tunnels in
                    let tunnel = try await tunnels.open(route: server.route(to: daemon.path))
                    let block = ByteBuffer(repeating: 1, count: 1_000_000)
                    let chunks = [ByteBuffer(string: "COUNT\n")] + Array(repeating: block, count: 20)
                    let answer = try await SocketClient.exchange(tunnel.localPath, chunks)
                    #expect(String(buffer: answer) == "20000000\n")
                }
            }
        }
    }

    @Test func `sixty-four connections work side by side`() async throws {
        try await SocketServer.with { daemon in
            try await SSHServer.with { server in
                try await SSHTunnels.withTunnels { tunnels in
                    let tunnel = try await tunnels.open(route: server.route(to: daemon.path))
                    let path = tunnel.localPath
                    try await withThrowingTaskGroup(of: Int.self) { group in
                        for index in 0..<64 {
                            group.addTask { try await SocketClient.get(path, 200_000 + index) - index }
                        }
                        for try await count in group { #expect(count == 200_000) }
                    }
                }
            }
        }
    }

    @Test func `three hundred connections leave nothing behind`() async throws {
        try await SocketServer.with { daemon in
            try await SSHServer.with { server in
                try await SSHTunnels.withTunnels { tunnels in
                    let tunnel = try await tunnels.open(route: server.route(to: daemon.path))
                    for _ in 0..<300 { #expect(try await SocketClient.get(tunnel.localPath, 100) == 100) }
                    try await poll { await tunnel.connectionCount() == 0 }
                    #expect(await tunnel.bufferedBytes() == 0)
                    #expect(try await server.sessions().count == 1)
                }
            }
        }
    }
}
