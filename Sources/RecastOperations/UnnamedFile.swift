import SystemPackage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Text that a program gets as its input.
///
/// A file that has lost its name already: it goes with its last reader, and a program that reads nothing blocks nobody.
enum UnnamedFile {
    /// Opens it at its beginning.
    static func holding(_ text: String) throws -> FileDescriptor {
        let path = FilePath(FileManager.default.temporaryDirectory.path).appending("recast-\(UUID().uuidString)")
        let file = try FileDescriptor.open(
            path, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite)
        do {
            try FileManager.default.removeItem(atPath: path.string)
            try file.writeAll(text.utf8)
            try file.seek(offset: 0, from: .start)
            return file
        } catch {
            try? file.close()
            throw error
        }
    }
}
