import SmallFiles
import SystemPackage

/// Reads the small files of this target.
enum TextFile {
    /// At most 1 MiB; `nil` where there is no such file.
    ///
    /// It throws `CredentialProblem`.
    static func bytes(of path: String) throws -> [UInt8]? {
        do {
            return try SmallFile.contents(of: FilePath(path))
        } catch Errno.noSuchFileOrDirectory, Errno.notDirectory {
            return nil
        } catch is SmallFile.TooLarge {
            throw CredentialProblem("'\(path)' is larger than 1 MiB")
        } catch {
            throw CredentialProblem("'\(path)' cannot be read: \(error)")
        }
    }
}

/// The first line, without what ends it.
func firstLine(of text: some StringProtocol) -> String {
    String(text.prefix { !$0.isNewline })
}
