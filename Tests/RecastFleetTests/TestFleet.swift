import DockerAPI
import Foundation
import Testing

/// The real hosts that `scripts/test` started, and the binary it built.
struct TestFleet: Sendable {
    let folder: String
    let registry: String
    /// The first three numbers of the addresses.
    let network: String
    let binary: String
    let scripts: String

    /// Integration tests fail without a fleet; they never pass by not running.
    static let current = TestFleet()

    private init() {
        let environment = ProcessInfo.processInfo.environment
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        folder = environment["RECAST_FLEET_DIR"] ?? "/var/lib/recast-fleet"
        registry = environment["RECAST_FLEET_REGISTRY"] ?? "10.77.40.2:5000"
        network = environment["RECAST_FLEET_NET"] ?? "10.77.40"
        binary = environment["RECAST_BINARY"] ?? root + "/.build/debug/recast"
        scripts = root + "/scripts"
    }

    func socket(_ host: String) -> String { "\(folder)/\(host)/docker.sock" }

    func address(_ host: String) -> String { "\(network).\(10 + (Int(host.dropFirst()) ?? 0))" }

    /// The same content as `registry` has, for user `fleet` with password `secret`.
    var guardedRegistry: String { "\(registry.prefix { $0 != ":" }):5001" }

    /// The folder of `ca.pem`, `cert.pem` and `key.pem`, for port 2376 of the hosts.
    var certificates: String { "\(folder)/tls" }

    /// A host's `engine` and `tls` in an environment.
    func tlsEngine(_ host: String, _ keys: [String] = ["ca", "cert", "key"]) -> String {
        tlsEngine(at: address(host), keys)
    }

    func tlsEngine(at address: String, _ keys: [String] = ["ca", "cert", "key"]) -> String {
        let files = keys.map { "\($0): \(certificates)/\($0).pem" }.joined(separator: ", ")
        return "engine: \"tcp://\(address)\", tls: { \(files) }"
    }

    /// For `ssh -F`: the hosts with their keys.
    var sshConfig: String { "\(folder)/ssh/config" }

    /// Gives an engine to look at and to meddle with, as a person on that host would.
    func withEngine<Result: Sendable>(
        _ host: String, _ body: (EngineClient) async throws -> Result
    ) async throws -> Result {
        try await EngineNetwork.withNetwork { network in
            try await body(EngineClient(EngineReader.connect(to: .unix(path: socket(host)), over: network)))
        }
    }

    /// The digest of an image in the fleet's registry, such as `shop/web:1`.
    ///
    /// Asked for directly: not every engine can name it.
    func digest(of image: String) async throws -> String {
        let (name, tag) = try #require(image.firstIndex(of: ":").map { (image[..<$0], image[$0...].dropFirst()) })
        let types = ["vnd.oci.image.index.v1", "vnd.oci.image.manifest.v1", "vnd.docker.distribution.manifest.v2"]
            .map { "application/\($0)+json" }.joined(separator: ", ")
        let url = "http://\(registry)/v2/\(name)/manifests/\(tag)"
        let reply = try await Command("/usr/bin/curl", ["-fsI", "--noproxy", "*", "-H", "Accept: \(types)", url]).run()
        let lines = reply.output.split(whereSeparator: \.isNewline).map { $0.split(separator: " ") }
        let line = try #require(lines.first { $0.first?.lowercased() == "docker-content-digest:" }, "\(url)")
        return String(try #require(line.last))
    }

    /// `scripts/fleet` with the variables that `scripts/test` set for it.
    func manage(_ arguments: String...) async throws {
        let run = try await Command(scripts + "/fleet", arguments).run()
        try #require(run.status == 0, "fleet \(arguments): \(run.output)\(run.errors)")
    }
}
