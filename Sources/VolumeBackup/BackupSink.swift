package import NIOCore
package import SystemPackage
import Zstandard

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A file that comes into being as a whole: under its own name only once it is finished and on the disk.
package struct BackupSink: ~Copyable {
    private let path: FilePath
    private let partial: FilePath
    private let file: SystemPackage.FileDescriptor
    private var compressor: ZstandardWriter?
    private var isFinished = false
    static let partialSuffix = ".part"
    /// Bytes written.
    package private(set) var size: Int64 = 0

    /// Only its owner may read it.
    ///
    /// `compresses`: with Zstandard.
    ///
    /// - Throws: `BackupError` when there is a file of that name, or none can be made.
    package init(_ path: FilePath, compresses: Bool) throws {
        if FileManager.default.fileExists(atPath: path.string) { throw BackupError.exists(path.string) }
        let partial = FilePath(path.string + Self.partialSuffix)
        let opened = Result {
            try SystemPackage.FileDescriptor.open(
                partial, .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerRead, .ownerWrite])
        }
        file = try opened.mapError { BackupError.unreadable(path.string, "\($0)") }.get()
        self.path = path
        self.partial = partial
        compressor = compresses ? ZstandardWriter() : nil
    }

    deinit {
        guard !isFinished else { return }
        try? file.close()
        try? FileManager.default.removeItem(atPath: partial.string)
    }

    package mutating func write(_ bytes: ByteBuffer) throws {
        try put(try compressor?.compress(bytes) ?? bytes)
    }

    /// Gives it its name.
    package mutating func finish() throws {
        if let last = try compressor?.compress(ByteBuffer(), isLast: true) { try put(last) }
        guard fsync(file.rawValue) == 0 else { throw BackupError.unreadable(path.string, "it cannot be synced") }
        try file.close()
        isFinished = true
        try FileManager.default.moveItem(atPath: partial.string, toPath: path.string)
    }

    private mutating func put(_ bytes: ByteBuffer) throws {
        do {
            size += Int64(try file.writeAll(bytes.readableBytesView))
        } catch let error as Errno {
            throw BackupError.unreadable(path.string, error.description)
        }
    }
}
