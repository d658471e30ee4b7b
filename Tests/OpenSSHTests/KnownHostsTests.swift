import RecastTesting
import SystemPackage
import Testing

@testable import OpenSSH

@Suite(.timeLimit(.minutes(5)))
struct KnownHostsTests {
    /// Keys `a` and `b` of ed25519 and `e` of ecdsa, and the settings of `host` with the given known hosts.
    private static func withHosts(
        _ address: String = "web1", _ lines: (Workshop) throws -> String, more: String = "",
        _ body: (Workshop, SSHSettings) async throws -> Void
    ) async throws {
        try await Workshop.open { workshop in
            try await workshop.makeKey("a")
            try await workshop.makeKey("b")
            try await workshop.makeKey("e", "ecdsa")
            try workshop.write(lines(workshop), to: "known")
            let settings = try await workshop.settings(
                address, "UserKnownHostsFile \(workshop.path("known"))\nGlobalKnownHostsFile none\n" + more)
            try await body(workshop, settings)
        }
    }

    private static func verdict(
        _ workshop: Workshop, _ settings: SSHSettings, on key: String = "a"
    ) async throws -> KnownHosts.Verdict {
        let known = try await KnownHostsFiles(workshop.installation).knownHosts(for: settings)
        return known.verdict(on: try workshop.publicKey(key))
    }

    @Test(arguments: [
        ("web1", "web1 KEY\n"), ("web1", "other,web1 KEY comment\r\n"), ("web1", "web* KEY"), ("WEB1", "web1 KEY"),
        ("web1", "garbage\nweb1 ssh-rsa !!!\nweb1 KEY\n"), ("web1:2200", "[web1]:2200 KEY"), ("web1:2200", "web1 KEY"),
        ("web1", "web1 OTHER\nweb1 KEY\n"), ("[::1]:2200", "[::1]:2200 KEY"),
        ("web1", "@cert-authority web1 OTHER\nweb1 KEY"),
    ])
    func `a key that stands in the file is trusted`(address: String, lines: String) async throws {
        try await Self.withHosts(address) { workshop in
            try lines.replacing("KEY", with: workshop.publicLine("a"))
                .replacing("OTHER", with: workshop.publicLine("b"))
        } _: { workshop, settings in
            let verdict = try await Self.verdict(workshop, settings)
            #expect(verdict == .trusted)
        }
    }

    @Test(arguments: [
        ("web1", ""), ("web1", "web2 KEY"), ("web1", "web*,!web1 KEY"), ("web1", "[web1]:2200 KEY"),
        ("web1:2200", "[web1]:2201 KEY"), ("web1:2200", "web1 OTHER"), ("web1", "@unknown web1 KEY"),
    ])
    func `a key of which no line speaks is unknown`(address: String, lines: String) async throws {
        try await Self.withHosts(address) { workshop in
            try lines.replacing("KEY", with: workshop.publicLine("a"))
                .replacing("OTHER", with: workshop.publicLine("b"))
        } _: { workshop, settings in
            let verdict = try await Self.verdict(workshop, settings)
            #expect(verdict == .unknown)
        }
    }

    @Test(arguments: ["b", "e"])
    func `another key than the known one is a changed key, whatever its type`(known: String) async throws {
        try await Self.withHosts {
            "# a comment\n\nweb1 \(try $0.publicLine(known))\n"
        } _: { workshop, settings in
            let entry = KnownHostEntry(
                file: workshop.path("known"), line: 3, marker: .none, key: try workshop.publicKey(known))
            let verdict = try await Self.verdict(workshop, settings)
            #expect(verdict == .changed(entry))
        }
    }

    @Test(arguments: ["web1", "web1:2200"])
    func `a revoked key is refused though another line trusts it`(address: String) async throws {
        try await Self.withHosts(address) {
            let key = try $0.publicLine("a")
            return "web1 \(key)\n[web1]:2200 \(key)\n@revoked * \(key)\n"
        } _: { workshop, settings in
            let entry = KnownHostEntry(
                file: workshop.path("known"), line: 3, marker: .revoked, key: try workshop.publicKey("a"))
            let verdict = try await Self.verdict(workshop, settings)
            #expect(verdict == .revoked(entry))
        }
    }

    @Test func `where only an authority is known, the verdict says so`() async throws {
        try await Self.withHosts {
            "@cert-authority *1 \(try $0.publicLine("b"))"
        } _: { workshop, settings in
            let entry = KnownHostEntry(
                file: workshop.path("known"), line: 1, marker: .certificateAuthority,
                key: try workshop.publicKey("b"))
            let verdict = try await Self.verdict(workshop, settings)
            #expect(verdict == .onlyAuthority(entry))
        }
    }

    @Test func `an alias stands for name and port`() async throws {
        let lines = { (workshop: Workshop) in
            "web1 \(try workshop.publicLine("b"))\nthe-alias \(try workshop.publicLine("a"))"
        }
        try await Self.withHosts("web1:2200", lines, more: "HostKeyAlias the-alias") { workshop, settings in
            let verdict = try await Self.verdict(workshop, settings)
            #expect(verdict == .trusted)
        }
    }

    @Test func `hashed names are found`() async throws {
        try await Self.withHosts("web1:2200") {
            "\(KnownHostsFiles.hashed("[web1]:2200")) \(try $0.publicLine("a"))"
        } _: {
            workshop, settings in
            let verdict = try await Self.verdict(workshop, settings)
            #expect(verdict == .trusted)
        }
    }

    @Test func `known types are asked for first, rsa by its better hashes`() async throws {
        try await Workshop.open { workshop in
            try await workshop.makeKey("r", "rsa", options: ["-b", "2048"])
            let known = try workshop.write("web1 \(workshop.publicLine("r"))\n", to: "known")
            let settings = try await workshop.settings(
                "web1",
                "UserKnownHostsFile \(known)\nGlobalKnownHostsFile none\n"
                    + "HostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com,ssh-ed25519,rsa-sha2-256,rsa-sha2-512")
            let hosts = try await KnownHostsFiles(workshop.installation).knownHosts(for: settings)
            #expect(
                hosts.algorithms(preferring: settings.hostKeyAlgorithms) == [
                    "rsa-sha2-256", "rsa-sha2-512", "ssh-ed25519",
                ])
            #expect(
                KnownHosts(entries: [], plainEntries: []).algorithms(preferring: ["a", "b-cert-x", "b"]) == ["a", "b"])
        }
    }

    @Test func `the fingerprint is that of ssh-keygen`() async throws {
        try await Workshop.open { workshop in
            try await workshop.makeKey("a")
            let shown = try await workshop.installation.run("ssh-keygen", ["-l", "-f", workshop.path("a.pub")]).output
            #expect(shown.split(separator: " ")[1] == (try workshop.publicKey("a").fingerprint))
        }
    }

    @Test func `an unknown key is refused with a command that accepts it`() async throws {
        try await Self.withHosts("web1:2200") { _ in
            ""
        } _: { workshop, settings in
            let key = try workshop.publicKey("a")
            let error = await #expect(throws: HostKeyError.self) {
                _ = try await KnownHostsFiles(workshop.installation).check(key, of: settings)
            }
            #expect(error?.problem == .unknown)
            #expect(error?.remedy == "echo '[web1]:2200 ssh-ed25519 \(key.base64)' >> \(workshop.path("known"))")
            #expect(error?.description.contains(key.fingerprint) == true)
        }
    }

    @Test func `the command for a changed key replaces it`() async throws {
        let lines = { (workshop: Workshop) in "[web1]:2200 \(try workshop.publicLine("b"))\n" }
        try await Self.withHosts("web1:2200", lines, more: "ProxyCommand nc %h %p") { workshop, settings in
            let key = try workshop.publicKey("a")
            let files = KnownHostsFiles(workshop.installation)
            let error = await #expect(throws: HostKeyError.self) { _ = try await files.check(key, of: settings) }
            #expect(error?.description.contains("\(workshop.path("known")):1") == true)
            // The command writes the key itself: it can be run here, where nothing listens.
            let outcome = try await workshop.installation.run("sh", ["-c", try #require(error?.remedy)])
            #expect(outcome.status == 0, "\(outcome.errors)")
            let verdict = try await Self.verdict(workshop, settings)
            #expect(verdict == .trusted)
            #expect(try await files.check(key, of: settings) == nil)
        }
    }

    @Test(arguments: [false, true])
    func `accept-new keeps a key once for fifty tasks and refuses another later`(hashed: Bool) async throws {
        let more = "StrictHostKeyChecking accept-new\nHashKnownHosts \(hashed ? "yes" : "no")\n"
        let lines = { (workshop: Workshop) in "other \(try workshop.publicLine("b"))" }
        try await Self.withHosts("web1:2200", lines, more: more) { workshop, settings in
            let key = try workshop.publicKey("a")
            let files = KnownHostsFiles(workshop.installation)
            let accepted = try await withThrowingTaskGroup(of: AcceptedHostKey?.self) { group in
                for _ in 0..<50 { group.addTask { try await files.check(key, of: settings) } }
                return try await group.reduce(into: [AcceptedHostKey]()) { if let kept = $1 { $0.append(kept) } }
            }
            #expect(accepted.map(\.key) == [key])
            let lines = try workshop.read("known").split(separator: "\n")
            #expect(lines.count == 2)
            #expect(lines[1].hasPrefix(hashed ? "|1|" : "[web1]:2200 ssh-ed25519 "))
            let other = try workshop.publicKey("e")
            let error = await #expect(throws: HostKeyError.self) { _ = try await files.check(other, of: settings) }
            #expect(error?.problem != .unknown)
        }
    }

    @Test func `accept-new makes the file for its owner alone`() async throws {
        try await Workshop.open { workshop in
            try await workshop.makeKey("a")
            let file = workshop.path("deep/known")
            let settings = try await workshop.settings(
                "web1", "StrictHostKeyChecking accept-new\nUserKnownHostsFile \(file)\nGlobalKnownHostsFile none")
            let kept = try await KnownHostsFiles(workshop.installation).check(workshop.publicKey("a"), of: settings)
            #expect(kept?.file == file)
            #expect(try FilePath(file).stat().permissions.rawValue & 0o777 == 0o600)
            #expect(try FilePath(workshop.path("deep")).stat().permissions.rawValue & 0o777 == 0o700)
        }
    }

    @Test func `random answers of ssh-keygen give entries or nothing`() async throws {
        try await Workshop.open { workshop in
            try await workshop.makeKey("a")
            let line = try workshop.publicLine("a")
            let answer = "# Host h found: line 4 REVOKED\n@revoked h \(line) c\n# Host h found: line 5 \nh \(line)\r\n"
            #expect(KnownHostEntry.entries(in: answer, of: "f").map(\.line) == [4, 5])
            var generator = SeededGenerator(seed: 11)
            for _ in 0..<5000 {
                let text = String(decoding: generator.damaged(Array(answer.utf8)), as: UTF8.self)
                #expect(KnownHostEntry.entries(in: text, of: "f").count <= 4)
                _ = HostKey(blob: generator.bytes(upTo: 64))
            }
        }
    }
}

extension KnownHostsFiles {
    /// Asks the files and decides by what they say.
    fileprivate func check(_ key: HostKey, of settings: SSHSettings) async throws -> AcceptedHostKey? {
        try await check(key, of: settings, known: knownHosts(for: settings))
    }
}
