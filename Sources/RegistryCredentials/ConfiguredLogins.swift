/// A user name for one registry, and where its secret is.
package struct ConfiguredLogin: Hashable, Sendable {
    package enum Secret: Hashable, Sendable {
        case variable(String)
        /// A file's first line.
        case file(String)
        /// The first line that a program prints.
        case command([String])
    }

    let registry: String
    let username: String
    let secret: Secret

    /// `registry`: host and port.
    package init(registry: String, username: String, secret: Secret) {
        self.registry = registry
        self.username = username
        self.secret = secret
    }
}

/// Logins that somebody wrote down, their secrets apart.
package struct ConfiguredLogins: CredentialSource {
    private let logins: [ConfiguredLogin]
    private let variables: [String: String]
    private let programs: ChildPrograms

    package init(_ logins: [ConfiguredLogin], variables: [String: String], programs: ChildPrograms) {
        self.logins = logins
        self.variables = variables
        self.programs = programs
    }

    package func credential(for repository: Repository) async throws -> FoundCredential? {
        guard let login = logins.first(where: { repository.match($0.registry) != nil }) else { return nil }
        let (secret, origin) = try await secret(of: login)
        guard !secret.isEmpty else {
            throw CredentialProblem("the secret for '\(login.registry)' from \(origin) is empty")
        }
        return FoundCredential(.password(username: login.username, password: secret), origin: origin)
    }

    private func secret(of login: ConfiguredLogin) async throws -> (secret: String, origin: String) {
        switch login.secret {
        case .variable(let name):
            guard let value = variables[name] else {
                throw CredentialProblem(
                    "the variable \(name), which is to have the secret for '\(login.registry)', is not set")
            }
            return (value, "the variable \(name)")
        case .file(let path):
            guard let bytes = try TextFile.bytes(of: path) else {
                throw CredentialProblem(
                    "there is no file '\(path)', which is to have the secret for '\(login.registry)'")
            }
            return (firstLine(of: String(decoding: bytes, as: UTF8.self)), "'\(path)'")
        case .command(let words):
            let output = try await programs.secret(from: words, for: "the secret for '\(login.registry)'")
            return (firstLine(of: output), words[0])
        }
    }
}
