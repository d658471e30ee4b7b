package import SystemPackage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Writes the files of a project that Recast makes.
package enum ProjectWriter {
    /// Makes a file and the folders above it.
    ///
    /// Throws `Errno.fileExists` rather than change a file that is there.
    package static func create(_ path: FilePath, text: String) throws {
        try FileManager.default.createDirectory(
            atPath: path.removingLastComponent().string, withIntermediateDirectories: true)
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .exclusiveCreate],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
        try file.closeAfter { _ = try file.writeAll(Array(text.utf8)) }
    }

    /// Puts text in the place of what a file has, or makes it; whoever reads it finds the one or the other.
    ///
    /// It throws what the file system says.
    package static func replace(_ path: FilePath, text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path.string), options: .atomic)
    }
}
