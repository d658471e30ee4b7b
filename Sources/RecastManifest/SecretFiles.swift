import RecastModel

/// Who may read the files that hold keys and secrets; the caller owns the file system.
struct SecretFiles {
    /// The permission bits of a file; `nil` where there is none to be seen.
    let mode: (String) -> UInt16?

    /// Permission bits of the group and of all others to read.
    fileprivate static let readableByOthers: UInt16 = 0o044
}

extension Report {
    /// Warns when others than its owner can read a secret file.
    mutating func checkSecrecy(of file: String, in files: SecretFiles, at place: Place) {
        guard let mode = files.mode(file), mode & SecretFiles.readableByOthers != 0 else { return }
        let octal = String(mode & 0o777, radix: 8)
        warn(
            .exposedFile, "'\(file)' can be read by others (mode \(octal))", at: place, help: "chmod 600 \(file)")
    }
}
