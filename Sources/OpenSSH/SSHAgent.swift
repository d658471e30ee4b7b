import NIOCore
import NIOPosix
import SSHAddressing

/// A client of an SSH agent: each request has a connection of its own.
package struct SSHAgent: Hashable, Sendable {
    /// A public key that the agent can sign with.
    package struct Key: Hashable, Sendable {
        package let blob: [UInt8]
        package let comment: String
    }
    package struct Signature: Hashable, Sendable {
        package let algorithm: String
        /// The signature alone, without the name of its algorithm.
        package let bytes: [UInt8]
    }

    package let socketPath: String
    private let listLimit: Duration
    private let signLimit: Duration

    /// A signature may take longer than a list: some agents ask their user first.
    package init(socketPath: String, listLimit: Duration = .seconds(5), signLimit: Duration = .seconds(60)) {
        self.socketPath = socketPath
        self.listLimit = listLimit
        self.signLimit = signLimit
    }

    /// The keys, in the agent's order.
    ///
    /// - Throws: ``SSHAgentError`` or `CancellationError`.
    package func keys() async throws -> [Key] {
        let reply = try await exchange(AgentMessage.listRequest, within: listLimit)
        do throws(SSHAgentError.Problem) {
            return try AgentMessage.keys(in: reply)
        } catch {
            throw SSHAgentError(socketPath, error)
        }
    }

    /// Signs data with the key of the given encoding; `algorithm` chooses the hash of RSA signatures.
    ///
    /// - Throws: ``SSHAgentError`` or `CancellationError`; a signature by another algorithm is an error.
    package func sign(_ data: [UInt8], key: [UInt8], algorithm: String) async throws -> Signature {
        let flags: UInt32 =
            switch algorithm {
            case "rsa-sha2-256": 2
            case "rsa-sha2-512": 4
            default: 0
            }
        let reply = try await exchange(AgentMessage.signRequest(data, key: key, flags: flags), within: signLimit)
        do throws(SSHAgentError.Problem) {
            let signature = try AgentMessage.signature(in: reply)
            guard flags == 0 || signature.algorithm == algorithm else { throw .otherAlgorithm(signature.algorithm) }
            return signature
        } catch {
            throw SSHAgentError(socketPath, error)
        }
    }

    private func exchange(_ message: [UInt8], within limit: Duration) async throws -> [UInt8] {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let reply = loop.makePromise(of: [UInt8].self)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: loop)
                .connectTimeout(.init(limit))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(AgentExchange(reply: reply))
                    }
                }
                .connect(unixDomainSocketPath: socketPath).get()
        } catch {
            reply.fail(error)
            try Task.checkCancellation()
            throw SSHAgentError(socketPath, .unreachable("\(error)"))
        }
        let alarm = loop.scheduleTask(in: .init(limit)) {
            reply.fail(SSHAgentError.Problem.timedOut)
        }
        defer { alarm.cancel() }
        return try await withTaskCancellationHandler {
            do {
                var frame = channel.allocator.buffer(capacity: message.count + 4)
                frame.writeInteger(UInt32(message.count))
                frame.writeBytes(message)
                channel.writeAndFlush(frame, promise: nil)
                let bytes = try await reply.futureResult.get()
                channel.close(promise: nil)
                return bytes
            } catch {
                channel.close(promise: nil)
                try Task.checkCancellation()
                throw SSHAgentError(socketPath, error as? SSHAgentError.Problem ?? .unreachable("\(error)"))
            }
        } onCancel: {
            channel.close(promise: nil)
        }
    }
}

/// Collects one reply: a length of four bytes, and the message.
private final class AgentExchange: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let reply: EventLoopPromise<[UInt8]>
    private var received = ByteBuffer()

    init(reply: EventLoopPromise<[UInt8]>) {
        self.reply = reply
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        received.writeBuffer(&part)
        guard let length = received.getInteger(at: received.readerIndex, as: UInt32.self) else { return }
        guard (1...AgentMessage.sizeLimit).contains(Int(length)) else {
            fail(.malformed, context)
            return
        }
        guard received.readableBytes >= Int(length) + 4 else { return }
        received.moveReaderIndex(forwardBy: 4)
        reply.succeed(received.readBytes(length: Int(length)) ?? [])
    }

    func channelInactive(context: ChannelHandlerContext) {
        reply.fail(SSHAgentError.Problem.closed)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(.unreachable("\(error)"), context)
    }

    private func fail(_ problem: SSHAgentError.Problem, _ context: ChannelHandlerContext) {
        reply.fail(problem)
        context.close(promise: nil)
    }
}

/// An agent that gives no answer that can be used.
package struct SSHAgentError: Error, Hashable, CustomStringConvertible {
    package enum Problem: Error, Hashable, Sendable {
        case unreachable(String)
        case closed
        case timedOut
        case malformed
        /// The agent does not do it: it is locked, its user said no, or it no longer has the key.
        case refused
        /// The agent has signed by another algorithm than it was asked to.
        case otherAlgorithm(String)
    }
    package let socketPath: String
    package let problem: Problem

    init(_ socketPath: String, _ problem: Problem) {
        self.socketPath = socketPath
        self.problem = problem
    }

    package var description: String {
        let agent = "the SSH agent at \(socketPath.printable)"
        return switch problem {
        case .unreachable(let reason): "\(agent) cannot be reached: \(reason)"
        case .closed: "\(agent) has closed the connection without an answer"
        case .timedOut: "\(agent) does not answer"
        case .malformed: "\(agent) does not speak the agent's protocol"
        case .refused: "\(agent) refuses: it may be locked, or its user has said no"
        case .otherAlgorithm(let name): "\(agent) signs with '\(name.printable)' only; it is too old for this server"
        }
    }
}
