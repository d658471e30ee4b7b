import NIOCore
import NIOPosix
import SSHAddressing
import Synchronization
import Testing

@testable import OpenSSH

/// A unix socket that greets each connection and closes it.
private func withGreeter<Value>(
    at path: String, _ body: () async throws -> Value
) async throws -> Value {
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Greeting()) }
        }
        .bind(unixDomainSocketPath: path).get()
    do {
        let value = try await body()
        try await server.close()
        return value
    } catch {
        try await server.close()
        throw error
    }
}

private final class Greeting: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(NIOAny(ByteBuffer(string: "hello")), promise: nil)
        context.close(promise: nil)
    }
}

/// Everything that a socket sends until it closes.
private func greeting(of path: String) async throws -> String {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(unixDomainSocketPath: path) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
    return try await channel.executeThenClose { inbound, _ in
        try await inbound.reduce(into: "") { $0 += String(buffer: $1) }
    }
}

@Suite(.timeLimit(.minutes(5)))
struct SystemForwarderTests {
    private static func target(
        _ workshop: Workshop, _ host: String = "web1", socket: String = "remote.sock"
    ) async throws -> SystemForwarder.Target {
        let address = try SSHAddress("ssh://\(host)\(workshop.path(socket))")
        let settings = try await SettingsResolver(workshop.installation).settings(of: address)
        return SystemForwarder.Target(address, settings: settings, localSocket: workshop.path("local.sock"))
    }

    private static func failure(
        _ workshop: Workshop, _ host: String = "web1"
    ) async throws -> SSHFailure? {
        let target = try await target(workshop, host)
        return await #expect(throws: SSHFailure.self) {
            try await SystemForwarder(workshop.installation, terminal: .none)
                .withForwarding(to: target) { _ in
                } _: {
                    Issue.record("there is a connection")
                }
        }
    }

    @Test func `a socket is forwarded, and ssh is gone afterwards`() async throws {
        try await Workshop.open { workshop in
            try await SSHServer.run(in: workshop) { server in
                try workshop.write(server.configuration(in: workshop), to: "config")
                let target = try await Self.target(workshop, socket: "re %25:mote.sock")
                try await withGreeter(at: target.address.socketPath) {
                    let forwarder = SystemForwarder(workshop.installation, terminal: .none)
                    let text = try await forwarder.withForwarding(to: target) {
                        Issue.record($0)
                    } _: {
                        try await greeting(of: target.localSocket)
                    }
                    #expect(text == "hello")
                }
                #expect(try await isRunning(target.localSocket, workshop) == false)
                #expect(!KeyFile.exists(target.localSocket))
            }
        }
    }

    @Test func `a socket is forwarded through a jump`() async throws {
        try await Workshop.open { workshop in
            try await SSHServer.run(in: workshop) { server in
                let first = try server.configuration(in: workshop)
                let second = first.replacing("Host web1", with: "Host web2\n    ProxyJump web1")
                try workshop.write(first + second, to: "config")
                let target = try await Self.target(workshop, "web2")
                try await withGreeter(at: target.address.socketPath) {
                    let text = try await SystemForwarder(workshop.installation, terminal: .none)
                        .withForwarding(to: target) {
                            Issue.record($0)
                        } _: {
                            try await greeting(of: target.localSocket)
                        }
                    #expect(text == "hello")
                }
            }
        }
    }

    @Test func `a host that its jump does not reach is told apart from a refused socket`() async throws {
        try await Workshop.open { workshop in
            try await SSHServer.run(in: workshop) { server in
                let port = try await SSHServer.freePort()
                let configuration = try server.configuration(in: workshop)
                try workshop.write(
                    configuration + "Host web2\n HostName 127.0.0.1\n Port \(port)\n ProxyJump web1\n", to: "config")
                let failure = try await Self.failure(workshop, "web2")
                #expect(failure?.category == .unreachable)
            }
        }
    }

    @Test func `host keys that are not trusted are told apart`() async throws {
        try await Workshop.open { workshop in
            try await SSHServer.run(in: workshop) { server in
                try await workshop.makeKey("other")
                try workshop.write(server.configuration(in: workshop, trusting: nil), to: "config")
                #expect(try await Self.failure(workshop)?.category == .hostKeyUnknown)
                try workshop.write(server.configuration(in: workshop, trusting: "other"), to: "config")
                #expect(try await Self.failure(workshop)?.category == .hostKeyChanged)
                let known = "@revoked * \(try workshop.publicLine("host"))\n"
                try workshop.write(known, to: "known")
                #expect(try await Self.failure(workshop)?.category == .hostKeyRevoked)
            }
        }
    }

    @Test func `our verdict on another type of key is that of ssh`() async throws {
        try await Workshop.open { workshop in
            try await SSHServer.run(in: workshop) { server in
                try await workshop.makeKey("other", "ecdsa")
                try workshop.write(
                    server.configuration(in: workshop, trusting: "other")
                        + "    StrictHostKeyChecking accept-new\n", to: "config")
                #expect(try await Self.failure(workshop)?.category == .hostKeyChanged)
            }
        }
    }

    @Test func `a key that is not authorised is a denied permission`() async throws {
        try await Workshop.open { workshop in
            try await SSHServer.run(in: workshop) { server in
                try workshop.write("", to: "authorized")
                try workshop.write(server.configuration(in: workshop), to: "config")
                let failure = try await Self.failure(workshop)
                #expect(failure?.category == .permissionDenied)
                #expect(failure?.description.contains("(publickey)") == true)
            }
        }
    }

    @Test func `a server without a common algorithm is told with its offer`() async throws {
        try await Workshop.open { workshop in
            try await SSHServer.run(in: workshop, settings: "Ciphers aes256-gcm@openssh.com") { server in
                try workshop.write(server.configuration(in: workshop) + "    Ciphers aes128-ctr\n", to: "config")
                let failure = try await Self.failure(workshop)
                #expect(failure?.category == .noCommonAlgorithm)
                #expect(failure?.description.contains("aes256-gcm@openssh.com") == true)
            }
        }
    }

    @Test func `hosts that are not there are told apart`() async throws {
        try await Workshop.open { workshop in
            let port = try await SSHServer.freePort()
            #expect(try await Self.failure(workshop, "127.0.0.1:\(port)")?.category == .refused)
            #expect(try await Self.failure(workshop, "no-such-host.invalid")?.category == .nameNotResolved)
        }
    }

    @Test func `a peer that says nothing is given up after ConnectTimeout`() async throws {
        try await Workshop.open { workshop in
            let silent = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .bind(host: "127.0.0.1", port: 0).get()
            let port = try #require(silent.localAddress?.port)
            try workshop.write("ConnectTimeout 1", to: "config")
            #expect(try await Self.failure(workshop, "127.0.0.1:\(port)")?.category == .timedOut)
            try await silent.close()
        }
    }

    @Test(arguments: ["", "AllowStreamLocalForwarding no"])
    func `a socket that the server does not open is noticed while the session lives`(settings: String) async throws {
        try await Workshop.open { workshop in
            try await SSHServer.run(in: workshop, settings: settings) { server in
                try workshop.write(server.configuration(in: workshop), to: "config")
                let target = try await Self.target(workshop)
                let (notices, signal) = AsyncStream.makeStream(of: SSHFailure.self)
                try await SystemForwarder(workshop.installation, terminal: .none).withForwarding(to: target) {
                    signal.yield($0)
                } _: {
                    let text = try await greeting(of: target.localSocket)
                    #expect(text == "")
                    var iterator = notices.makeAsyncIterator()
                    #expect(await iterator.next()?.category == .forwardingRefused)
                }
            }
        }
    }

    @Test func `the end of the connection is noticed with its reason`() async throws {
        try await Workshop.open { workshop in
            let (notices, signal) = AsyncStream.makeStream(of: SSHFailure.self)
            try await SSHServer.run(in: workshop) { server in
                try workshop.write(server.configuration(in: workshop), to: "config")
                let target = try await Self.target(workshop)
                try await SystemForwarder(workshop.installation, terminal: .none).withForwarding(to: target) {
                    signal.yield($0)
                } _: {
                    try await server.endSessions(workshop)
                    // The socket is absent, which the first connection has found out.
                    let ends = notices.filter { $0.category != .forwardingRefused }
                    var iterator = ends.makeAsyncIterator()
                    let failure = await iterator.next()
                    #expect(failure?.category == .closed)
                }
            }
        }
    }

    @Test func `ssh ends when the task is cancelled`() async throws {
        try await Workshop.open { workshop in
            try await SSHServer.run(in: workshop) { server in
                try workshop.write(server.configuration(in: workshop), to: "config")
                let target = try await Self.target(workshop)
                let (ready, signal) = AsyncStream.makeStream(of: Void.self)
                let task = Task {
                    try await SystemForwarder(workshop.installation, terminal: .none)
                        .withForwarding(to: target) { _ in
                        } _: {
                            signal.yield()
                            try await Task.sleep(for: .seconds(1000))
                        }
                }
                for await _ in ready { break }
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
                #expect(try await isRunning(target.localSocket, workshop) == false)
            }
        }
    }

    @Test func `a configuration that ssh refuses is told`() async throws {
        try await Workshop.open { workshop in
            let target = try await Self.target(workshop)
            try workshop.write("Nonsense yes\n", to: "config")
            let failure = await #expect(throws: SSHFailure.self) {
                try await SystemForwarder(workshop.installation, terminal: .none)
                    .withForwarding(to: target) { _ in
                    } _: {
                    }
            }
            #expect(failure?.category == .configuration)
        }
    }
}
