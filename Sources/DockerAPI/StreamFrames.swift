import NIOCore

/// Takes apart what a container writes while it comes in.
///
/// A container without a terminal sends frames: stream (1: output, 2: errors), three zeros, length (4 bytes, big
/// endian), text. One with a terminal sends plain text, which is given as stream 0. What a stream is, its first bytes
/// tell.
struct StreamFrames {
    private enum Format {
        case unknown
        case framed
        case plain
    }

    private var format = Format.unknown
    private var pending = ByteBuffer()
    /// What the frame has not yet brought.
    private var frame = (stream: UInt8(0), missing: 0)

    mutating func receive(_ bytes: ByteBuffer) -> [(stream: UInt8, text: ByteBuffer)] {
        pending.writeImmutableBuffer(bytes)
        var texts: [(stream: UInt8, text: ByteBuffer)] = []
        while let next = nextText() { texts.append(next) }
        pending.discardReadBytes()
        return texts
    }

    /// What is too short to tell what it is, when nothing more is to come.
    mutating func end() -> ByteBuffer? {
        defer { pending = ByteBuffer() }
        return format == .unknown && pending.readableBytes > 0 ? pending : nil
    }

    private mutating func nextText() -> (stream: UInt8, text: ByteBuffer)? {
        if format == .unknown, let header = pending.getBytes(at: pending.readerIndex, length: 8) {
            format = header[0] <= 2 && header[1...3] == [0, 0, 0] ? .framed : .plain
        }
        switch format {
        case .unknown: return nil
        case .plain:
            guard let text = pending.readSlice(length: pending.readableBytes), text.readableBytes > 0 else {
                return nil
            }
            return (0, text)
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
            return (frame.stream, text)
        }
    }
}
