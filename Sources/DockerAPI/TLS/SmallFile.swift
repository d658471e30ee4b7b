import SystemPackage

/// Reads files that people and tools write by the kilobyte.
enum SmallFile {
    struct Problem: Error {
        /// What is wrong, with the file's name.
        let sentence: String
        let isAbsent: Bool
    }

    private static let limit = 1 << 20

    /// The bytes of a file of at most 1 MiB.
    ///
    /// It throws `Problem`.
    static func contents(of path: String) throws -> [UInt8] {
        do {
            // Non-blocking: opening a named pipe must not wait for a writer.
            let file = try FileDescriptor.open(FilePath(path), .readOnly, options: [.nonBlocking])
            return try file.closeAfter { try read(file, path) }
        } catch Errno.noSuchFileOrDirectory {
            throw Problem(sentence: "there is no file '\(path)'", isAbsent: true)
        } catch let error as Errno {
            throw Problem(sentence: "'\(path)' cannot be read: \(error)", isAbsent: false)
        }
    }

    private static func read(_ file: FileDescriptor, _ path: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            var chunk = [UInt8](repeating: 0, count: 1 << 14)
            // The call writes within the buffer that it is given.
            let count = try unsafe chunk.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
            if count == 0 { return bytes }
            bytes += chunk.prefix(count)
        }
        throw Problem(sentence: "'\(path)' is larger than 1 MiB", isAbsent: false)
    }
}
