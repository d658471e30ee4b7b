import RegistryCredentials

/// The commit of the manifests, for the history.
package enum Commit {
    /// What the CI says, or else the repository around the current folder; `nil` where there is neither.
    ///
    /// It ends with `-dirty` when files that are part of the commit were changed since.
    package static func current(_ surroundings: Surroundings) async -> String? {
        for name in ["GITHUB_SHA", "CI_COMMIT_SHA", "GIT_COMMIT"] {
            if let commit = surroundings.named(name) { return commit }
        }
        let command = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
        let text = try? await ChildPrograms(variables: surroundings.variables).secret(from: command, for: "the commit")
        return text.flatMap { $0.isEmpty ? nil : $0 }
    }
}
