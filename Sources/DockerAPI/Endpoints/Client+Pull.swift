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
    /// It throws `EngineError` also when the stream, which began with 200, ends with an error.
    package func pull(
        _ repository: String, version: String, receive: (PullMessage) async throws -> Void
    ) async throws {
        let call = EngineTransport.Call(
            .post, "/images/create", query: [("fromImage", repository), ("tag", version)], timeout: .seconds(3600))
        try await transport.send(call) { response in
            var pending = ByteBuffer()
            for try await chunk in response.body {
                pending.writeImmutableBuffer(chunk)
                while let line = pending.readLine() { try await Self.handle(line, of: call, receive) }
                pending.discardReadBytes()
            }
            try await Self.handle(pending, of: call, receive)
        }
    }

    private static func handle(
        _ line: ByteBuffer, of call: EngineTransport.Call, _ receive: (PullMessage) async throws -> Void
    ) async throws {
        guard let message = try? JSONDecoder().decode(PullMessage.self, from: Data(line.readableBytesView)) else {
            return
        }
        if let error = message.error {
            throw EngineError(.status, route: call.route, message: error)
        }
        do { try await receive(message) } catch { throw ReceiverError(cause: error) }
    }
}

extension ByteBuffer {
    /// Takes the bytes up to and including the next line feed; `nil` while there is none.
    fileprivate mutating func readLine() -> ByteBuffer? {
        guard let end = readableBytesView.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        return readSlice(length: end - readerIndex + 1)
    }
}
