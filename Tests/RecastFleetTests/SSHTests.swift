import DockerAPI
import Foundation
import Testing

extension FleetTests {
    /// Engines behind SSH, on real servers.
    @Suite(.timeLimit(.minutes(5))) struct SSHTests {
        private let h1 = TestFleet.current.address("h1")
        private let services = """
              web:
                image: ${REGISTRY}/shop/base:1
                command: ["sleep", "1000"]
                init: true
                stop_grace_period: 1s
            """

        /// A project whose host `h1` is reached by `address`, with an ssh configuration of its own.
        private func with(
            _ address: String? = nil, services: String? = nil,
            config: String? = nil, _ body: (SSHProject) async throws -> Void
        ) async throws {
            try await TestProject.with { project in
                try project.write(
                    services: services ?? self.services, engines: ["h1": "engine: \"\(address ?? "ssh://root@\(h1)")\""]
                )
                let file = project.folder + "/ssh_config"
                let usual = try String(contentsOfFile: project.fleet.sshConfig, encoding: .utf8)
                try ((config.map { $0 + "\n" } ?? "") + usual).write(toFile: file, atomically: true, encoding: .utf8)
                try await body(SSHProject(project: project, config: file))
            }
        }

        private struct SSHProject {
            let project: TestProject
            let config: String

            func recast(_ arguments: String..., variables: [String: String] = [:]) async throws -> Command.Ended {
                let all = ["RECAST_SSH_CONFIG": config].merging(variables) { $1 }
                return try await Command(
                    project.fleet.binary, arguments, in: project.folder, environment: all
                ).run()
            }

            func applyAndSettle() async throws {
                let applied = try await recast("apply", "test", "--yes")
                try #require(applied.status == 0, "\(applied.output)\(applied.errors)")
                let plan = try await recast("plan", "test", "--detailed-exitcode")
                #expect(plan.status == 0, "\(plan.output)\(plan.errors)")
                #expect(try await project.running().count == 1)
            }

            /// Expects a plan that cannot reach the host, and says why.
            func expectUnreachable(_ words: String..., variables: [String: String] = [:]) async throws {
                let plan = try await recast("plan", "test", variables: variables)
                #expect(plan.status == 1, "\(plan.errors)")
                for word in words { #expect(plan.output.contains(word), "no '\(word)' in: \(plan.output)") }
            }
        }

        // MARK: Ways in

        @Test(arguments: ["root", "deploy"])
        func `a host is deployed to over SSH, also as a user of the group docker`(user: String) async throws {
            try await with("ssh://\(user)@\(h1)") { try await $0.applyAndSettle() }
        }

        @Test func `names, jumps and keys of the user's configuration are followed`() async throws {
            let fleet = TestFleet.current
            let config = """
                Host target
                    HostName \(fleet.address("h1"))
                    ProxyJump first,second
                    HostKeyAlias h1
                    IdentityFile \(fleet.folder)/ssh/id_rsa
                Host first
                    HostName \(fleet.address("h2"))
                    IdentityFile \(fleet.folder)/ssh/id_ecdsa
                Host second
                    HostName \(fleet.address("h3"))
                """
            try await with("ssh://target", config: config) { try await $0.applyAndSettle() }
        }

        @Test func `a ProxyCommand carries the connection`() async throws {
            let command = "Host h1\n    ProxyCommand ssh -F \(TestFleet.current.sshConfig) -W %h:%p h2"
            try await with("ssh://h1", config: command) { try await $0.applyAndSettle() }
        }

        @Test func `the system's ssh carries the connection where it is asked for, and is gone afterwards`()
            async throws
        {
            try await with("ssh://root@\(h1)?via=openssh") { ssh in
                try await ssh.applyAndSettle()
                let left = try await Command("/usr/bin/pgrep", ["-f", ssh.config]).run()
                #expect(left.output.isEmpty, "\(left.output)")
            }
        }

        @Test func `a server that libssh2 shares nothing with is left to the system's ssh, said once`() async throws {
            let fleet = TestFleet.current
            try await withServer(options: ["Ciphers=aes256-gcm@openssh.com"]) { port in
                try await with("ssh://root@\(h1):\(port)", config: knownAnywhere(fleet)) { ssh in
                    let plan = try await ssh.recast("plan", "test", "--detailed-exitcode")
                    #expect(plan.status == 2, "\(plan.output)\(plan.errors)")
                    #expect(
                        plan.errors.split(separator: "\n").count { $0.contains("system's ssh") } == 1, "\(plan.errors)")
                }
            }
        }

        @Test func `a server that forwards no sockets is reached through docker's own command`() async throws {
            let fleet = TestFleet.current
            try await withServer(options: ["AllowStreamLocalForwarding=no"]) { port in
                try await with("ssh://root@\(h1):\(port)", config: knownAnywhere(fleet)) { ssh in
                    try await ssh.applyAndSettle()
                    let plan = try await ssh.recast("plan", "test")
                    #expect(plan.errors.contains("dial-stdio"), "\(plan.errors)")
                }
            }
        }

        @Test func `nothing stays in the temporary folder, and DOCKER_HOST is not read`() async throws {
            try await with { ssh in
                let scratch = ssh.project.folder + "/scratch"
                try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
                let plan = try await ssh.recast(
                    "plan", "test", "--detailed-exitcode",
                    variables: ["DOCKER_HOST": "tcp://127.0.0.1:1", "TMPDIR": scratch])
                #expect(plan.status == 2, "\(plan.output)\(plan.errors)")
                #expect(try FileManager.default.contentsOfDirectory(atPath: scratch).isEmpty)
            }
        }

        // MARK: No way in

        @Test func `a user without a right to the socket is told which group has it`() async throws {
            try await with("ssh://guest@\(h1)") {
                try await $0.expectUnreachable("user guest", "may not use", "group docker")
            }
        }

        @Test func `an unknown host key is refused with its fingerprint and the command that accepts it`() async throws
        {
            let fingerprint = try await Self.fingerprint(of: "h1")
            try await with(config: "UserKnownHostsFile /dev/null") {
                try await $0.expectUnreachable("not known", fingerprint)
            }
        }

        @Test func `a changed host key is refused with both fingerprints and the place of the old`() async throws {
            let fleet = TestFleet.current
            let (shown, known) = (try await Self.fingerprint(of: "h1"), try await Self.fingerprint(of: "h2"))
            let file = FileManager.default.temporaryDirectory.appending(path: "known-\(UUID().uuidString)").path
            defer { try? FileManager.default.removeItem(atPath: file) }
            let key = try String(contentsOfFile: Self.hostKey("h2"), encoding: .utf8).split(separator: " ").prefix(2)
            let line = "\(fleet.address("h1")) \(key.joined(separator: " "))\n"
            try line.write(toFile: file, atomically: true, encoding: .utf8)
            try await with(config: "UserKnownHostsFile \(file)") {
                try await $0.expectUnreachable("changed", shown, known, "\(file):1", "ssh-keygen -R")
            }
        }

        @Test func `a key that the server does not accept is named`() async throws {
            let key = FileManager.default.temporaryDirectory.appending(path: "key-\(UUID().uuidString)").path
            defer { for file in [key, key + ".pub"] { try? FileManager.default.removeItem(atPath: file) } }
            let made = try await Command("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]).run()
            try #require(made.status == 0, "\(made.errors)")
            let config = "Host \(TestFleet.current.address("h1"))\n    IdentityFile \(key)\n    IdentitiesOnly yes"
            // The configuration of the fleet adds its own key after this one.
            try await with("ssh://nobody-here@\(h1)", config: config) {
                try await $0.expectUnreachable("accepted no identity", "nobody-here", key)
            }
        }

        @Test func `a key with a passphrase needs a terminal, and that is said`() async throws {
            let fleet = TestFleet.current
            let config = "Host *\n    IdentityFile \(fleet.folder)/ssh/id_encrypted"
            let file = FileManager.default.temporaryDirectory.appending(path: "config-\(UUID().uuidString)").path
            defer { try? FileManager.default.removeItem(atPath: file) }
            let usual = try String(contentsOfFile: fleet.sshConfig, encoding: .utf8)
                .replacing("id_ed25519", with: "id_encrypted")
            try usual.write(toFile: file, atomically: true, encoding: .utf8)
            try await with(config: config) {
                try await $0.expectUnreachable(
                    "passphrase", "no terminal", "ssh-add", variables: ["RECAST_SSH_CONFIG": file])
            }
        }

        @Test(arguments: [
            ("ssh://root@no-such-host.invalid", "resolve"), ("ssh://root@127.0.0.1:1", "refuses connections"),
            ("ssh://root@ADDRESS/run/none.sock", "there is no"), ("ssh://root@ADDRESS/etc/passwd", "is no socket"),
        ])
        func `an address that leads nowhere says why`(address: String, words: String) async throws {
            try await with(address.replacing("ADDRESS", with: h1)) {
                try await $0.expectUnreachable(words)
            }
        }

        @Test func `a port that speaks something else is told with what it said`() async throws {
            let registry = TestFleet.current.registry
            try await with("ssh://root@\(registry)") { try await $0.expectUnreachable("no SSH server") }
        }

        // MARK: A way that breaks

        @Test func `a session that drops in the middle fails the step, and the next apply finishes`() async throws {
            let slow = """
                  web:
                    image: ${REGISTRY}/shop/base:1
                    command: ["sleep", "1000"]
                    init: true
                    stop_grace_period: 1s
                    healthcheck: { test: [CMD, test, -e, /ready], interval: 1s, retries: 60 }
                """
            try await with(services: slow) { ssh in
                async let applying = ssh.recast("apply", "test", "--yes")
                let container = try await Self.firstRunning(in: ssh.project)
                try await ssh.project.fleet.manage("break", "h1", "ssh")
                let applied = try await applying
                try await ssh.project.fleet.manage("heal", "h1")
                #expect([1, 4].contains(applied.status), "\(applied.output)\(applied.errors)")
                #expect(applied.errors.contains("connection"), "\(applied.errors)")
                // Put back or left: the next apply sees what there is, and is let through the gate.
                let ready = Task {
                    while !Task.isCancelled { try await Self.letThrough(ssh.project, last: container) }
                }
                defer { ready.cancel() }
                try await ssh.applyAndSettle()
            }
        }

        private static func firstRunning(in project: TestProject) async throws -> String {
            while true {
                if let container = try await project.running().first { return container.Id }
                try await Task.sleep(for: .milliseconds(50))
            }
        }

        /// Makes every container of the project healthy.
        private static func letThrough(_ project: TestProject, last: String) async throws {
            for container in try await project.running() {
                let name = container.Id
                let words = ["enter", "h1", "docker", "exec", name, "touch", "/ready"]
                _ = try? await Command(project.fleet.scripts + "/fleet", words).run()
            }
            try await Task.sleep(for: .milliseconds(100))
        }

        // MARK: Servers

        /// Runs one more sshd on `h1` with options of its own.
        private func withServer(options: [String], _ body: (Int) async throws -> Void) async throws {
            let fleet = TestFleet.current
            let port = Int.random(in: 2200...2999)
            let words = ["enter", "h1", "/usr/sbin/sshd", "-D", "-p", "\(port)"] + options.flatMap { ["-o", $0] }
            let server = Task { try await Command(fleet.scripts + "/fleet", words).run() }
            defer { server.cancel() }
            try await fleet.manage(
                "enter", "h1", "bash", "-c", "until (</dev/tcp/127.0.0.1/\(port)) 2>&-; do sleep 0.1; done")
            try await body(port)
            try await fleet.manage("enter", "h1", "bash", "-c", "pkill -f 'sshd -D -p \(port)' || true")
            _ = try await server.value
        }

        /// The key of `h1` counts for every port.
        private func knownAnywhere(_ fleet: TestFleet) -> String {
            "Host \(fleet.address("h1"))\n    HostKeyAlias h1\nHost *"
        }

        private static func hostKey(_ host: String) -> String {
            "\(TestFleet.current.folder)/\(host)/ssh/ssh_host_ed25519_key.pub"
        }

        private static func fingerprint(of host: String) async throws -> String {
            let line = try await Command("/usr/bin/ssh-keygen", ["-l", "-f", hostKey(host)]).run().output
            return String(try #require(line.split(separator: " ").dropFirst().first))
        }
    }
}
