import Foundation
import Testing

@testable import RegistryCredentials

@Suite(.timeLimit(.minutes(5))) struct PodmanCredentialsTests {
    private func entry(_ user: String) -> String {
        #"{"auth":"\#(Data("\(user):x".utf8).base64EncodedString())"}"#
    }

    private func user(
        _ files: [String: String], _ variables: [String: String],
        _ repository: String = "registry.example.com/team/web"
    ) async throws -> String? {
        try await TestHome.with { home in
            for (path, user) in files {
                try home.write(#"{"auths":{"registry.example.com":\#(entry(user))}}"#, to: path)
            }
            let resolved = variables.mapValues { $0.replacing("HOME", with: home.folder) }
            let source = PodmanCredentials(variables: resolved, programs: home.programs())
            guard case .password(let name, _)? = try await outcome(source, repository).credential else { return nil }
            return name
        }
    }

    @Test func `the file of the session comes before the one at home`() async throws {
        let files = ["run/containers/auth.json": "session", ".config/containers/auth.json": "home"]
        #expect(try await user(files, ["XDG_RUNTIME_DIR": "HOME/run", "HOME": "HOME"]) == "session")
        #expect(try await user(files, ["XDG_RUNTIME_DIR": "HOME/other", "HOME": "HOME"]) == "home")
        #expect(try await user(files, ["XDG_RUNTIME_DIR": "", "HOME": "HOME"]) == "home")
        #expect(try await user(files, [:]) == nil)
    }

    @Test func `a file that is named is the only one`() async throws {
        let files = ["mine.json": "mine", ".config/containers/auth.json": "home"]
        #expect(try await user(files, ["REGISTRY_AUTH_FILE": "HOME/mine.json", "HOME": "HOME"]) == "mine")
        #expect(try await user(files, ["REGISTRY_AUTH_FILE": "HOME/absent.json", "HOME": "HOME"]) == nil)
    }

    @Test(arguments: [
        ("registry.example.com/team/web", "web"), ("registry.example.com/team/api", "team"),
        ("registry.example.com/other", "all"), ("registry.example.com/team/web/x", "web"),
        ("registry.example.com/teams/web", "all"),
    ])
    func `the longest beginning of a repository decides`(repository: String, user: String) async throws {
        try await TestHome.with { home in
            let json = """
                {"auths":{"registry.example.com":\(entry("all")),"registry.example.com/team":\(entry("team")),
                "registry.example.com/team/web":\(entry("web"))}}
                """
            let file = try home.write(json, to: "auth.json")
            let source = PodmanCredentials(variables: ["REGISTRY_AUTH_FILE": file], programs: home.programs())
            let found = try await outcome(source, repository)
            #expect(found.credential == .password(username: user, password: "x"))
        }
    }
}
