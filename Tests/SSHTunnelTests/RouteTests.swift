import Foundation
import NIOCore
import Testing

@testable import SSHTunnel

/// Ways to a host and proofs of who the user is.
@Suite(.timeLimit(.minutes(2)))
struct RouteTests {
    @Test(arguments: [1, 2]) func `a session runs inside another one`(jumps: Int) async throws {
        try await SocketServer.with { daemon in
            try await SSHServer.with { server in
                try await SSHTunnels.withTunnels { tunnels in
                    let hops = try Array(repeating: server.hop(), count: jumps + 1)
                    let tunnel = try await tunnels.open(route: SSHRoute(hops: hops, socketPath: daemon.path))
                    #expect(try await SocketClient.get(tunnel.localPath, 5_000_000) == 5_000_000)
                    #expect(try await server.sessions().count == jumps + 1)
                }
            }
        }
    }

    @Test func `a jump host that cannot reach the next one is named`() async throws {
        try await SSHServer.with { server in
            try await SSHTunnels.withTunnels { tunnels in
                var last = try server.hop()
                last.port = 1
                let hops = [try server.hop(), last]
                let error = await #expect(throws: SSHError.self) {
                    _ = try await tunnels.open(route: SSHRoute(hops: hops, socketPath: "/x"))
                }
                #expect(error?.code == .jumpRefused)
            }
        }
    }

    @Test(arguments: ["ed25519", "ecdsa", "rsa"]) func `an agent signs`(type: String) async throws {
        try await SocketServer.with { daemon in
            try await SSHServer.with { server in
                let key = "\(server.folder)/agent_key"
                try await Command.run("ssh-keygen", ["-qt", type, "-N", "", "-f", key])
                try await Command.run("sh", ["-c", "cat \(key).pub >> \(server.folder)/authorized"])
                let signer = try await SigningAgent.with(key: key, folder: server.folder) { agent in
                    try await SSHTunnels.withTunnels { tunnels in
                        let hop = try server.hop(identities: [agent])
                        let tunnel = try await tunnels.open(route: SSHRoute(hops: [hop], socketPath: daemon.path))
                        #expect(try await SocketClient.get(tunnel.localPath, 10) == 10)
                        return true
                    }
                }
                #expect(signer)
            }
        }
    }

    @Test func `keys that the server does not know are listed`() async throws {
        try await SSHServer.with { server in
            let key = "\(server.folder)/other"
            try await Command.run("ssh-keygen", ["-qt", "ecdsa", "-N", "", "-f", key])
            let bytes = try await Command.bytes("cat", [key])
            let hop = try server.hop(identities: [
                .key(name: "other", privateKey: bytes), .key(name: "broken", privateKey: [1, 2, 3]),
            ])
            try await SSHTunnels.withTunnels { tunnels in
                let error = await #expect(throws: SSHError.self) {
                    _ = try await tunnels.open(route: SSHRoute(hops: [hop], socketPath: "/x"))
                }
                #expect(error?.code == .noIdentityAccepted)
                #expect(error?.message.contains("other (refused), broken (") == true)
                #expect(error?.message.contains("publickey") == true)
            }
        }
    }

    @Test func `an identity that never signs is given up`() async throws {
        try await SSHServer.with { server in
            let publicKey = try String(contentsOfFile: "\(server.folder)/user.pub", encoding: .utf8).split(
                separator: " ")
            let blob = [UInt8](Data(base64Encoded: String(publicKey[1])) ?? Data())
            let silent = SSHIdentity.signer(name: "silent", publicKey: blob) { _, _ in
                try await Task.sleep(for: .seconds(100_000))
                return []
            }
            var settings = SSHTunnels.Settings()
            settings.authenticationTimeout = .milliseconds(300)
            try await SSHTunnels.withTunnels(settings) { tunnels in
                let route = SSHRoute(hops: [try server.hop(identities: [silent])], socketPath: "/x")
                let error = await #expect(throws: SSHError.self) { _ = try await tunnels.open(route: route) }
                #expect(error?.code == .timedOut)
                #expect(error?.message.contains("no authentication") == true)
            }
        }
    }

    @Test func `the verifier's error is handed on`() async throws {
        struct Refusal: Error {}
        try await SSHServer.with { server in
            try await SSHTunnels.withTunnels { tunnels in
                let hop = try server.hop { key in
                    #expect(key.type == "ssh-ed25519")
                    throw Refusal()
                }
                let error = await #expect(throws: SSHError.self) {
                    _ = try await tunnels.open(route: SSHRoute(hops: [hop], socketPath: "/x"))
                }
                #expect(error?.code == .hostKeyRefused)
                #expect(error?.cause is Refusal)
            }
        }
    }

    @Test func `a server with other algorithms shows what it offers`() async throws {
        try await SSHServer.with(["Ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com"]) { server in
            try await SSHTunnels.withTunnels { tunnels in
                let error = await #expect(throws: SSHError.self) {
                    _ = try await tunnels.open(route: server.route(to: "/x"))
                }
                #expect(error?.code == .noCommonAlgorithm)
                let expected = ["chacha20-poly1305@openssh.com", "aes256-gcm@openssh.com"]
                #expect(error?.proposals?.server.ciphersToClient == expected)
                #expect(error?.proposals?.offered.ciphersToServer.contains("aes128-ctr") == true)
            }
        }
    }

    @Test(arguments: ["ecdsa-sha2-nistp256", "ssh-rsa"])
    func `a server without the host key that is asked for shows what it offers`(algorithm: String) async throws {
        try await SSHServer.with { server in
            try await SSHTunnels.withTunnels { tunnels in
                var hop = try server.hop()
                hop.hostKeyAlgorithms = [algorithm]
                let route = SSHRoute(hops: [hop], socketPath: "/x")
                let error = await #expect(throws: SSHError.self) { _ = try await tunnels.open(route: route) }
                #expect(error?.code == .noCommonAlgorithm)
                #expect(error?.message.contains("host key: the server offers ssh-ed25519, ") == true)
                #expect(error?.proposals?.server.hostKey == ["ssh-ed25519"])
                #expect(error?.proposals?.server.ciphersToServer.contains("aes128-ctr") == true)
            }
        }
    }
}
