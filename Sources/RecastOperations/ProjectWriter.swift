package import SystemPackage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Writes the first files of a project.
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
}
