import Crypto
import NIOCore
import NIOPosix
import RecastTesting
import SSHWire
import Testing

@testable import OpenSSH

/// A local socket that answers every connection with fixed bytes.
private func withFakeAgent(
    _ reply: [UInt8], closes: Bool, in workshop: Workshop, _ body: (String) async throws -> Void
) async throws {
    let path = workshop.path("fake.sock")
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(FixedReply(bytes: reply, closes: closes))
            }
        }
        .bind(unixDomainSocketPath: path).get()
    try await body(path)
    try await server.close()
}

private final class FixedReply: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let bytes: [UInt8]
    private let closes: Bool

    init(bytes: [UInt8], closes: Bool) {
        self.bytes = bytes
        self.closes = closes
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
        if closes { context.close(promise: nil) }
    }
}

@Suite(.timeLimit(.minutes(5)))
struct AgentTests {
    @Test func `keys of a real agent are listed and sign`() async throws {
        try await Workshop.open { workshop in
            try await workshop.makeKey("a")
            try await workshop.makeKey("r", "rsa", options: ["-b", "2048"])
            try await withAgent(holding: ["a", "r"], in: workshop) { path in
                let agent = SSHAgent(socketPath: path)
                let keys = try await agent.keys()
                #expect(keys.map(\.comment) == ["a", "r"])
                let ed25519 = try workshop.publicKey("a")
                #expect(keys.map(\.blob) == [ed25519.blob, try workshop.publicKey("r").blob])
                let data = Array("to be signed".utf8)
                let signature = try await agent.sign(data, key: ed25519.blob, algorithm: "ssh-ed25519")
                let publicKey = try Curve25519.Signing.PublicKey(rawRepresentation: ed25519.blob.suffix(32))
                #expect(publicKey.isValidSignature(signature.bytes, for: data))
                for algorithm in ["rsa-sha2-256", "rsa-sha2-512"] {
                    let rsa = try await agent.sign(data, key: keys[1].blob, algorithm: algorithm)
                    #expect(rsa.algorithm == algorithm && rsa.bytes.count == 256)
                }
            }
        }
    }

    @Test func `a key that the agent has not is refused`() async throws {
        try await Workshop.open { workshop in
            try await workshop.makeKey("a")
            try await workshop.makeKey("b")
            try await withAgent(holding: ["a"], in: workshop) { path in
                let agent = SSHAgent(socketPath: path)
                let other = try workshop.publicKey("b").blob
                await #expect(throws: SSHAgentError(path, .refused)) {
                    try await agent.sign([1], key: other, algorithm: "ssh-ed25519")
                }
            }
        }
    }

    @Test(
        arguments: [
            ([], true, SSHAgentError.Problem.closed), ([0, 0, 0, 5, 12], true, .closed), ([], false, .timedOut),
            ([0, 0, 0, 5, 12], false, .timedOut), ([255, 255, 255, 255], false, .malformed),
            ([0, 0, 0, 0], false, .malformed),
            ([0, 0, 0, 1, 5], false, .refused), ([0, 0, 0, 1, 99], false, .malformed),
            ([0, 0, 0, 1, 12], false, .malformed),
            ([0, 0, 0, 5, 12, 255, 255, 255, 255], false, .malformed),
            ([0, 0, 0, 5, 12, 0, 0, 0, 1], false, .malformed),
            (Array("HTTP/1.1 400 Bad Request\r\n".utf8), false, .malformed),
        ] as [([UInt8], Bool, SSHAgentError.Problem)])
    func `an agent that gives no list is an error`(
        reply: [UInt8], closes: Bool, problem: SSHAgentError.Problem
    ) async throws {
        try await Workshop.open { workshop in
            try await withFakeAgent(reply, closes: closes, in: workshop) { path in
                let limit: Duration = problem == .timedOut ? .milliseconds(200) : .seconds(100)
                await #expect(throws: SSHAgentError(path, problem)) {
                    try await SSHAgent(socketPath: path, listLimit: limit).keys()
                }
            }
        }
    }

    @Test func `a signature by another hash than asked for is an error`() async throws {
        try await Workshop.open { workshop in
            var signature: [UInt8] = []
            signature += WireWriter.string(Array("ssh-rsa".utf8))
            signature += WireWriter.string([1, 2, 3])
            var message: [UInt8] = [14]
            message += WireWriter.string(signature)
            var reply: [UInt8] = []
            reply += WireWriter.string(message)
            try await withFakeAgent(reply, closes: false, in: workshop) { path in
                await #expect(throws: SSHAgentError(path, .otherAlgorithm("ssh-rsa"))) {
                    try await SSHAgent(socketPath: path).sign([1], key: [2], algorithm: "rsa-sha2-512")
                }
            }
        }
    }

    @Test func `an absent agent is an error, and a cancelled request ends`() async throws {
        try await Workshop.open { workshop in
            let error = await #expect(throws: SSHAgentError.self) {
                try await SSHAgent(socketPath: workshop.path("absent")).keys()
            }
            guard case .unreachable = error?.problem else {
                Issue.record("\(String(describing: error))")
                return
            }
            try await withFakeAgent([], closes: false, in: workshop) { path in
                await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try await SSHAgent(socketPath: path, listLimit: .seconds(1000)).keys() }
                    group.cancelAll()
                    await #expect(throws: CancellationError.self) { try await group.next() }
                }
            }
        }
    }

    @Test func `random replies are read or refused`() {
        var list: [UInt8] = [12, 0, 0, 0, 1]
        list += WireWriter.string([1, 2, 3])
        list += WireWriter.string(Array("comment".utf8))
        var generator = SeededGenerator(seed: 13)
        var read = 0
        for _ in 0..<5000 {
            if (try? AgentMessage.keys(in: generator.damaged(list))) != nil { read += 1 }
            _ = try? AgentMessage.signature(in: [14] + generator.bytes(upTo: 40))
        }
        #expect(read > 100)
    }
}
