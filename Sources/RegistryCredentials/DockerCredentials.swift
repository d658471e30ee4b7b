/// The credentials that `docker login` keeps: in `config.json`, or behind the helpers that it names.
package struct DockerCredentials: CredentialSource {
    private let path: String
    private let programs: ChildPrograms

    /// `folder`: the docker CLI's configuration folder, `$DOCKER_CONFIG` or `~/.docker`.
    package init(folder: String, programs: ChildPrograms) {
        path = "\(folder)/config.json"
        self.programs = programs
    }

    package func credential(for repository: Repository) async throws -> FoundCredential? {
        guard let file = try CredentialFile(path: path) else { return nil }
        if let helper = file.helper(for: repository) {
            return try await CredentialHelper(name: helper, programs: programs).credential(for: repository)
        }
        return try file.credential(for: repository)
    }
}
