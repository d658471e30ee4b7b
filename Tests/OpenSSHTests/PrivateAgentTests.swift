import Testing

@testable import OpenSSH

@Suite(.timeLimit(.minutes(5)))
struct PrivateAgentTests {
    /// A program that runs `ssh-add` with a terminal of its own, and types there when it is asked.
    ///
    /// It writes a line to `asked` for each question, and fails when it finds another question open.
    private static let typist = """
        #!/usr/bin/env python3
        import os, pty, sys
        work = os.environ["WORK"]
        pid, terminal = pty.fork()
        if pid == 0:
            os.execvp("ssh-add", ["ssh-add"] + sys.argv[1:])
        answers = open(work + "/answers").read().split("\\n")
        text = b""
        try:
            while chunk := os.read(terminal, 1024):
                text += chunk
                if text.rstrip().endswith(b":"):
                    os.mkdir(work + "/question")
                    with open(work + "/asked", "a") as log:
                        log.write(text.decode().strip() + "\\n")
                    os.rmdir(work + "/question")
                    os.write(terminal, answers.pop(0).encode() + b"\\n")
                    text = b""
        except OSError:
            pass
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        sys.stderr.write(text.decode().strip())
        sys.exit(status)
        """

    /// A workshop in which somebody types the given answers.
    private static func withTypist(_ answers: [String], _ body: (Workshop) async throws -> Void) async throws {
        try await Workshop.open { workshop in
            var workshop = workshop
            try workshop.write(Self.typist, to: "typist", mode: 0o700)
            try workshop.write(answers.joined(separator: "\n"), to: "answers")
            workshop.installation.add = workshop.path("typist")
            workshop.installation.overrides["WORK"] = workshop.folder
            try await body(workshop)
        }
    }

    private static func keyFile(_ path: String) throws -> KeyFile {
        guard case .key(let file) = KeyFile.inspect(path) else { throw KeyLoadError(path, .refused("no key")) }
        return file
    }

    @Test func `an RSA file signs by sha2 without a terminal`() async throws {
        try await Workshop.open { workshop in
            let path = try await workshop.makeKey("r", "rsa", options: ["-b", "2048"])
            try await PrivateAgent.withAgent(workshop.installation, terminal: .none) { agent in
                let publicKey = try await agent.load(Self.keyFile(path))
                #expect(publicKey == (try workshop.publicKey("r").blob))
                let signature = try await agent.client.sign([1, 2], key: publicKey, algorithm: "rsa-sha2-512")
                #expect(signature.bytes.count == 256)
            }
        }
    }

    @Test func `a passphrase is asked for once, though fifty tasks need the key`() async throws {
        try await Self.withTypist(["secret"]) { workshop in
            let path = try await workshop.makeKey("k", passphrase: "secret")
            let expected = try workshop.publicKey("k").blob
            let file = try Self.keyFile(path)
            try await PrivateAgent.withAgent(workshop.installation, terminal: Terminal(path: "/dev/null")) { agent in
                try await withThrowingTaskGroup(of: [UInt8].self) { group in
                    for _ in 0..<50 { group.addTask { try await agent.load(file) } }
                    for try await publicKey in group { #expect(publicKey == expected) }
                }
            }
            #expect(try workshop.read("asked") == "Enter passphrase for \(path):\n")
        }
    }

    @Test func `two keys are asked for one after the other`() async throws {
        try await Self.withTypist(["secret"]) { workshop in
            let files = try await [
                workshop.makeKey("k", passphrase: "secret"), workshop.makeKey("l", passphrase: "secret"),
            ]
            .map(Self.keyFile)
            try await PrivateAgent.withAgent(workshop.installation, terminal: Terminal(path: "/dev/null")) { agent in
                try await withThrowingTaskGroup(of: [UInt8].self) { group in
                    for number in 0..<20 { group.addTask { try await agent.load(files[number % 2]) } }
                    try await group.waitForAll()
                }
            }
            let asked = try workshop.read("asked").split(separator: "\n").sorted()
            #expect(asked == files.map { "Enter passphrase for \($0.path):" })
        }
    }

    @Test func `an encrypted PEM file without public file tells its key when it is loaded`() async throws {
        try await Self.withTypist(["secret"]) { workshop in
            let path = try await workshop.makeKey("k", "ecdsa", passphrase: "secret", options: ["-m", "PKCS8"])
            let expected = try workshop.publicKey("k").blob
            try workshop.write("nothing", to: "k.pub")
            try await PrivateAgent.withAgent(workshop.installation, terminal: Terminal(path: "/dev/null")) { agent in
                let publicKey = try await agent.load(Self.keyFile(path))
                #expect(publicKey == expected)
            }
        }
    }

    @Test func `a wrong passphrase is asked again, and giving up fails the key for the whole run`() async throws {
        try await Self.withTypist(["wrong", ""]) { workshop in
            let file = try Self.keyFile(await workshop.makeKey("k", passphrase: "secret"))
            try await PrivateAgent.withAgent(workshop.installation, terminal: Terminal(path: "/dev/null")) { agent in
                for _ in 0..<3 {
                    let error = await #expect(throws: KeyLoadError.self) { try await agent.load(file) }
                    #expect(error?.path == file.path)
                }
            }
            #expect(
                try workshop.read("asked") == """
                    Enter passphrase for \(file.path):
                    Bad passphrase, try again for \(file.path):

                    """)
        }
    }

    @Test func `without a terminal an encrypted key is an error before anything starts`() async throws {
        try await Workshop.open { workshop in
            let file = try Self.keyFile(await workshop.makeKey("k", passphrase: "secret"))
            var installation = workshop.installation
            installation.agent = "agent-that-is-absent"
            try await PrivateAgent.withAgent(installation, terminal: .none) { agent in
                let error = await #expect(throws: KeyLoadError(file.path, .noTerminal)) { try await agent.load(file) }
                #expect(error?.description.hasSuffix("ssh-add \(file.path)") == true)
            }
        }
    }

    @Test func `what ssh-add says against a key is passed on`() async throws {
        try await Workshop.open { workshop in
            let path = try await workshop.makeKey("r", "rsa", options: ["-b", "2048"])
            let file = try Self.keyFile(path)
            try workshop.write(workshop.read("r"), to: "r", mode: 0o644)
            try await PrivateAgent.withAgent(workshop.installation, terminal: .none) { agent in
                let error = await #expect(throws: KeyLoadError.self) { try await agent.load(file) }
                #expect(error?.description.contains("Permissions 0644 for '\(path)' are too open") == true)
            }
        }
    }

    @Test func `an absent ssh-agent is an error`() async throws {
        try await Workshop.open { workshop in
            let file = try Self.keyFile(await workshop.makeKey("k"))
            var installation = workshop.installation
            installation.agent = "agent-that-is-absent"
            try await PrivateAgent.withAgent(installation, terminal: .none) { agent in
                _ = await #expect(throws: ProgramError("agent-that-is-absent", .absent)) { try await agent.load(file) }
            }
        }
    }

    @Test(arguments: [false, true])
    func `agent and folder are gone when the scope ends or is cancelled`(cancelled: Bool) async throws {
        try await Workshop.open { workshop in
            let file = try Self.keyFile(await workshop.makeKey("k"))
            let (started, signal) = AsyncStream.makeStream(of: String.self)
            let installation = workshop.installation
            let task = Task {
                try await PrivateAgent.withAgent(installation, terminal: .none, in: workshop.folder) { agent in
                    _ = try await agent.load(file)
                    signal.yield(agent.client.socketPath)
                    if cancelled { try await Task.sleep(for: .seconds(1000)) }
                }
            }
            var iterator = started.makeAsyncIterator()
            let socketPath = try #require(await iterator.next())
            if cancelled { task.cancel() }
            _ = await task.result
            #expect(try await isRunning(socketPath, workshop) == false)
            let left = try await workshop.installation.run("ls", [workshop.folder]).output
            #expect(!left.contains("recast-ssh"))
        }
    }

    @Test func `a scope that is cancelled before its first key ends`() async throws {
        try await Workshop.open { workshop in
            let file = try Self.keyFile(await workshop.makeKey("k"))
            for _ in 0..<20 {
                let task = Task {
                    try await PrivateAgent.withAgent(workshop.installation, terminal: .none, in: workshop.folder) {
                        try await $0.load(file)
                    }
                }
                task.cancel()
                _ = await task.result
            }
            let left = try await workshop.installation.run("ls", [workshop.folder]).output
            #expect(!left.contains("recast-ssh"))
        }
    }
}
