import SystemPackage

/// Reads the small files of this target.
enum TextFile {
    private static let limit = 1 << 20

    /// At most 1 MiB; `nil` where there is no such file.
    ///
    /// It throws `CredentialProblem`.
    static func bytes(of path: String) throws -> [UInt8]? {
        do {
            // Non-blocking: opening a named pipe must not wait for a writer.
            let file = try FileDescriptor.open(FilePath(path), .readOnly, options: [.nonBlocking])
            return try file.closeAfter { try read(file, path) }
        } catch Errno.noSuchFileOrDirectory, Errno.notDirectory {
            return nil
        } catch let error as Errno {
            throw CredentialProblem("'\(path)' cannot be read: \(error)")
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
        throw CredentialProblem("'\(path)' is larger than 1 MiB")
    }
}

/// The first line, without what ends it.
func firstLine(of text: some StringProtocol) -> String {
    String(text.prefix { !$0.isNewline })
}
