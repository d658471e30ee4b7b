import Foundation
import Testing

@testable import RegistryCredentials

@Suite(.timeLimit(.minutes(5))) struct CredentialHelperTests {
    private static let reply = #"{"ServerURL":"x","Username":"deploy","Secret":"hunter2"}"#

    /// What a login behind the helper `fake` is.
    private func credential(
        _ script: String, config: String = #"{"credsStore":"fake"}"#, patience: Duration = .seconds(60),
        _ repository: String = "registry.example.com/team/web"
    ) async throws -> CredentialLookup.Outcome {
        try await TestHome.with { home in
            try home.write(config, to: "config.json")
            try home.program("docker-credential-fake", script)
            let programs = home.programs(patience: patience)
            return try await outcome(DockerCredentials(folder: home.folder, programs: programs), repository)
        }
    }

    @Test func `a helper is asked for the server on its input`() async throws {
        let script = """
            [ "$1" = get ] || exit 9
            read -r server || true
            printf '{"ServerURL":"%s","Username":"%s","Secret":"hunter2"}' "$server" "$server"
            """
        let own = try await credential(script).credential
        #expect(own == .password(username: "registry.example.com", password: "hunter2"))
        let hub = try await credential(script, "docker.io/library/nginx").credential
        #expect(hub == .password(username: "https://index.docker.io/v1/", password: "hunter2"))
    }

    @Test func `a registry's own helper comes before the one for all`() async throws {
        let config = #"{"credsStore":"absent","credHelpers":{"registry.example.com":"fake"}}"#
        #expect(try await credential("echo '\(Self.reply)'", config: config).credential != nil)
        let other = try await credential("echo '\(Self.reply)'", config: config, "other.example.com/web")
        #expect(other.problem == "there is no program docker-credential-absent in PATH")
    }

    @Test func `a token has a user name of its own`() async throws {
        let outcome = try await credential(#"echo '{"Username":"<token>","Secret":"tok"}'"#)
        #expect(outcome.credential == .identityToken("tok"))
    }

    @Test func `a helper that knows nothing is no failure`() async throws {
        #expect(try await credential("echo 'credentials not found in native keychain'; exit 1") == .none)
    }

    @Test func `a helper that fails is quoted`() async throws {
        let loud = try await credential("echo 'the vault is locked'; exit 1").problem
        #expect(loud == "docker-credential-fake failed for 'registry.example.com': the vault is locked")
        let errors = try await credential("echo 'no bus' >&2; exit 3").problem
        #expect(errors == "docker-credential-fake failed for 'registry.example.com': no bus")
        let silent = try await credential("exit 3").problem
        #expect(silent == "docker-credential-fake failed for 'registry.example.com': it ended with exited(3)")
    }

    @Test(arguments: ["hunter2", "{\"Username\":\"a\"}", "[\"hunter2\"]"])
    func `an answer that cannot be read is not quoted`(answer: String) async throws {
        let problem = try await credential("printf '%s' '\(answer)'").problem
        #expect(problem?.hasSuffix("gave an answer for 'registry.example.com' that cannot be read") ?? false)
    }

    @Test func `a helper that hangs is ended, with what it started`() async throws {
        let started = ContinuousClock.now
        let problem = try await credential("sleep 1000 & sleep 1000", patience: .milliseconds(300)).problem
        #expect(problem == "docker-credential-fake did not end within 0.3 seconds")
        #expect(ContinuousClock.now - started < .seconds(250))
    }

    @Test func `a helper that talks without end is ended`() async throws {
        let problem = try await credential("yes").problem
        #expect(problem == "docker-credential-fake prints more than 1 MiB")
    }

    @Test func `a helper whose name is a path is refused`() async throws {
        let problem = try await credential("exit 0", config: #"{"credsStore":"../../bin/sh"}"#).problem
        #expect(problem == "'../../bin/sh' is no name of a credential helper")
    }

    @Test func `one question is asked once`() async throws {
        try await TestHome.with { home in
            try home.write(#"{"credsStore":"fake"}"#, to: "config.json")
            try home.program("docker-credential-fake", "echo '\(Self.reply)'")
            let source = DockerCredentials(folder: home.folder, programs: home.programs())
            for path in ["a", "b", "a"] { _ = try await outcome(source, "registry.example.com/\(path)") }
            #expect(home.calls == 1)
            _ = try await outcome(source, "other.example.com/a")
            #expect(home.calls == 2)
        }
    }
}
