import DockerAPI
import RecastModel
import Testing

@testable import RecastHosts

@Suite struct RegistryFailureTests {
    private func failure(_ words: String) -> RegistryFailure {
        RegistryFailure(EngineError(.status, route: "GET /distribution", status: 500, message: words))
    }

    /// The words of engines 20.10, 26.1 and 28.5, with both image stores, and of Docker Hub.
    @Test(arguments: [
        (
            "Get \"http://r:5001/v2/\": dial tcp 10.0.0.2:5001: connect: connection refused",
            RegistryFailure.Kind.unreachable
        ),
        ("Get \"https://r/v2/\": dial tcp: lookup r on 10.0.0.1:53: no such host", .unreachable),
        (
            "Get \"https://r/v2/\": tls: failed to verify certificate: x509: certificate signed by unknown authority",
            .unreachable
        ),
        ("Get \"https://r/v2/\": http: server gave HTTP response to HTTPS client", .unreachable),
        (
            "Get \"https://r/v2/\": net/http: request canceled (Client.Timeout exceeded while awaiting headers)",
            .unreachable
        ),
        ("unauthorized: authentication required", .unauthorized),
        ("Head \"http://r:5001/v2/shop/base/manifests/1\": no basic auth credentials", .unauthorized),
        (
            "failed to resolve reference \"r/a:1\": pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials",
            .unauthorized
        ),
        ("Get \"https://registry-1.docker.io/v2/\": unauthorized: incorrect username or password", .unauthorized),
        (
            "pull access denied for shop/nope, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
            .denied
        ),
        (
            "errors:\ndenied: requested access to the resource is denied\nunauthorized: authentication required\n",
            .denied
        ),
        ("name unknown: repository name not known to registry", .noRepository),
        ("manifest unknown: manifest unknown", .noManifest),
        ("manifest for r/shop/nope:1 not found: manifest unknown: manifest unknown", .noManifest),
        ("failed to resolve reference \"r/a:1\": r/a:1: not found", .noManifest),
        ("no matching manifest for linux/arm64/v8 in the manifest list entries", .noPlatform),
        ("received unexpected HTTP status: 503 Service Unavailable", .other),
    ])
    func `a daemon's words are understood`(words: String, kind: RegistryFailure.Kind) {
        #expect(failure(words).kind == kind)
    }

    @Test func `the sentence says whether credentials were shown, and whose`() throws {
        let image = try #require(ImageReference("r.example.com/shop/web:1"))
        let auth = RegistryAuth(username: "deploy", password: "hunter2", server: "r.example.com")
        let known = RegistryLogin.credentials(auth, origin: "'config.json'")
        let refused = failure("unauthorized: authentication required")
        #expect(
            refused.sentence(for: image, on: "host a", shown: .anonymous)
                == "r.example.com wants credentials, and none are known")
        #expect(
            refused.sentence(for: image, on: "host a", shown: known)
                == "r.example.com does not accept the credentials from 'config.json'")
        let denied = failure("denied: requested access to the resource is denied")
        #expect(
            denied.sentence(for: image, on: "host a", shown: known)
                == "r.example.com has no such repository, or the credentials from 'config.json' may not read it")
        let gone = failure("dial tcp: lookup r.example.com: no such host")
        #expect(gone.sentence(for: image, on: "host a", shown: known).hasPrefix("host a cannot reach r.example.com: "))
    }
}
