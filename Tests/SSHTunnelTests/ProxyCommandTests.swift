import Foundation
import NIOCore
import Testing

@testable import SSHTunnel

/// Processes that carry a session.
@Suite(.timeLimit(.minutes(2)))
struct ProxyCommandTests {
    private func failure(of words: [String]) async throws -> SSHError? {
        let hop = SSHHop(
            host: "target", user: "x", transport: .command(words), connectTimeout: .seconds(100),
            verify: { _ in }, identities: { [] })
        return try await SSHTunnels.withTunnels { tunnels in
            await #expect(throws: SSHError.self) {
                _ = try await tunnels.open(route: SSHRoute(hops: [hop], socketPath: "/x"))
            }
        }
    }

    @Test func `a proxy command carries the session and ends with it`() async throws {
        try await SocketServer.with { daemon in
            try await SSHServer.with { server in
                try await SSHTunnels.withTunnels { tunnels in
                    var hop = try server.hop()
                    hop.transport = .command(["socat", "-", "TCP:127.0.0.1:\(server.port)"])
                    let tunnel = try await tunnels.open(route: SSHRoute(hops: [hop], socketPath: daemon.path))
                    #expect(try await SocketClient.get(tunnel.localPath, 3_000_000) == 3_000_000)
                    await tunnel.close()
                    try await server.waitForNoSessions()
                }
            }
        }
    }

    @Test func `much on standard error does no harm`() async throws {
        try await SocketServer.with { daemon in
            try await SSHServer.with { server in
                try await SSHTunnels.withTunnels { tunnels in
                    var hop = try server.hop()
                    let script = "seq 100000 >&2; exec socat - TCP:127.0.0.1:\(server.port)"
                    hop.transport = .command(["sh", "-c", script])
                    let tunnel = try await tunnels.open(route: SSHRoute(hops: [hop], socketPath: daemon.path))
                    #expect(try await SocketClient.get(tunnel.localPath, 100) == 100)
                }
            }
        }
    }

    @Test(arguments: [
        "echo no way >&2; exit 3",
        // Its output ends before it does.
        "exec 0<&- 1>&-; sleep 0.5; echo no way >&2; exit 3",
        "exec 1>&-; sleep 0.3; echo no way >&2; exit 3",
        "echo HTTP/1.1 403 Forbidden; echo no way >&2; exit 3",
        "echo SSH-2.0-x; echo no way >&2; exit 3",
        "seq 100000 >&2; echo no way >&2; exit 3",
    ])
    func `a command that fails says why`(script: String) async throws {
        for _ in 0..<5 {
            let error = try await failure(of: ["sh", "-c", script])
            #expect(error?.code == .proxyCommandFailed)
            #expect(error?.message.contains("no way") == true, "\(error?.message ?? "")")
            #expect(error?.message.contains("3") == true)
        }
    }

    @Test func `a command that ends its output and lives on`() async throws {
        let error = try await failure(of: ["sh", "-c", "echo no way >&2; exec sleep 100000 0<&- 1>&-"])
        #expect(error?.code == .proxyCommandFailed)
        #expect(error?.message.contains("closed its output: no way") == true)
    }

    @Test func `a command that is not there`() async throws {
        for program in ["/no/such/program", "no-such-program"] {
            let error = try await failure(of: [program])
            #expect(error?.code == .proxyCommandFailed)
            #expect(error?.message.contains(program) == true)
        }
        #expect(try await failure(of: [])?.code == .proxyCommandFailed)
    }

    @Test func `writing to a command that reads nothing raises no signal`() async throws {
        #expect(try await failure(of: ["sh", "-c", "exec 0<&-; exit 1"])?.code == .proxyCommandFailed)
        let before = signal(SIGPIPE, SIG_IGN)
        let isIgnored = unsafe unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
        #expect(isIgnored)
    }
}
