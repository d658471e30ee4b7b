package import SystemPackage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where the backups of several volumes lie, each under the volume's name and the time.
package struct BackupFolder: Sendable {
    private let path: FilePath
    private let prefix: String
    private static let suffix = ".tar.zst"

    /// Makes the folder where there is none; only its owner may read it then.
    ///
    /// `subject`: tells a volume from every other.
    ///
    /// - Throws: `BackupError`.
    package init(_ path: String, subject: String) throws {
        self.path = FilePath(path)
        prefix = subject + "-"
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw BackupError.unreadable(path, "the folder cannot be made")
        }
    }

    /// A file that is not there yet, by the time as it is now: `SUBJECT-20260131T174502.123Z.tar.zst`.
    package func next() -> FilePath {
        let time = Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
            .filter { !"-:".contains($0) }
        return path.appending("\(prefix)\(time)\(Self.suffix)")
    }

    /// Removes all but the newest, and what was killed half-way.
    package func prune(keep: Int) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: path.string)
        let whole = names.filter { isOurs($0, Self.suffix) }.sorted()
        let partial = names.filter { isOurs($0, Self.suffix + BackupSink.partialSuffix) }
        for name in whole.dropLast(keep) + partial {
            try FileManager.default.removeItem(atPath: path.appending(name).string)
        }
    }

    /// Nothing but a time stands between the prefix and the suffix: another volume's name may begin alike.
    private func isOurs(_ name: String, _ suffix: String) -> Bool {
        guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return false }
        let time = name.dropFirst(prefix.count).dropLast(suffix.count)
        return time.map { $0.isNumber ? "0" : $0 } == Array("00000000T000000.000Z")
    }
}

extension BackupOrigin {
    /// The time as it is now, as origins tell it.
    package static var now: String { Date.now.formatted(.iso8601) }
}
