import AsyncHTTPClient
import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension EngineClient {
    /// `POST /images/create`: pulls, giving every message of the stream to `receive`, in order.
    ///
    /// `repository`: without tag or digest.
    ///
    /// `version`: a tag or a digest.
    ///
    /// `platform`: `os[/architecture[/variant]]` of which to take the image; `nil`: the host's.
    ///
    /// `auth`: what the daemon shows the registry; it keeps nothing of it.
    ///
    /// It throws `EngineError` also when the stream, which began with 200, ends with an error.
    package func pull(
        _ repository: String, version: String, platform: String? = nil, auth: RegistryAuth? = nil,
        receive: (PullMessage) async throws -> Void
    ) async throws {
        let call = EngineTransport.Call(
            .post, "/images/create",
            query: [("fromImage", repository), ("tag", version)] + (platform.map { [("platform", $0)] } ?? []),
            headers: try auth?.headers ?? [], timeout: .seconds(3600))
        try await transport.send(call) { response in
            try await withThrowingTaskGroup(of: Void.self) { group in
                let (messages, stream) = AsyncThrowingStream<PullMessage, any Error>.makeStream()
                let limit = transport.limit(call)
                group.addTask { await Self.read(response.body, of: call, into: stream) }
                group.addTask {
                    try await pause(limit)
                    stream.finish(throwing: HTTPClientError.deadlineExceeded)
                }
                defer { group.cancelAll() }
                for try await message in messages {
                    do { try await receive(message) } catch { throw ReceiverError(cause: error) }
                }
                try Task.checkCancellation()
            }
        }
    }

    /// A message of a pull has a few hundred bytes.
    private static let longestLine = 1 << 20

    private static func read(
        _ body: HTTPClientResponse.Body, of call: EngineTransport.Call,
        into stream: AsyncThrowingStream<PullMessage, any Error>.Continuation
    ) async {
        do {
            var pending = ByteBuffer()
            for try await chunk in body {
                pending.writeImmutableBuffer(chunk)
                while let line = pending.readLine() { try Self.handle(line, of: call, stream) }
                guard pending.readableBytes <= longestLine else { throw NIOTooManyBytesError(maxBytes: longestLine) }
                pending.discardReadBytes()
            }
            try Self.handle(pending, of: call, stream)
            stream.finish()
        } catch {
            stream.finish(throwing: error)
        }
    }

    private static func handle(
        _ line: ByteBuffer, of call: EngineTransport.Call,
        _ stream: AsyncThrowingStream<PullMessage, any Error>.Continuation
    ) throws {
        guard let message = try? JSONDecoder().decode(PullMessage.self, from: Data(line.readableBytesView)) else {
            return
        }
        if let error = message.error {
            throw EngineError(.status, route: call.route, message: error)
        }
        stream.yield(message)
    }
}

extension ByteBuffer {
    /// Takes the bytes up to and including the next line feed; `nil` while there is none.
    fileprivate mutating func readLine() -> ByteBuffer? {
        guard let end = readableBytesView.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        return readSlice(length: end - readerIndex + 1)
    }
}
