import RecastTesting
import SSHAddressing
import Synchronization
import Testing

@testable import OpenSSH

@Suite(.timeLimit(.minutes(5)))
struct SSHSettingsTests {
    @Test func `the configuration of an alias is read as ssh reads it`() async throws {
        try await Workshop.open { workshop in
            let settings = try await workshop.settings(
                "web1",
                """
                Host web1
                    HostName 10.0.0.5
                    Port 2200
                    User deploy
                    IdentityFile ~/.ssh/deploy
                    IdentityFile "%d/a b/%h-%r-%p-%n%%"
                    IdentityFile none
                    CertificateFile /c-cert.pub
                    IdentitiesOnly yes
                    IdentityAgent /run/agent.sock
                    UserKnownHostsFile "/a b" /c
                    GlobalKnownHostsFile none
                    HashKnownHosts yes
                    HostKeyAlias web
                    ConnectTimeout 7
                    ServerAliveInterval 9
                    ServerAliveCountMax 2
                    HostKeyAlgorithms ssh-ed25519,rsa-sha2-512
                """)
            let home = LocalUser.current.home
            #expect(settings.host == "10.0.0.5" && settings.port == 2200 && settings.user == "deploy")
            #expect(settings.identityFiles == [home + "/.ssh/deploy", home + "/a b/10.0.0.5-deploy-2200-web1%"])
            #expect(settings.certificateFiles == ["/c-cert.pub"])
            #expect(settings.identitiesOnly && settings.hashKnownHosts)
            #expect(settings.agent == .socket("/run/agent.sock"))
            #expect(settings.userKnownHostsFiles == ["/a b", "/c"] && settings.globalKnownHostsFiles == [])
            #expect(settings.hostKeyAlias == "web")
            #expect(settings.connectTimeout == 7 && settings.serverAliveInterval == 9)
            #expect(settings.serverAliveCountMax == 2)
            #expect(settings.hostKeyAlgorithms == ["ssh-ed25519", "rsa-sha2-512"])
            #expect(settings.proxy == .none)
        }
    }

    @Test(arguments: [
        ("yes", SSHSettings.HostKeyPolicy.refuse), ("ask", .refuse), ("accept-new", .acceptNew), ("no", .acceptNew),
        ("off", .acceptNew),
    ])
    func `checking of host keys is never off and never asks`(
        word: String, policy: SSHSettings.HostKeyPolicy
    ) async throws {
        try await Workshop.open { workshop in
            let settings = try await workshop.settings("h", "StrictHostKeyChecking \(word)")
            #expect(settings.hostKeyPolicy == policy)
        }
    }

    @Test(arguments: [
        ("IdentityAgent none", SSHSettings.Agent.none), ("IdentityAgent SSH_AUTH_SOCK", .socket("/env.sock")),
        ("IdentityAgent $OTHER", .socket("/other.sock")), ("IdentityAgent $ABSENT", .none),
        ("IdentityAgent /x/%n.sock", .socket("/x/h.sock")), ("", .socket("/env.sock")),
    ])
    func `the agent is the configured one or that of the environment`(
        line: String, agent: SSHSettings.Agent
    ) async throws {
        try await Workshop.open { workshop in
            var workshop = workshop
            workshop.installation.overrides["SSH_AUTH_SOCK"] = "/env.sock"
            workshop.installation.overrides["OTHER"] = "/other.sock"
            let settings = try await workshop.settings("h", line)
            #expect(settings.agent == agent)
        }
    }

    @Test func `user and port of the address win`() async throws {
        try await Workshop.open { workshop in
            let settings = try await workshop.settings("carol@h:77", "User deploy\nPort 2200")
            #expect(settings.user == "carol" && settings.port == 77)
        }
    }

    @Test func `a proxy command gets its tokens and a jump list its stops`() async throws {
        try await Workshop.open { workshop in
            try workshop.write(
                """
                Host web
                    ProxyJump a,bob@b:2201,c
                Host a
                    ProxyCommand nc %h %p %% %r
                    User root
                Host b
                    ProxyJump ignored
                """, to: "config")
            let route = try await SettingsResolver(workshop.installation).route(to: SSHAddress("ssh://web"))
            #expect(route.map(\.alias) == ["a", "b", "c", "web"])
            #expect(route[0].proxy == .command("nc a 22 % root"))
            #expect(route[1].user == "bob" && route[1].port == 2201)
        }
    }

    @Test func `a jump has the proxy of its own configuration`() async throws {
        try await Workshop.open { workshop in
            try workshop.write("Host web\n ProxyJump b\nHost b\n ProxyJump root@[::1]:2222", to: "config")
            let route = try await SettingsResolver(workshop.installation).route(to: SSHAddress("ssh://web"))
            #expect(route.map(\.host) == ["::1", "b", "web"])
        }
    }

    @Test func `jumps in a circle end with an error`() async throws {
        try await Workshop.open { workshop in
            try workshop.write("Host a\n ProxyJump b\nHost b\n ProxyJump a", to: "config")
            await #expect(throws: SSHSettingsError(host: "a", problem: .circle)) {
                try await SettingsResolver(workshop.installation).route(to: SSHAddress("ssh://a"))
            }
        }
    }

    @Test func `a configuration that ssh refuses is an error in its words`() async throws {
        try await Workshop.open { workshop in
            try workshop.write("Nonsense yes\n", to: "config")
            let error = await #expect(throws: SSHSettingsError.self) {
                try await SettingsResolver(workshop.installation).settings(of: SSHAddress("ssh://h"))
            }
            guard case .refused(let reason) = error?.problem else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(reason.contains("Bad configuration option: nonsense"))
        }
    }

    @Test func `an absent ssh is an error of its own`() async throws {
        var installation = Installation()
        installation.ssh = "ssh-that-is-absent"
        let resolver = SettingsResolver(installation)
        await #expect(throws: ProgramError("ssh-that-is-absent", .absent)) {
            try await resolver.settings(of: SSHAddress("ssh://h"))
        }
    }

    @Test func `a hundred hosts are asked for by eight processes at most, and once each`() async throws {
        try await Workshop.open { workshop in
            // Each process leaves a file while it runs, and counts those of the others.
            try workshop.write(
                """
                #!/bin/sh
                mkdir "$WORK/run.$$"; ls -d "$WORK"/run.* | wc -l >> "$WORK/counts"
                ssh "$@"; status=$?; rmdir "$WORK/run.$$"; exit $status
                """, to: "counting-ssh", mode: 0o700)
            var installation = workshop.installation
            installation.ssh = workshop.path("counting-ssh")
            installation.overrides["WORK"] = workshop.folder
            let resolver = SettingsResolver(installation)
            for _ in 0..<2 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<100 {
                        group.addTask {
                            let settings = try await resolver.settings(of: SSHAddress("ssh://h\(number)"))
                            #expect(settings.host == "h\(number)")
                        }
                    }
                    try await group.waitForAll()
                }
            }
            let counts = try workshop.read("counts").split(separator: "\n").compactMap { Int($0.trimmed) }
            #expect(counts.count == 100)
            #expect((2...8).contains(counts.max() ?? 0))
        }
    }

    @Test func `a process that hangs is ended with the task`() async throws {
        try await Workshop.open { workshop in
            try workshop.write("#!/bin/sh\necho > \"$WORK/started\"\nexec sleep 1000\n", to: "hang", mode: 0o700)
            var installation = workshop.installation
            installation.overrides["WORK"] = workshop.folder
            let hanging = installation
            await #expect(throws: ProgramError(workshop.path("hang"), .timedOut(.milliseconds(300)))) {
                try await hanging.run(workshop.path("hang"), [], deadline: .milliseconds(300))
            }
        }
    }

    @Test func `a random answer of ssh is read or refused`() async throws {
        let answer = "hostname h\nport 22\nuser u\nproxyjump a,b:1\nidentityfile ~/%d/%h\nuserknownhostsfile /a b /c\n"
        var generator = SeededGenerator(seed: 3)
        var read = 0
        for _ in 0..<5000 {
            let text = String(decoding: generator.damaged(Array(answer.utf8)), as: UTF8.self)
            let settings = try? SSHSettings(alias: "h", answer: text, local: .current) { _ in nil }
            if let settings {
                read += 1
                #expect((1...65_535).contains(settings.port))
            }
        }
        #expect(read > 100)
    }
}
