import NIOSSL
import Testing

@testable import DockerAPI

@Suite(.timeLimit(.minutes(5))) struct NameCheckTests {
    @Test(arguments: [
        ("docker.example.com", true), ("DOCKER.example.com", true), ("a.wild.example.com", true),
        ("wild.example.com", false), ("a.b.wild.example.com", false), ("example.com", false), ("127.0.0.1", false),
    ])
    func `a certificate is accepted for its names`(name: String, isAccepted: Bool) async throws {
        try await TestCertificates.with { certificates in
            let names = "DNS:docker.example.com,DNS:*.wild.example.com,IP:127.0.0.1"
            let own = try await certificates.certificate("server", for: names, by: certificates.authority())
            let certificate = try #require(try NIOSSLCertificate.fromPEMFile(own.certificate).first)
            #expect(NameCheck(name: name).accepts(certificate) == isAccepted)
        }
    }
}
