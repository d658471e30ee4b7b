import NIOCore
import NIOPosix
import SSHWire
import Testing

@testable import SSHTunnel

/// Servers that do not speak SSH, or speak it badly.
@Suite(.timeLimit(.minutes(2)))
struct HostileServerTests {
    private static let hello = Array("SSH-2.0-Hostile\r\n".utf8)
    private static let names = [
        "curve25519-sha256", "ssh-ed25519", "aes128-ctr", "aes128-ctr", "hmac-sha2-256", "hmac-sha2-256", "none",
        "none", "", "",
    ]
    private static var proposal: [UInt8] {
        let payload: [UInt8] =
            [20] + Array(repeating: 7, count: 16) + names.flatMap { WireWriter.string($0.utf8) } + [0, 0, 0, 0, 0]
        let padding = 8 + (8 - (payload.count + 5) % 8) % 8
        return WireWriter.uint32(payload.count + padding + 1) + [UInt8(padding)] + payload
            + Array(repeating: 0, count: padding)
    }

    /// The error that a server provokes which says something, repeats something, and closes or stays.
    private func failure(
        says: [UInt8], repeats: [UInt8] = [], closes: Bool = true, timeout: Duration = .seconds(60)
    ) async throws -> SSHError? {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Speaker(says, repeats, closes))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let hop = SSHHop(
            host: "127.0.0.1", port: server.localAddress?.port ?? 0, user: "x", connectTimeout: timeout,
            verify: { _ in }, identities: { [] })
        let error = try await SSHTunnels.withTunnels { tunnels in
            await #expect(throws: SSHError.self) {
                _ = try await tunnels.open(route: SSHRoute(hops: [hop], socketPath: "/x"))
            }
        }
        try await server.close()
        return error
    }

    private final class Speaker: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let says: ByteBuffer
        private let repeats: ByteBuffer
        private let closes: Bool

        init(_ says: [UInt8], _ repeats: [UInt8], _ closes: Bool) {
            self.says = ByteBuffer(bytes: says)
            self.repeats = ByteBuffer(bytes: repeats)
            self.closes = closes
        }

        func channelActive(context: ChannelHandlerContext) {
            let channel = context.channel
            let repeats = repeats
            let closes = closes
            channel.writeAndFlush(says).whenSuccess {
                if repeats.readableBytes > 0 {
                    Self.pour(repeats, into: channel)
                } else if closes {
                    channel.close(promise: nil)
                }
            }
        }

        private static func pour(_ bytes: ByteBuffer, into channel: any Channel) {
            channel.eventLoop.execute {
                channel.writeAndFlush(bytes).whenSuccess { pour(bytes, into: channel) }
            }
        }
    }

    @Test func `another protocol is quoted`() async throws {
        let error = try await failure(says: Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
        #expect(error?.code == .notSSH)
        #expect(error?.message.contains("HTTP/1.1 400 Bad Request") == true)
    }

    @Test func `a server that closes at once`() async throws {
        #expect(try await failure(says: [])?.code == .notSSH)
    }

    @Test func `endless lines`() async throws {
        let error = try await failure(says: [], repeats: Array(repeating: 65, count: 1000) + [10])
        #expect(error?.code == .notSSH)
    }

    @Test func `an endless line`() async throws {
        #expect(try await failure(says: [], repeats: Array(repeating: 65, count: 1000))?.code == .notSSH)
    }

    @Test func `silence`() async throws {
        let silence = try await failure(says: [], closes: false, timeout: .milliseconds(300))
        #expect(silence?.code == .timedOut)
        let late = try await failure(says: Self.hello, closes: false, timeout: .milliseconds(300))
        #expect(late?.code == .timedOut)
        let later = try await failure(says: Self.hello + Self.proposal, closes: false, timeout: .milliseconds(300))
        #expect(later?.code == .timedOut)
    }

    @Test func `a close after the greeting or the proposal`() async throws {
        #expect(try await failure(says: Self.hello)?.code == .connectionLost)
        #expect(try await failure(says: Self.hello + Self.proposal)?.code == .connectionLost)
        #expect(try await failure(says: Self.hello + [UInt8](Self.proposal.prefix(40)))?.code == .connectionLost)
    }

    @Test func `a packet of two gigabytes`() async throws {
        let error = try await failure(says: Self.hello + [0x7f, 0xff, 0xff, 0xff, 4, 20], closes: false)
        #expect(error?.code == .protocolViolation)
    }

    @Test func `endless packets instead of a key exchange`() async throws {
        let ignored: [UInt8] = WireWriter.uint32(1004) + [4] + [2] + Array(repeating: 0, count: 1002)
        let error = try await failure(says: Self.hello + Self.proposal, repeats: ignored)
        #expect(error?.code == .protocolViolation)
    }

    @Test func `a port without a server and a name without an address`() async throws {
        for (host, code) in [("127.0.0.1", SSHError.Code.connectionRefused), ("host.invalid", .hostNotFound)] {
            let hop = SSHHop(host: host, port: 1, user: "x", verify: { _ in }, identities: { [] })
            try await SSHTunnels.withTunnels { tunnels in
                let error = await #expect(throws: SSHError.self) {
                    _ = try await tunnels.open(route: SSHRoute(hops: [hop], socketPath: "/x"))
                }
                #expect(error?.code == code)
            }
        }
    }

    @Test func `opening can be cancelled`() async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let hop = SSHHop(
            host: "127.0.0.1", port: server.localAddress?.port ?? 0, user: "x", connectTimeout: .seconds(100),
            verify: { _ in }, identities: { [] })
        let opening = Task {
            try await SSHTunnels.withTunnels { tunnels in
                _ = try await tunnels.open(route: SSHRoute(hops: [hop], socketPath: "/x"))
            }
        }
        opening.cancel()
        let result = await opening.result
        #expect(throws: SSHError.self) { try result.get() }
        try await server.close()
    }
}
