import Testing

@testable import RegistryCredentials

@Suite(.timeLimit(.minutes(5))) struct ConfiguredLoginTests {
    private func outcome(_ secret: ConfiguredLogin.Secret, in home: TestHome) async throws -> CredentialLookup.Outcome {
        let login = ConfiguredLogin(registry: "registry.example.com", username: "deploy", secret: secret)
        let source = ConfiguredLogins(
            [login], variables: home.variables.merging(["TOKEN": "hunter2", "EMPTY": ""]) { $1 },
            programs: home.programs())
        return try await RegistryCredentialsTests.outcome(source)
    }

    @Test func `a secret comes from a variable, a file or a program`() async throws {
        try await TestHome.with { home in
            let expected = Credential.password(username: "deploy", password: "hunter2")
            #expect(try await outcome(.variable("TOKEN"), in: home).credential == expected)
            let file = try home.write("hunter2\r\nmore\n", to: "secret")
            #expect(try await outcome(.file(file), in: home).credential == expected)
            let program = try home.program("give", "[ \"$1\" = registry ] && echo hunter2")
            #expect(try await outcome(.command([program, "registry"]), in: home).credential == expected)
            #expect(try await outcome(.command(["give", "registry"]), in: home).credential == expected)
        }
    }

    @Test func `what is missing is named`() async throws {
        try await TestHome.with { home in
            let file = try home.write("\n", to: "secret")
            let program = try home.program("give", "echo hunter2; echo 'no vault' >&2; exit 1")
            let cases: [(ConfiguredLogin.Secret, String)] = [
                (
                    .variable("NONE"),
                    "the variable NONE, which is to have the secret for 'registry.example.com', is not set"
                ),
                (.variable("EMPTY"), "the secret for 'registry.example.com' from the variable EMPTY is empty"),
                (
                    .file("/nowhere"),
                    "there is no file '/nowhere', which is to have the secret for 'registry.example.com'"
                ),
                (.file(file), "the secret for 'registry.example.com' from '\(file)' is empty"),
                (
                    .command([program]),
                    "\(program), which is to print the secret for 'registry.example.com', failed: no vault"
                ),
                (.command(["absent"]), "there is no program absent in PATH"),
            ]
            for (secret, sentence) in cases { #expect(try await outcome(secret, in: home).problem == sentence) }
        }
    }

    @Test func `a program that prints nothing gives no secret`() async throws {
        try await TestHome.with { home in
            let silent = try home.program("silent", "echo")
            let programs = home.programs()
            await #expect(throws: CredentialProblem.self) {
                try await programs.secret(from: [silent], for: "a secret")
            }
            let twoLines = try home.program("two", "printf 'a\\nb\\n'")
            #expect(try await programs.secret(from: [twoLines], for: "a secret") == "a\nb")
        }
    }

    @Test func `what is written down comes before docker's login, and that before podman's`() async throws {
        try await TestHome.with { home in
            let auth = #"{"auths":{"registry.example.com":{"username":"NAME","password":"x"}}}"#
            try home.write(auth.replacing("NAME", with: "docker"), to: "config.json")
            let file = try home.write(auth.replacing("NAME", with: "podman"), to: "auth.json")
            let login = ConfiguredLogin(registry: "registry.example.com", username: "own", secret: .variable("TOKEN"))
            let own = ConfiguredLogins([login], variables: ["TOKEN": "x"], programs: home.programs())
            let docker = DockerCredentials(folder: home.folder, programs: home.programs())
            let podman = PodmanCredentials(variables: ["REGISTRY_AUTH_FILE": file], programs: home.programs())
            let all: [any CredentialSource] = [own, docker, podman]
            for (index, user) in ["own", "docker", "podman"].enumerated() {
                let found = try await CredentialLookup(Array(all.dropFirst(index)))
                    .outcome(for: Repository("registry.example.com/team/web")).credential
                #expect(found == .password(username: user, password: "x"))
            }
        }
    }

    @Test func `a credential does not show what it is`() {
        let found = FoundCredential(.password(username: "deploy", password: "hunter2"), origin: "'x'")
        #expect(!"\(found) \(String(reflecting: found))".contains("hunter2"))
        #expect(!"\(Credential.identityToken("hunter2"))".contains("hunter2"))
    }
}
