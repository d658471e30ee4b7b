import RegistryCredentials

/// The commit of the manifests, for the history.
package enum Commit {
    /// What the CI says, or else the repository around the current folder; `nil` where there is neither.
    ///
    /// It ends with `-dirty` when files that are part of the commit were changed since, lock files apart: what they say
    /// is recorded with each release.
    package static func current(_ surroundings: Surroundings) async -> String? {
        for name in ["GITHUB_SHA", "CI_COMMIT_SHA", "GIT_COMMIT"] {
            if let commit = surroundings.named(name) { return commit }
        }
        let programs = ChildPrograms(variables: surroundings.variables)
        let ask = { (words: [String]) async -> String? in
            guard let ended = try? await programs.answer(from: ["git"] + words, input: ""), ended.isSuccess else {
                return nil
            }
            return String(ended.output.prefix { $0 != "\n" })
        }
        guard let commit = await ask(["rev-parse", "--verify", "HEAD"]) else { return nil }
        let paths = [":(top)", ":(top,exclude,glob)**/*.lock.yaml"]
        let changed = await ask(["status", "--porcelain", "--untracked-files=no", "--"] + paths)
        return changed == "" ? commit : commit + "-dirty"
    }
}
