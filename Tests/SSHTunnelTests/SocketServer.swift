import NIOCore
import NIOPosix

@testable import SSHTunnel

/// What stands for a daemon: a Unix socket whose first line of a connection says what it does.
///
/// `GET /N` answers as HTTP with N bytes, `ECHO` sends everything back, `COUNT` says how much came once the client has
/// ended, `HOLD` reads nothing.
struct SocketServer: Sendable {
    let path: String
    private let listener: any Channel

    static func with<Value>(_ body: (SocketServer) async throws -> Value) async throws -> Value {
        let folder = try TemporaryFolder.make()
        defer { TemporaryFolder.remove(folder) }
        return try await with(path: "\(folder)/daemon.sock", body)
    }

    static func with<Value>(path: String, _ body: (SocketServer) async throws -> Value) async throws -> Value {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler())
                }
            }
            .bind(unixDomainSocketPath: path).get()
        let server = SocketServer(path: path, listener: listener)
        do {
            let value = try await body(server)
            try await server.stop()
            return value
        } catch {
            try await server.stop()
            throw error
        }
    }

    /// Accepts nothing more and removes the socket.
    func stop() async throws {
        do { try await listener.close() } catch ChannelError.alreadyClosed {}
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private enum Mode {
            case line
            case echo
            case count(Int)
            case sink
        }

        private var mode = Mode.line
        private var buffer = ByteBuffer()
        private var rest = 0
        private static let block = ByteBuffer(repeating: 120, count: 64 << 10)

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var bytes = unwrapInboundIn(data)
            switch mode {
            case .line:
                buffer.writeBuffer(&bytes)
                readLines(context)
            case .echo: context.writeAndFlush(NIOAny(bytes), promise: nil)
            case .count(let count): mode = .count(count + bytes.readableBytes)
            case .sink: break
            }
        }

        private func readLines(_ context: ChannelHandlerContext) {
            while let end = buffer.readableBytesView.firstIndex(of: UInt8(ascii: "\n")), case .line = mode {
                let line = buffer.readString(length: end - buffer.readerIndex + 1) ?? ""
                start(line, context)
            }
        }

        private func start(_ line: String, _ context: ChannelHandlerContext) {
            if line.hasPrefix("GET /") {
                rest = Int(line.dropFirst(5).prefix { $0.isNumber }) ?? 0
                let head = "HTTP/1.1 200 OK\r\nContent-Length: \(rest)\r\n\r\n"
                context.write(NIOAny(ByteBuffer(string: head)), promise: nil)
                fill(context)
            } else if line == "ECHO\n" {
                mode = .echo
                context.writeAndFlush(NIOAny(buffer), promise: nil)
            } else if line == "COUNT\n" {
                mode = .count(buffer.readableBytes)
            } else if line == "HOLD\n" {
                mode = .sink
                context.channel.setOption(.autoRead, value: false).whenComplete { _ in }
            }
        }

        private func fill(_ context: ChannelHandlerContext) {
            while rest > 0, context.channel.isWritable {
                let count = min(rest, Self.block.readableBytes)
                rest -= count
                context.write(NIOAny(Self.block.getSlice(at: 0, length: count) ?? ByteBuffer()), promise: nil)
                context.flush()
            }
            context.flush()
        }

        func channelWritabilityChanged(context: ChannelHandlerContext) { fill(context) }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            guard case .inputClosed? = event as? ChannelEvent else { return }
            let channel = context.channel
            if case .count(let count) = mode {
                channel.writeAndFlush(ByteBuffer(string: "\(count)\n")).whenComplete { _ in channel.close(promise: nil)
                }
            } else {
                channel.writeAndFlush(ByteBuffer()).whenComplete { _ in channel.close(promise: nil) }
            }
        }
    }
}

/// A client of a Unix socket.
enum SocketClient {
    typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    static func connect(_ path: String) async throws -> Connection {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
    }

    /// Sends everything, ends its direction when asked, and returns what came until the other side ended.
    static func exchange(_ path: String, _ chunks: [ByteBuffer]) async throws -> ByteBuffer {
        try await connect(path).executeThenClose { inbound, outbound in
            async let sent: Void = send(chunks, outbound)
            var received = ByteBuffer()
            for try await var bytes in inbound { received.writeBuffer(&bytes) }
            try? await sent
            return received
        }
    }

    private static func send(_ chunks: [ByteBuffer], _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws
    {
        for chunk in chunks { try await outbound.write(chunk) }
        outbound.finish()
    }

    /// The number of bytes of the body of one GET.
    static func get(_ path: String, _ count: Int) async throws -> Int {
        try await connect(path).executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: "GET /\(count) HTTP/1.1\r\n"))
            var received = 0
            let head = "HTTP/1.1 200 OK\r\nContent-Length: \(count)\r\n\r\n".utf8.count
            for try await bytes in inbound {
                received += bytes.readableBytes
                if received >= head + count { break }
            }
            return received - head
        }
    }
}
