import Crypto
package import NIOCore
import Tar

/// Works out what a volume holds while its archive passes by.
package struct VolumeDigest: Sendable {
    /// The volume's root in archives.
    package static let folder = "volume"

    private var reader = TarReader()
    private var hash: SHA256?
    private var left: UInt64 = 0
    /// In the order of the archive.
    package private(set) var entries: [ManifestEntry] = []
    /// Bytes of all files' contents.
    package private(set) var contentSize: UInt64 = 0

    package init() {}

    /// It throws `TarError`.
    package mutating func receive(_ bytes: ByteBuffer) throws {
        for part in try reader.parts(of: bytes) { receive(part) }
    }

    /// The archive is over: an engine that fails half-way just closes the connection.
    package func checkIsComplete() throws {
        guard reader.isComplete else { throw TarError("the archive is cut off", offset: contentSize) }
    }

    mutating func receive(_ part: TarReader.Part) {
        switch part {
        case .member(let member, _):
            entries.append(ManifestEntry(member))
            guard member.kind == .file else { return }
            (hash, left) = (SHA256(), member.size)
            if left == 0 { finish() }
        case .content(let bytes):
            unsafe bytes.withUnsafeReadableBytes { unsafe hash?.update(bufferPointer: $0) }
            contentSize += UInt64(bytes.readableBytes)
            left -= UInt64(bytes.readableBytes)
            if left == 0 { finish() }
        case .padding, .end: break
        }
    }

    private mutating func finish() {
        guard let hash, let last = entries.indices.last else { return }
        entries[last].sha256 = hash.finalize().digits
        self.hash = nil
    }

    /// What is other than expected, in words, by path; at most `limit` of them.
    package static func differences(
        expected: [ManifestEntry], found: [ManifestEntry], limit: Int = 20
    ) -> [String] {
        let there = Dictionary(found.map { ($0.path, $0) }) { first, _ in first }
        let wanted = Set(expected.map(\.path))
        let changed = expected.lazy.compactMap { entry in
            guard let other = there[entry.path] else { return "\(entry.path): missing" as String? }
            return entry.difference(from: other)
        }
        let more = found.lazy.filter { !wanted.contains($0.path) }.map { "\($0.path): not expected" }
        return Array((Array(changed.prefix(limit)) + Array(more.prefix(limit))).prefix(limit))
    }
}
