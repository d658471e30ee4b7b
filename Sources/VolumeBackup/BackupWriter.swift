package import NIOCore
package import SystemPackage
import Tar

/// Writes a volume's archive into a file, with the checksum of every member.
package struct BackupWriter: ~Copyable {
    private var sink: BackupSink
    private var reader = TarReader()
    private var digest = VolumeDigest()

    /// - Throws: `BackupError`.
    package init(_ path: FilePath) throws { sink = try BackupSink(path, compresses: try path.isCompressed) }

    /// Bytes of files so far.
    package var contentSize: UInt64 { digest.contentSize }

    /// `bytes`: the next of the archive that an engine gives.
    package mutating func receive(_ bytes: ByteBuffer) throws {
        for part in try reader.parts(of: bytes) {
            digest.receive(part)
            switch part {
            case .member(_, let raw), .content(let raw), .padding(let raw): try sink.write(raw)
            case .end: break
            }
        }
    }

    /// Adds the manifest, and gives the file its name.
    package consuming func finish(_ origin: BackupOrigin) async throws -> BackupSummary {
        guard reader.isComplete else { throw BackupError.damaged("the engine ended it half-way") }
        let manifest = BackupManifest(origin: origin, entries: digest.entries)
        let member = TarEntry(BackupManifest.path, .file(try manifest.bytes), mode: 0o444, time: 0)
        for await piece in TarArchive([member]) { try sink.write(piece) }
        try sink.finish()
        return BackupSummary(origin: origin, entries: digest.entries, contentSize: digest.contentSize, size: sink.size)
    }
}

/// What is in a backup.
package struct BackupSummary: Sendable {
    package let origin: BackupOrigin
    package let entries: [ManifestEntry]
    /// Bytes of all files.
    package let contentSize: UInt64
    /// Bytes of the backup.
    package let size: Int64
}

extension FilePath {
    /// By the name: `.tar.zst` is, `.tar` is not.
    var isCompressed: Bool {
        get throws {
            let name = lastComponent?.string ?? ""
            if name.hasSuffix(".tar.zst") { return true }
            if name.hasSuffix(".tar") { return false }
            throw BackupError.unknownFormat(name)
        }
    }
}
