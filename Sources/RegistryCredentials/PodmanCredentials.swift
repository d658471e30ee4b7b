/// The credentials that `podman login` keeps.
package struct PodmanCredentials: CredentialSource {
    private let paths: [String]
    private let programs: ChildPrograms

    /// `variables`: the process's; they say where the files are.
    ///
    /// `$REGISTRY_AUTH_FILE` is the only file where it is set; else `containers/auth.json` below `$XDG_RUNTIME_DIR`
    /// comes before the one below `$XDG_CONFIG_HOME` or `~/.config`.
    package init(variables: [String: String], programs: ChildPrograms) {
        func value(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let file = value("REGISTRY_AUTH_FILE") {
            paths = [file]
        } else {
            let home = value("XDG_CONFIG_HOME") ?? value("HOME").map { "\($0)/.config" }
            paths = [value("XDG_RUNTIME_DIR"), home].compactMap(\.self).map { "\($0)/containers/auth.json" }
        }
        self.programs = programs
    }

    package func credential(for repository: Repository) async throws -> FoundCredential? {
        for path in paths {
            guard let file = try CredentialFile(path: path) else { continue }
            if let helper = file.helper(for: repository) {
                let found = try await CredentialHelper(name: helper, programs: programs).credential(for: repository)
                if let found { return found }
            } else if let found = try file.credential(for: repository) {
                return found
            }
        }
        return nil
    }
}
