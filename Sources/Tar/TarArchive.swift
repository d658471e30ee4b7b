package import NIOCore

/// A tar archive that comes into being while it is sent: beside the entries it takes one piece of memory.
package struct TarArchive: AsyncSequence, Sendable {
    package let entries: [TarEntry]

    package init(_ entries: [TarEntry]) { self.entries = entries }

    private static let ending = 2 * TarBlock.size
    private static let piece = 1 << 16

    /// Bytes in all.
    package var length: Int {
        entries.reduce(Self.ending) { sum, entry in
            let count = entry.content.count
            return sum + entry.header.count + count + TarBlock.padding(after: count).count
        }
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        private var entries: ArraySlice<TarEntry>
        /// What is left of the current entry's content.
        private var rest: ArraySlice<UInt8> = []
        private var padding: [UInt8] = []
        private var isEnded = false

        init(_ entries: [TarEntry]) { self.entries = entries[...] }

        package mutating func next() async -> ByteBuffer? {
            guard rest.isEmpty else { return ByteBuffer(bytes: takePiece()) }
            if let entry = entries.popFirst() {
                rest = entry.content[...]
                padding = TarBlock.padding(after: entry.content.count)
                return ByteBuffer(bytes: entry.header + takePiece())
            }
            guard !isEnded else { return nil }
            isEnded = true
            return ByteBuffer(repeating: 0, count: TarArchive.ending)
        }

        private mutating func takePiece() -> [UInt8] {
            let piece = rest.prefix(TarArchive.piece)
            rest = rest.dropFirst(piece.count)
            return rest.isEmpty ? piece + padding : Array(piece)
        }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(entries) }
}
