import Testing

@testable import OpenSSH

@Suite(.timeLimit(.minutes(5)))
struct IdentitiesTests {
    private static func find(
        in workshop: Workshop, files: [String], agent: String? = nil, _ more: String = ""
    ) async throws -> Identities {
        let lines = files.map { "IdentityFile \(workshop.path($0))\n" }.joined()
        let settings = try await workshop.settings("h", lines + "IdentityAgent \(agent ?? "none")\n" + more)
        return try await PrivateAgent.withAgent(workshop.installation, terminal: .none) {
            try await Identities.find(for: settings, privateAgent: $0)
        }
    }

    private static func shape(_ identities: Identities, in workshop: Workshop) -> [String] {
        identities.candidates.map { identity in
            let name = identity.name.replacing(workshop.folder + "/", with: "")
            return switch identity {
            case .key: "key \(name)"
            case .signer: "signer \(name)"
            case .deferred: "deferred \(name)"
            }
        }
    }

    @Test func `files come in the order of the configuration and absent ones are left out`() async throws {
        try await Workshop.open { workshop in
            try await workshop.makeKey("e", "ecdsa")
            try await workshop.makeKey("a")
            try await workshop.makeKey("locked", passphrase: "secret")
            try await workshop.makeKey("r", "rsa", options: ["-b", "2048"])
            let files = ["e", "absent", "locked", "r", "a"]
            let identities = try await Self.find(in: workshop, files: files)
            #expect(Self.shape(identities, in: workshop) == ["key e", "signer locked", "signer r", "key a"])
            #expect(identities.skipped.isEmpty && identities.certificates.isEmpty)
        }
    }

    @Test(arguments: [false, true])
    func `keys of the agent come first, those of the configuration before others`(only: Bool) async throws {
        try await Workshop.open { workshop in
            for name in ["a", "b", "c", "d"] { try await workshop.makeKey(name) }
            let shape = try await withAgent(holding: ["a", "b", "c"], in: workshop) { path in
                let more = only ? "IdentitiesOnly yes" : ""
                let identities = try await Self.find(in: workshop, files: ["d", "c", "b.pub"], agent: path, more)
                #expect(identities.skipped == [])
                return Self.shape(identities, in: workshop)
            }
            #expect(shape == ["signer c (agent)", "signer b (agent)"] + (only ? [] : ["signer a (agent)"]) + ["key d"])
        }
    }

    @Test func `a key that libssh2 cannot use signs once an agent has it`() async throws {
        try await Workshop.open { workshop in
            let path = try await workshop.makeKey("r", "rsa", options: ["-b", "2048"])
            let settings = try await workshop.settings("h", "IdentityFile \(path)\nIdentityAgent none")
            try await PrivateAgent.withAgent(workshop.installation, terminal: .none) { agent in
                let identities = try await Identities.find(for: settings, privateAgent: agent)
                guard case .signer(let signer) = try #require(identities.candidates.first) else {
                    Issue.record("no signer")
                    return
                }
                #expect(signer.publicKey == (try workshop.publicKey("r").blob))
                #expect(try await signer.sign([1], algorithm: "rsa-sha2-256").count == 256)
            }
        }
    }

    @Test func `keys that cannot be used are named with the reason, certificates apart`() async throws {
        try await Workshop.open { workshop in
            for name in ["a", "ca"] { try await workshop.makeKey(name) }
            try await workshop.makeKey("dsa", "dsa")
            try workshop.write("nonsense", to: "bad")
            let signed = try await workshop.installation.run(
                "ssh-keygen", ["-q", "-s", workshop.path("ca"), "-I", "id", workshop.path("a.pub")])
            #expect(signed.status == 0)
            let identities = try await Self.find(in: workshop, files: ["a", "dsa", "bad"])
            #expect(Self.shape(identities, in: workshop) == ["key a"])
            #expect(
                identities.skipped == [
                    .init(
                        name: workshop.path("dsa"), reason: "is a dsa key, which only the system's ssh can use",
                        needsSystemSSH: true),
                    .init(name: workshop.path("bad"), reason: "holds no private key"),
                ])
            #expect(identities.certificates == [workshop.path("a-cert.pub")])
        }
    }

    @Test func `a certificate in the agent is told and not offered`() async throws {
        try await Workshop.open { workshop in
            for name in ["e", "ca"] { try await workshop.makeKey(name, "ecdsa") }
            let signed = try await workshop.installation.run(
                "ssh-keygen", ["-q", "-s", workshop.path("ca"), "-I", "id", workshop.path("e.pub")])
            #expect(signed.status == 0)
            try await withAgent(holding: ["e"], in: workshop) { path in
                let identities = try await Self.find(in: workshop, files: [], agent: path)
                #expect(Self.shape(identities, in: workshop) == ["signer e (agent)"])
                #expect(identities.certificates == ["e (agent)"])
            }
        }
    }

    @Test func `an agent that does not answer is named and the files remain`() async throws {
        try await Workshop.open { workshop in
            try await workshop.makeKey("a")
            let identities = try await Self.find(in: workshop, files: ["a"], agent: workshop.path("nowhere.sock"))
            #expect(Self.shape(identities, in: workshop) == ["key a"])
            #expect(identities.skipped.map(\.name) == ["agent"])
        }
    }
}
