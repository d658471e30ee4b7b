// swift-format-ignore-file: AlwaysUseLowerCamelCase

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A program `docker-credential-NAME`, which keeps credentials elsewhere.
///
/// The protocol is docker-credential-helpers': the verb `get`, the server on standard input, JSON on standard output.
struct CredentialHelper {
    private struct Reply: Decodable {
        let Username: String?
        let Secret: String?
    }

    let name: String
    let programs: ChildPrograms

    /// What a helper prints when it knows nothing, which is no failure.
    private static let notFound = "credentials not found in native keychain"
    /// The user name that says that the secret is an identity token.
    private static let tokenUser = "<token>"

    private var program: String { "docker-credential-\(name)" }

    /// It throws `CredentialProblem`.
    func credential(for repository: Repository) async throws -> FoundCredential? {
        guard !name.contains("/") else { throw CredentialProblem("'\(name)' is no name of a credential helper") }
        let ended = try await programs.run([program, "get"], input: repository.server)
        guard ended.isSuccess else {
            if ended.output.contains(Self.notFound) { return nil }
            let said = [ended.output, ended.errors].map { firstLine(of: $0) }.first { !$0.isEmpty }
            throw CredentialProblem(
                "\(program) failed for '\(repository.server)': \(said ?? "it ended with \(ended.status)")")
        }
        guard let reply = try? JSONDecoder().decode(Reply.self, from: Data(ended.output.utf8)),
            let username = reply.Username, let secret = reply.Secret
        else { throw CredentialProblem("\(program) gave an answer for '\(repository.server)' that cannot be read") }
        if username.isEmpty, secret.isEmpty { return nil }
        return FoundCredential(
            username == Self.tokenUser
                ? .identityToken(secret) : .password(username: username, password: secret),
            origin: program)
    }
}
