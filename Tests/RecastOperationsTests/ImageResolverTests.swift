import DockerAPI
import RecastHosts
import RecastModel
import RecastTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct ImageResolverTests {
    private static let image = "registry.example.com/shop/web:1"

    /// How the image is resolved for hosts `a` and `b`, and how often the registry was asked.
    private func resolve(
        _ first: EngineConfiguration, _ second: EngineConfiguration, logins: [String: RegistryLogin] = [:]
    ) async throws -> (resolution: ImageResolver.Resolution?, asked: [Int]) {
        try await withSimulatedEngine(first) { a in
            try await withSimulatedEngine(second) { b in
                try await EngineNetwork.withNetwork { network in
                    let readers: [HostName: EngineReader] = [
                        "a": try await EngineReader.connect(to: .unix(path: a.path), over: network),
                        "b": try await EngineReader.connect(to: .unix(path: b.path), over: network),
                    ]
                    let image = try #require(ImageReference(Self.image))
                    let found = try await ImageResolver(readers: readers, logins: logins).resolve([image: ["a", "b"]])
                    let asked = [a, b].map { engine in
                        engine.requests.count { $0.path.contains("/distribution/") }
                    }
                    return (found[image], asked)
                }
            }
        }
    }

    private func configuration(architecture: String = "amd64", failure: Refusal? = nil) -> EngineConfiguration {
        var configuration = EngineConfiguration.engine20
        configuration.architecture = architecture
        configuration.registry = [Self.image: .base]
        configuration.registry.failure = failure
        return configuration
    }

    @Test func `a tag is looked up once for all hosts`() async throws {
        let (resolution, asked) = try await resolve(configuration(), configuration())
        #expect(resolution == .digest(SimulatedImage.base.digest))
        #expect(asked == [1, 0])
    }

    @Test func `another host is asked when one cannot reach the registry`() async throws {
        let offline = Refusal(500, "Get \"https://registry.example.com/v2/\": dial tcp: no such host")
        let (resolution, asked) = try await resolve(configuration(failure: offline), configuration())
        #expect(resolution == .digest(SimulatedImage.base.digest))
        #expect(asked == [1, 1])
    }

    @Test func `no other host is asked what the registry refused to one`() async throws {
        let refused = Refusal(500, "unauthorized: authentication required")
        let (resolution, asked) = try await resolve(configuration(failure: refused), configuration())
        #expect(asked == [1, 0])
        guard case .unresolved(let reason)? = resolution else {
            Issue.record("\(String(describing: resolution))")
            return
        }
        #expect(
            reason.text
                == "registry.example.com wants credentials, and none are known; no host has it either")
        #expect(reason.help.hasPrefix("sign in with `docker login registry.example.com`"))
    }

    @Test func `an image that one host cannot run is an error with that host`() async throws {
        let (resolution, _) = try await resolve(configuration(), configuration(architecture: "arm64"))
        guard case .unusable(let reason)? = resolution else {
            Issue.record("\(String(describing: resolution))")
            return
        }
        #expect(reason.text == "host b is linux/arm64, and the image exists for linux/amd64")
    }

    @Test func `credentials that cannot be had are the reason, and nobody is asked`() async throws {
        let logins = ["registry.example.com/shop/web": RegistryLogin.unavailable(reason: "the vault is locked")]
        let (resolution, asked) = try await resolve(configuration(), configuration(), logins: logins)
        #expect(asked == [0, 0])
        guard case .unresolved(let reason)? = resolution else {
            Issue.record("\(String(describing: resolution))")
            return
        }
        #expect(reason.text.hasPrefix("there are no credentials for registry.example.com: the vault is locked"))
    }
}
