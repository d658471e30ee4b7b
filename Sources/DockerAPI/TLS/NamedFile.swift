import SmallFiles
import SystemPackage

/// Reads files that a person has named, and says what is wrong with them by that name.
enum NamedFile {
    struct Problem: Error {
        /// What is wrong, with the file's name.
        let sentence: String
        let isAbsent: Bool
    }

    /// The bytes of a file of at most 1 MiB.
    ///
    /// It throws `Problem`.
    static func contents(of path: String) throws -> [UInt8] {
        do {
            return try SmallFile.contents(of: FilePath(path))
        } catch Errno.noSuchFileOrDirectory {
            throw Problem(sentence: "there is no file '\(path)'", isAbsent: true)
        } catch is SmallFile.TooLarge {
            throw Problem(sentence: "'\(path)' is larger than 1 MiB", isAbsent: false)
        } catch {
            throw Problem(sentence: "'\(path)' cannot be read: \(error)", isAbsent: false)
        }
    }
}
