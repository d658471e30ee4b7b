import NIOCore

extension EngineReader {
    /// `GET /containers/json?all=1`: every container, whoever made it.
    package func containers() async throws -> [ContainerSummary] {
        try await transport.json(.init(.get, "/containers/json", query: [("all", "1")]))
    }

    /// `GET /containers/{id}/json`.
    package func container(_ reference: String) async throws -> ContainerInspect {
        try await transport.json(.init(.get, "/containers/\(percentEncoded(reference))/json"))
    }

    /// `GET /containers/{id}/logs`: the last lines of standard output and error, in the order they were written.
    package func logTail(_ reference: String, lines: Int) async throws -> [String] {
        let query = [("stdout", "1"), ("stderr", "1"), ("tail", String(lines))]
        let bytes = try await transport.collect(
            .init(.get, "/containers/\(percentEncoded(reference))/logs", query: query, timeout: .seconds(10)))
        return String(buffer: demultiplexed(bytes)).split(whereSeparator: \.isNewline).map(String.init)
    }
}

/// Takes the 8-byte frame headers out of a log stream: stream, three zeros, length (big endian).
///
/// A container with a terminal sends plain text; then the bytes come back as they are.
func demultiplexed(_ stream: ByteBuffer) -> ByteBuffer {
    var input = stream
    var text = ByteBuffer()
    while input.readableBytes > 0 {
        guard let header = input.getBytes(at: input.readerIndex, length: 8), header[0] <= 2,
            header[1...3].allSatisfy({ $0 == 0 }),
            let length = input.getInteger(at: input.readerIndex + 4, as: UInt32.self)
        else {
            text.writeBuffer(&input)
            return text
        }
        input.moveReaderIndex(forwardBy: 8)
        var frame = input.readSlice(length: min(Int(length), input.readableBytes)) ?? ByteBuffer()
        text.writeBuffer(&frame)
    }
    return text
}
