/// A request as the server got it.
package struct HTTPCall: Sendable {
    package let method: String
    /// Path and query, still encoded.
    package let target: String
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package init(_ method: String, _ target: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [])
    {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }

    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// What the server does about a request.
package enum HTTPAnswer: Sendable {
    case reply(HTTPReply)
    /// The connection is closed; not a byte was sent.
    case dropped
}

package struct HTTPReply: Sendable {
    package enum Piece: Sendable {
        case bytes([UInt8])
        case pause(Duration)
        /// The connection is closed in the middle of the body.
        case cut
    }

    package var status: Int
    package var contentType: String
    package var headers: [(name: String, value: String)] = []
    /// One piece is sent with its length, more are sent in chunks.
    package var pieces: [Piece]

    package init(_ status: Int, contentType: String, pieces: [Piece]) {
        self.status = status
        self.contentType = contentType
        self.pieces = pieces
    }

    package static func json(_ status: Int, _ value: JSON) -> Self {
        Self(status, contentType: "application/json", pieces: [.bytes(value.bytes + Array("\n".utf8))])
    }

    package static func text(_ status: Int, _ text: String) -> Self {
        Self(status, contentType: "text/plain; charset=utf-8", pieces: [.bytes(Array(text.utf8))])
    }

    package static func empty(_ status: Int) -> Self { Self(status, contentType: "", pieces: []) }

    /// The whole body, pauses left out.
    package var body: [UInt8] {
        pieces.flatMap { piece -> [UInt8] in if case .bytes(let bytes) = piece { bytes } else { [] } }
    }
}
