package import SystemPackage

/// Reads files that people and tools write by the kilobyte.
package enum SmallFile {
    package struct TooLarge: Error {}

    /// 1 MiB.
    package static let usualLimit = 1 << 20

    /// The bytes of a file of at most `limit` bytes; more than that is never kept.
    ///
    /// It throws `Errno` or `TooLarge`.
    package static func contents(of path: FilePath, limit: Int = usualLimit) throws -> [UInt8] {
        // Non-blocking: opening a named pipe must not wait for a writer.
        let file = try FileDescriptor.open(path, .readOnly, options: [.nonBlocking, .closeOnExec])
        return try file.closeAfter {
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            while bytes.count <= limit {
                // The call writes within the buffer that it is given.
                let count = try unsafe chunk.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
                if count == 0 { return bytes }
                bytes += chunk.prefix(count)
            }
            throw TooLarge()
        }
    }
}
