import Foundation
import NIOCore
import Testing

@testable import SSHTunnel

/// Scopes that are cancelled in the midst of their work.
@Suite(.timeLimit(.minutes(2)))
struct CancellationTests {
    @Test func `open tunnels and their downloads end with the scope`() async throws {
        try await SocketServer.with { daemon in
            try await SSHServer.with { server in
                let (paths, opened) = AsyncStream.makeStream(of: String.self)
                let scope = Task {
                    try await SSHTunnels.withTunnels { tunnels in
                        for _ in 0..<2 {
                            opened.yield(try await tunnels.open(route: server.route(to: daemon.path)).localPath)
                        }
                        try await Task.sleep(for: .seconds(100_000))
                    }
                }
                var iterator = paths.makeAsyncIterator()
                let path = try #require(await iterator.next())
                _ = await iterator.next()
                try await SocketClient.connect(path).executeThenClose { inbound, outbound in
                    try await outbound.write(ByteBuffer(string: "GET /10000000000 HTTP/1.1\r\n"))
                    var isFirst = true
                    for try await _ in inbound where isFirst {
                        isFirst = false
                        scope.cancel()
                    }
                }
                await #expect(throws: CancellationError.self) { try await scope.value }
                #expect(!FileManager.default.fileExists(atPath: path))
                try await server.waitForNoSessions()
            }
        }
    }

    @Test func `a tunnel that waits for a signature ends with the scope`() async throws {
        try await SSHServer.with { server in
            let (calls, called) = AsyncStream.makeStream(of: Void.self)
            let hop = try server.hop(identities: [
                .deferred(name: "slow") {
                    called.yield()
                    try await Task.sleep(for: .seconds(100_000))
                    return .key(name: "none", privateKey: [])
                }
            ])
            let scope = Task {
                try await SSHTunnels.withTunnels { tunnels in
                    _ = try await tunnels.open(route: SSHRoute(hops: [hop], socketPath: "/x"))
                }
            }
            for await _ in calls { break }
            scope.cancel()
            let error = await #expect(throws: SSHError.self) { try await scope.value }
            #expect(error?.code == .cancelled)
            try await server.waitForNoSessions()
        }
    }

    @Test func `a tunnel that connects again ends with the scope`() async throws {
        try await SocketServer.with { daemon in
            try await SSHServer.with { server in
                try await SSHTunnels.withTunnels { tunnels in
                    let tunnel = try await tunnels.open(route: server.route(to: daemon.path))
                    let sessions = try await server.sessions()
                    // A close that meets bytes which nobody has read is a reset.
                    try? await SocketClient.connect(tunnel.localPath).executeThenClose { inbound, outbound in
                        try await outbound.write(ByteBuffer(string: "ECHO\nx"))
                        var isFirst = true
                        for try await _ in inbound where isFirst {
                            isFirst = false
                            // A stopped listener leaves connections unanswered.
                            kill(server.processID, SIGSTOP)
                            for session in sessions { kill(session, SIGKILL) }
                        }
                    }
                    try await poll { await tunnel.connectionCount() == 0 }
                    try? await SocketClient.connect(tunnel.localPath).executeThenClose { _, _ in
                        try await poll { await tunnel.connectionCount() > 0 }
                        await tunnel.close()
                    }
                }
            }
        }
    }
}
