import RegistryCredentials
package import SystemPackage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The files of a project as a commit has them.
package enum CommittedFiles {
    /// Why they cannot be had, in a sentence.
    package struct Problem: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// Lays a commit's files into a folder of their own, which goes afterwards.
    ///
    /// `body`: gets the counterpart of the current folder.
    ///
    /// The repository is only read. It throws `Problem`, and what `body` throws.
    package static func with<Result: Sendable>(
        commit: String, _ surroundings: Surroundings, _ body: (FilePath) async throws -> Result
    ) async throws -> Result {
        let place = FilePath(FileManager.default.temporaryDirectory.path).appending("recast-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            atPath: place.string, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: place.string) }
        // An index of its own: the person's stays as it is.
        let variables = surroundings.variables.merging(["GIT_INDEX_FILE": place.appending("index").string]) { $1 }
        let programs = ChildPrograms(variables: variables)
        let top = try await git(["rev-parse", "--show-toplevel"], programs)
        let prefix = try await git(["rev-parse", "--show-prefix"], programs)
        do {
            _ = try await git(["-C", top, "read-tree", commit], programs)
        } catch is Problem {
            throw Problem(description: missing(commit))
        }
        let files = place.appending("files")
        _ = try await git(["-C", top, "checkout-index", "--all", "--prefix=\(files.string)/"], programs)
        return try await body(files.pushing(FilePath(prefix)))
    }

    /// Whether a commit is there; also false where there is no repository.
    package static func has(_ commit: String, _ surroundings: Surroundings) async -> Bool {
        let programs = ChildPrograms(variables: surroundings.variables)
        return (try? await git(["cat-file", "-e", "\(commit)^{commit}"], programs)) != nil
    }

    package static func missing(_ commit: String) -> String {
        "the commit \(commit.prefix(12)) is not in this repository; fetch it (git fetch --unshallow)"
    }

    private static func git(_ words: [String], _ programs: ChildPrograms) async throws -> String {
        do {
            let ended = try await programs.answer(from: ["git"] + words, input: "")
            guard ended.isSuccess else { throw Problem(description: "git \(words[0]): \(ended.firstError)") }
            return String(ended.output.prefix { $0 != "\n" })
        } catch let problem as CredentialProblem {
            throw Problem(description: "git: \(problem)")
        }
    }
}
