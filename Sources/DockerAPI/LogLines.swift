import NIOCore

/// Puts the lines of a log stream together while its bytes come in.
///
/// A container without a terminal sends frames: stream, three zeros, length (4 bytes, big endian), text; a line may be
/// spread over many frames, and those of the two streams may be mixed. One with a terminal sends plain text. What a
/// stream is, its first bytes tell.
struct LogLines {
    private enum Format {
        case unknown
        case framed
        case plain
    }

    /// Bytes of a line beyond these are left out.
    private let longest: Int
    private var format = Format.unknown
    private var pending = ByteBuffer()
    /// What the frame has not yet brought.
    private var frame = (stream: UInt8(0), missing: 0)
    /// The lines that are not yet complete, by stream.
    private var partial: [UInt8: [UInt8]] = [:]

    init(longest: Int = .max) { self.longest = longest }

    /// The lines of a whole log that are not empty.
    static func of(_ bytes: ByteBuffer) -> [String] {
        var reader = Self()
        let complete = reader.receive(bytes)
        return (complete + reader.end()).filter { !$0.isEmpty }
    }

    /// - Returns: the lines that are complete by now, without their line ends.
    mutating func receive(_ bytes: ByteBuffer) -> [String] {
        pending.writeImmutableBuffer(bytes)
        var lines: [String] = []
        while let (stream, text) = nextText() { split(text, of: stream, into: &lines) }
        pending.discardReadBytes()
        return lines
    }

    /// - Returns: what no line feed ended, when nothing more is to come.
    mutating func end() -> [String] {
        var lines: [String] = []
        if format == .unknown, pending.readableBytes > 0 { split(pending.readableBytesView, of: 0, into: &lines) }
        lines += partial.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }.map { Self.text($0.value) }
        (pending, partial) = (ByteBuffer(), [:])
        return lines
    }

    private mutating func nextText() -> (UInt8, ByteBufferView)? {
        if format == .unknown, let header = pending.getBytes(at: pending.readerIndex, length: 8) {
            format = header[0] <= 2 && header[1...3] == [0, 0, 0] ? .framed : .plain
        }
        switch format {
        case .unknown: return nil
        case .plain:
            guard let text = pending.readSlice(length: pending.readableBytes), text.readableBytes > 0 else {
                return nil
            }
            return (0, text.readableBytesView)
        case .framed:
            while frame.missing == 0 {
                guard pending.readableBytes >= 8, let header = pending.readBytes(length: 4),
                    let length = pending.readInteger(as: UInt32.self)
                else { return nil }
                frame = (header[0], Int(length))
            }
            guard let text = pending.readSlice(length: min(frame.missing, pending.readableBytes)),
                text.readableBytes > 0
            else { return nil }
            frame.missing -= text.readableBytes
            return (frame.stream, text.readableBytesView)
        }
    }

    private mutating func split(_ text: ByteBufferView, of stream: UInt8, into lines: inout [String]) {
        var rest = text[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            append(rest[..<end], to: stream)
            lines.append(Self.text(partial.removeValue(forKey: stream) ?? []))
            rest = rest[(end + 1)...]
        }
        append(rest, to: stream)
    }

    private mutating func append(_ text: ByteBufferView.SubSequence, to stream: UInt8) {
        let room = longest - (partial[stream]?.count ?? 0)
        partial[stream, default: []] += text.prefix(room)
    }

    private static func text(_ line: [UInt8]) -> String {
        String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line[...], as: UTF8.self)
    }
}
