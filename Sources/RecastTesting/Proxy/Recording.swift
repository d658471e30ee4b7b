import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A question to an engine and its answer, as a line of a recording.
///
/// The body is in base 64 where it is no UTF-8. Recordings hold whatever the engine said: names, environments, secrets.
package struct RecordedExchange: Codable, Sendable {
    private let method: String
    private let target: String
    private let status: Int
    private let headers: [String: String]
    private let text: String?
    private let bytes: Data?
    /// How long the engine took for it.
    private let seconds: Double

    package init(_ call: HTTPCall, _ reply: HTTPReply, seconds: Double) {
        method = call.method
        target = call.target
        status = reply.status
        headers = Dictionary(reply.headers.map { ($0.name, $0.value) }) { $1 }
        text = String(validating: reply.body, as: UTF8.self)
        bytes = text == nil ? Data(reply.body) : nil
        self.seconds = seconds
    }

    fileprivate var key: String { "\(method) \(target)" }

    fileprivate func reply(pausing: Bool) -> HTTPReply {
        let body = HTTPReply.Piece.bytes(text.map { Array($0.utf8) } ?? bytes.map { Array($0) } ?? [])
        var reply = HTTPReply(
            status, contentType: "", pieces: pausing ? [.pause(.seconds(seconds)), body] : [body])
        reply.headers = headers.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        return reply
    }
}

/// Passes calls on to an engine and keeps what it answers, each as a whole: none that never ends is passed on.
package final class EngineRecorder: Sendable {
    private let engine: PlainClient
    private let write: @Sendable (RecordedExchange) throws -> Void

    /// `write` gets each exchange when it is over.
    package init(engine socket: String, write: @escaping @Sendable (RecordedExchange) throws -> Void) {
        engine = PlainClient(socketPath: socket)
        self.write = write
    }

    package func answer(_ call: HTTPCall) async throws -> HTTPAnswer {
        let start = ContinuousClock.now
        let reply = try await engine.reply(to: call)
        try write(RecordedExchange(call, reply, seconds: (ContinuousClock.now - start) / .seconds(1)))
        return .reply(reply)
    }
}

/// Answers as a recording does.
///
/// What is asked again gets the next answer, and the last one when there is no other. What was never asked gets 404.
package final class EngineReplay: Sendable {
    private let waiting: Mutex<[String: [RecordedExchange]]>
    private let isPaced: Bool

    /// `isPaced`: each answer takes as long as it took then.
    package init(_ recording: [RecordedExchange], isPaced: Bool = false) {
        waiting = Mutex(Dictionary(grouping: recording, by: \.key))
        self.isPaced = isPaced
    }

    package func answer(_ call: HTTPCall) -> HTTPAnswer {
        let key = "\(call.method) \(call.target)"
        let exchange = waiting.withLock { waiting -> RecordedExchange? in
            guard var answers = waiting[key], let next = answers.first else { return nil }
            if answers.count > 1 { answers.removeFirst() }
            waiting[key] = answers
            return next
        }
        guard let exchange else { return .reply(.json(404, ["message": .string("nothing recorded for \(key)")])) }
        return .reply(exchange.reply(pausing: isPaced))
    }
}
