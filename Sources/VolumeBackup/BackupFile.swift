package import NIOCore
package import SystemPackage
import Tar
import Zstandard

/// A backup that is read.
package struct BackupFile: Sendable {
    let path: FilePath

    /// - Throws: `BackupError` where the name says nothing that is known of its format.
    package init(_ path: FilePath) throws {
        self.path = path
        _ = try path.isCompressed
    }

    /// Reads all of it and compares every member with its checksum.
    ///
    /// - Throws: `BackupError` for the first thing that is wrong.
    package func verified() throws -> BackupSummary {
        let source = try BackupSource(path)
        var digest = VolumeDigest()
        var manifest: [UInt8] = []
        var isManifest = false
        while let parts = try source.next() {
            for part in parts {
                if case .member(let member, _) = part { isManifest = member.plainPath == BackupManifest.path }
                if !isManifest {
                    digest.receive(part)
                } else if case .content(let bytes) = part {
                    manifest += bytes.readableBytesView
                }
            }
        }
        guard !manifest.isEmpty else {
            throw BackupError.damaged("it has no list of checksums; it is cut off, or 'recast backup' did not write it")
        }
        let known = try BackupManifest(manifest)
        let wrong = VolumeDigest.differences(expected: known.entries, found: digest.entries, limit: 5)
        guard wrong.isEmpty else {
            throw BackupError.damaged("these are not what was backed up: \(wrong.joined(separator: "; "))")
        }
        return BackupSummary(
            origin: known.origin, entries: known.entries, contentSize: digest.contentSize, size: source.size)
    }

    /// The archive without what the backup says of itself, for an engine.
    package var archive: BackupArchive { BackupArchive(path: path) }
}

/// The bytes of a volume's archive from a file.
package struct BackupArchive: AsyncSequence, Sendable {
    let path: FilePath

    package struct AsyncIterator: AsyncIteratorProtocol {
        private let path: FilePath
        private var source: BackupSource?
        private var isManifest = false
        private var isEnded = false

        init(path: FilePath) { self.path = path }

        package mutating func next() async throws -> ByteBuffer? {
            if source == nil { source = try BackupSource(path) }
            while let parts = try source?.next() {
                var bytes = ByteBuffer()
                for part in parts { add(part, to: &bytes) }
                if bytes.readableBytes > 0 { return bytes }
            }
            guard !isEnded else { return nil }
            isEnded = true
            return ByteBuffer(repeating: 0, count: 1024)
        }

        private mutating func add(_ part: TarReader.Part, to bytes: inout ByteBuffer) {
            switch part {
            case .member(let member, let raw):
                isManifest = member.plainPath == BackupManifest.path
                if !isManifest { bytes.writeImmutableBuffer(raw) }
            case .content(let piece), .padding(let piece):
                if !isManifest { bytes.writeImmutableBuffer(piece) }
            case .end: break
            }
        }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(path: path) }
}

/// Reads a backup piece by piece.
final class BackupSource {
    private let path: FilePath
    private let file: SystemPackage.FileDescriptor
    private var decompressor: ZstandardReader?
    private var reader = TarReader()
    private(set) var size: Int64 = 0
    private var space = [UInt8](repeating: 0, count: 1 << 18)

    init(_ path: FilePath) throws {
        self.path = path
        do {
            file = try SystemPackage.FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
        } catch let error as Errno {
            throw BackupError.unreadable(path.string, error.description)
        }
        decompressor = try path.isCompressed ? ZstandardReader() : nil
    }

    deinit { try? file.close() }

    /// `nil` at the end.
    ///
    /// - Throws: `BackupError`.
    func next() throws -> [TarReader.Part]? {
        do {
            // The call writes within the buffer that it is given.
            let count = try unsafe space.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
            guard count > 0 else { return try end() }
            size += Int64(count)
            let bytes = ByteBuffer(bytes: space[..<count])
            return try reader.parts(of: try decompressor?.decompress(bytes) ?? bytes)
        } catch let error as Errno {
            throw BackupError.unreadable(path.string, error.description)
        } catch let error as TarError {
            throw BackupError.damaged(error.description)
        } catch let error as ZstandardError {
            throw BackupError.damaged(error.description)
        }
    }

    private func end() throws -> [TarReader.Part]? {
        let isWhole = decompressor?.isAtEnd ?? true
        guard isWhole, reader.isComplete else { throw BackupError.damaged("it is cut off") }
        return nil
    }
}
