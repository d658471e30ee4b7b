import NIOCore

/// Puts the lines of a log stream together while its bytes come in.
///
/// A line may be spread over many frames, and those of the two streams may be mixed.
struct LogLines {
    /// Bytes of a line beyond these are left out.
    private let longest: Int
    private var frames = StreamFrames()
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
        var lines: [String] = []
        for (stream, text) in frames.receive(bytes) { split(text.readableBytesView, of: stream, into: &lines) }
        return lines
    }

    /// - Returns: what no line feed ended, when nothing more is to come.
    mutating func end() -> [String] {
        var lines: [String] = []
        if let rest = frames.end() { split(rest.readableBytesView, of: 0, into: &lines) }
        lines += partial.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }.map { Self.text($0.value) }
        partial = [:]
        return lines
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
