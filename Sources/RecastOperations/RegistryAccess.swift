import DockerAPI
import RecastHosts
import RecastModel
import RegistryCredentials

/// What registries are shown in one run.
///
/// What the environment says comes first, then what `docker login` left, then what `podman login` left.
struct RegistryAccess: Sendable {
    private let lookup: CredentialLookup

    init(_ registries: [RegistryDefinition], _ surroundings: Surroundings) {
        let programs = ChildPrograms(variables: surroundings.variables)
        var sources: [any CredentialSource] = [
            ConfiguredLogins(
                registries.map(ConfiguredLogin.init), variables: surroundings.variables, programs: programs)
        ]
        if let folder = surroundings.dockerFolder {
            sources.append(DockerCredentials(folder: folder, programs: programs))
        }
        sources.append(PodmanCredentials(variables: surroundings.variables, programs: programs))
        lookup = CredentialLookup(sources)
    }

    /// `repositories`: with their registries, as images name them.
    func logins(for repositories: Set<String>) async throws -> [String: RegistryLogin] {
        var logins: [String: RegistryLogin] = [:]
        // One after the other: repositories of one registry share the answer of its helper.
        for name in repositories.sorted() {
            let repository = Repository(name)
            logins[name] = RegistryLogin(try await lookup.outcome(for: repository), server: repository.server)
        }
        return logins
    }
}

extension RegistryLogin {
    fileprivate init(_ outcome: CredentialLookup.Outcome, server: String) {
        switch outcome {
        case .none: self = .anonymous
        case .failed(let reason): self = .unavailable(reason: reason)
        case .found(let found):
            let auth =
                switch found.credential {
                case .password(let username, let password):
                    RegistryAuth(username: username, password: password, server: server)
                case .identityToken(let token): RegistryAuth(identityToken: token, server: server)
                }
            self = .credentials(auth, origin: found.origin)
        }
    }
}

extension ConfiguredLogin {
    fileprivate init(_ registry: RegistryDefinition) {
        let secret: Secret =
            switch registry.secret {
            case .variable(let name): .variable(name)
            case .file(let path): .file(path)
            case .command(let words): .command(words)
            }
        self.init(registry: registry.registry, username: registry.username, secret: secret)
    }
}
