import RecastTesting
import SystemPackage
import Testing

@testable import OpenSSH

@Suite(.timeLimit(.minutes(5)))
struct KeyFileTests {
    struct Sample: CustomTestStringConvertible, Sendable {
        let type: String
        let format: String
        let kind: KeyFile.Kind
        var passphrase = ""
        var testDescription: String { "\(type) \(format) \(passphrase)" }
    }

    private static func inspect(_ path: String) throws -> KeyFile {
        guard case .key(let file) = KeyFile.inspect(path) else {
            throw Errno.invalidArgument
        }
        return file
    }

    @Test(arguments: [
        Sample(type: "ed25519", format: "RFC4716", kind: .ed25519),
        Sample(type: "ed25519", format: "RFC4716", kind: .ed25519, passphrase: "secret"),
        Sample(type: "ecdsa", format: "RFC4716", kind: .ecdsa),
        Sample(type: "ecdsa", format: "PEM", kind: .ecdsa),
        Sample(type: "ecdsa", format: "PEM", kind: .ecdsa, passphrase: "secret"),
        Sample(type: "ecdsa", format: "PKCS8", kind: .ecdsa),
        Sample(type: "rsa", format: "RFC4716", kind: .rsa, passphrase: "secret"),
        Sample(type: "rsa", format: "PEM", kind: .rsa),
        Sample(type: "rsa", format: "PEM", kind: .rsa, passphrase: "secret"),
        Sample(type: "rsa", format: "PKCS8", kind: .rsa),
        Sample(type: "rsa", format: "PKCS8", kind: .rsa, passphrase: "secret"),
        Sample(type: "dsa", format: "PEM", kind: .dsa),
    ])
    func `type, encryption and public key are seen without the passphrase`(sample: Sample) async throws {
        try await Workshop.open { workshop in
            let options = ["-m", sample.format] + (sample.type == "rsa" ? ["-b", "2048"] : [])
            let path = try await workshop.makeKey("k", sample.type, passphrase: sample.passphrase, options: options)
            let file = try Self.inspect(path)
            #expect(file.kind == sample.kind)
            #expect(file.isEncrypted == !sample.passphrase.isEmpty)
            #expect(file.publicKey == (try workshop.publicKey("k").blob))
        }
    }

    @Test func `without the public file only the OpenSSH format tells the key`() async throws {
        try await Workshop.open { workshop in
            let pem = try await workshop.makeKey("pem", "ecdsa", passphrase: "secret", options: ["-m", "PKCS8"])
            let modern = try await workshop.makeKey("modern", passphrase: "secret")
            let expected = try workshop.publicKey("modern").blob
            for name in ["pem.pub", "modern.pub"] { try workshop.write("nonsense", to: name) }
            #expect(try Self.inspect(pem).publicKey == nil && Self.inspect(pem).kind == nil)
            #expect(try Self.inspect(modern).publicKey == expected)
        }
    }

    @Test func `what is no private key is skipped with a reason`() async throws {
        try await Workshop.open { workshop in
            #expect(KeyFile.inspect(workshop.path("absent")) == .absent)
            #expect(KeyFile.inspect(workshop.path("config/x")) == .absent)
            #expect(KeyFile.inspect(workshop.folder) == .skipped("is no file"))
            #expect(KeyFile.inspect("/dev/zero") == .skipped("is no file"))
            let pipe = workshop.path("pipe")
            let outcome = try await workshop.installation.run("mkfifo", [pipe])
            #expect(outcome.status == 0)
            #expect(KeyFile.inspect(pipe) == .skipped("is no file") && KeyFile.publicKey(of: pipe) == nil)
            #expect(KeyFile.inspect(workshop.path("config")) == .skipped("holds no private key"))
            let large = try workshop.write(String(repeating: "a", count: 1 << 20) + "b", to: "large")
            #expect(KeyFile.inspect(large) == .skipped("is larger than 1 MiB, so it is no key"))
            let open = try await workshop.makeKey("open")
            try workshop.write(workshop.read("open"), to: "open", mode: 0o644)
            #expect(KeyFile.inspect(open) == .skipped("has permissions 0644, so others may read it: chmod 600 it"))
        }
    }

    @Test func `damaged and random files never crash`() async throws {
        try await Workshop.open { workshop in
            try await workshop.makeKey("k")
            let contents = Array(try workshop.read("k").utf8)
            var generator = SeededGenerator(seed: 5)
            var read = 0
            for _ in 0..<5000 {
                if KeyHeader(generator.damaged(contents)) != nil { read += 1 }
                _ = KeyHeader(generator.bytes(upTo: 200))
            }
            #expect(read > 100)
        }
    }
}
