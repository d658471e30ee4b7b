import Foundation
import Testing

@testable import RegistryCredentials

@Suite(.timeLimit(.minutes(5))) struct DockerCredentialsTests {
    private static let deploy = Credential.password(username: "deploy", password: "s:cret")
    private static let encoded = Data("deploy:s:cret".utf8).base64EncodedString()

    private func credential(_ json: String, _ repository: String = "registry.example.com/team/web") async throws
        -> CredentialLookup.Outcome
    {
        try await TestHome.with { home in
            try home.write(json, to: "config.json")
            return try await outcome(DockerCredentials(folder: home.folder, programs: home.programs()), repository)
        }
    }

    @Test(arguments: [
        #"{"auths":{"registry.example.com":{"auth":"\#(encoded)"}}}"#,
        #"{"auths":{"https://registry.example.com/v2/":{"auth":"\#(encoded)"}}}"#,
        #"{"auths":{"registry.example.com":{"username":"deploy","password":"s:cret"}}}"#,
        #"{"auths":{"registry.example.com":{"auth":"\#(encoded)","email":"a@b","identitytoken":""}},"HttpHeaders":{}}"#,
        #"{"auths":{"registry.example.com":{},"https://registry.example.com":{"auth":"\#(encoded)"}}}"#,
    ])
    func `a login is found in its forms`(json: String) async throws {
        #expect(try await credential(json).credential == Self.deploy)
    }

    @Test func `an identity token wins over what stands beside it`() async throws {
        let json = #"{"auths":{"registry.example.com":{"auth":"\#(Self.encoded)","identitytoken":"tok"}}}"#
        #expect(try await credential(json).credential == .identityToken("tok"))
    }

    @Test func `Docker Hub's login is under its old name`() async throws {
        let json = #"{"auths":{"https://index.docker.io/v1/":{"auth":"\#(Self.encoded)"}}}"#
        #expect(try await credential(json, "docker.io/library/nginx").credential == Self.deploy)
        #expect(try await credential(json) == .none)
    }

    @Test func `padding of old clients is no part of a password`() async throws {
        let auth = Data("deploy:s:cret\0\0".utf8).base64EncodedString()
        let json = #"{"auths":{"registry.example.com":{"auth":"\#(auth)"}}}"#
        #expect(try await credential(json).credential == Self.deploy)
    }

    @Test(arguments: ["", "{}", #"{"auths":{}}"#, #"{"auths":{"registry.example.com":{}}}"#, #"{"credsStore":""}"#])
    func `a file that says nothing is no login`(json: String) async throws {
        #expect(try await credential(json) == .none)
    }

    @Test func `no file is no login`() async throws {
        let source = DockerCredentials(folder: "/nowhere", programs: ChildPrograms(variables: [:]))
        #expect(try await outcome(source) == .none)
    }

    @Test(arguments: ["nonsense!", "ZGVwbG95", "OnNlY3JldA=="])
    func `an entry that cannot be read is named, and its content is not`(auth: String) async throws {
        let problem = try await credential(#"{"auths":{"registry.example.com":{"auth":"\#(auth)"}}}"#).problem
        #expect(problem?.hasPrefix("the entry 'registry.example.com' of '") ?? false)
        #expect(!(problem?.contains(auth) ?? true))
    }

    @Test(arguments: ["{", "[]", #"{"auths":5}"#, "\u{0}"])
    func `a file that is no JSON is named`(text: String) async throws {
        #expect(try await credential(text).problem?.hasSuffix("config.json' is no JSON with credentials") ?? false)
    }
}
