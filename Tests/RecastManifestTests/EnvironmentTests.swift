import RecastManifest
import RecastModel
import Testing

@Suite struct EnvironmentTests {
    @Test func `hosts keep the order of the file`() {
        let desired = Project(
            environment: """
                name: prod
                manifests: [../manifests/shop.yaml]
                hosts:
                  web-2: {engine: "unix:///run/2.sock", labels: {role: web, rank: 2}}
                  web-1: {engine: "tcp://127.0.0.1:2375", labels: [role=web]}
                  db: {engine: "tcp://10.0.0.5:2375", insecure: true}
                """
        ).load().desired
        #expect(desired?.environment == "prod")
        #expect(desired?.hosts.map(\.name) == ["web-2", "web-1", "db"])
        #expect(desired?.hosts.map(\.labels) == [["role": "web", "rank": "2"], ["role": "web"], [:]])
        #expect(desired?.hosts.map(\.insecure) == [false, false, true])
        #expect(desired?.hosts[1].engine == "tcp://127.0.0.1:2375")
        #expect(desired?.hosts[0].position == SourcePosition(file: "environments/test.yaml", line: 4, column: 3))
    }

    @Test func `the file's name is the environment's unless it says another`() {
        #expect(Project(environment: Project.oneHost).load().desired?.environment == "test")
    }

    @Test func `unknown keys are errors with the key that was meant`() {
        let project = Project(
            environment: """
                1️⃣manifest: [../manifests/shop.yaml]
                manifests: [../manifests/shop.yaml]
                hosts:
                  one: {2️⃣engin: x, engine: "unix:///run/one.sock", 3️⃣lables: {}}
                """)
        #expect(
            project.mistakes == [
                "1 environment.unknown-key", "2 environment.unknown-key", "3 environment.unknown-key",
            ])
        #expect(project.load().diagnostics.map(\.help)[2] == "did you mean 'labels'?")
    }

    @Test(arguments: [
        ("engine: 1️⃣ssh://de:ploy@a", "environment.bad-engine"),
        ("engine: 1️⃣ssh://a?via=opensh", "environment.bad-engine"),
        ("engine: \"context:1️⃣-prod\"", "environment.bad-engine"),
        ("1️⃣tls: {ca: a.pem}, engine: ssh://a", "environment.conflict"),
        ("1️⃣tls: {ca: a.pem}, engine: unix:///a", "environment.conflict"),
        ("tls: {ca: a.pem}, engine: tcp://a, 1️⃣insecure: true", "environment.conflict"),
        ("tls: {1️⃣cert: a.pem}, engine: tcp://a", "environment.missing-key"),
        ("tls: {1️⃣key: a.pem}, engine: tcp://a", "environment.missing-key"),
        ("tls: {1️⃣cacert: a.pem}, engine: tcp://a", "environment.unknown-key"),
        ("tls: {ca: 1️⃣~/a.pem}, engine: tcp://a", "environment.bad-value"),
        ("tls: {server-name: 1️⃣10.0.0.1}, engine: tcp://a", "environment.bad-value"),
        ("engine: 1️⃣/var/run/docker.sock", "environment.bad-engine"),
        ("engine: 1️⃣unix://docker.sock", "environment.bad-engine"),
        ("engine: 1️⃣tcp://127.0.0.1", "environment.bad-engine"),
        ("engine: 1️⃣tcp://127.0.0.1:70000", "environment.bad-engine"),
        ("engine: 1️⃣tcp://10.0.0.1:2375", "environment.insecure-engine"),
        ("engine: 1️⃣tcp://example.com:2375", "environment.insecure-engine"),
        ("insecure: 1️⃣maybe, engine: \"tcp://127.0.0.1:1\"", "environment.wrong-type"),
    ])
    func `an engine that cannot be used is an error`(host: String, code: String) {
        let project = Project(
            environment: MarkedText(
                stringLiteral: "manifests: [../manifests/shop.yaml]\nhosts:\n  one: {\(host)}\n"
                    .replacing("\"1️⃣", with: "1️⃣\"")))
        #expect(project.mistakes == ["1 \(code)"])
    }

    @Test(arguments: [
        "tcp://localhost:2375", "tcp://127.8.9.1:2375", "tcp://[::1]:2375", "unix:///var/run/docker.sock",
    ])
    func `plain engines are allowed where nobody listens in`(engine: String) {
        let project = Project(
            environment: MarkedText(
                stringLiteral: "manifests: [../manifests/shop.yaml]\nhosts: {one: {engine: \"\(engine)\"}}\n"))
        #expect(project.mistakes.isEmpty)
    }

    @Test func `TLS has its files beside the environment, and a port of its own`() {
        let desired = Project(
            environment: """
                manifests: [../manifests/shop.yaml]
                hosts:
                  one:
                    engine: tcp://docker.example.com
                    tls: {ca: tls/ca.pem, cert: ../cert.pem, key: /run/key.pem, server-name: Docker}
                  two: {engine: "tcp://10.0.0.5:2377", tls: {ca: ca.pem}}
                """
        ).load().desired
        #expect(
            desired?.hosts.map(\.tls) == [
                TLSFiles(
                    authority: "environments/tls/ca.pem", certificate: "cert.pem", key: "/run/key.pem",
                    serverName: "docker"), TLSFiles(authority: "environments/ca.pem"),
            ])
    }

    @Test func `a key that others can read is a warning`() {
        var project = Project(
            environment: """
                manifests: [../manifests/shop.yaml]
                hosts: {one: {engine: tcp://a, tls: {cert: cert.pem, key: 1️⃣key.pem}}}
                """)
        project.modes = ["environments/key.pem": 0o640, "environments/cert.pem": 0o644]
        #expect(project.mistakes == ["1 warning environment.exposed-file"])
        #expect(project.load().desired != nil)
    }

    @Test(arguments: ["tcp://10.0.0.5:2375", "context:prod"])
    func `plain TCP that is asked for is a warning every time`(engine: String) {
        let project = Project(
            environment: MarkedText(
                stringLiteral: """
                    manifests: [../manifests/shop.yaml]
                    hosts: {one: {engine: "\(engine)", insecure: 1️⃣true}}
                    """))
        #expect(project.mistakes == ["1 warning environment.insecure-engine"])
    }

    @Test(arguments: [
        ("unix:///run/one.sock", "unix:///run/./one.sock", ""),
        ("ssh://deploy@a", "ssh://A:22/var/run/docker.sock", ""),
        ("tcp://a", "tcp://A:2376", ", tls: {ca: x.pem}"), ("context:x", "context:x", ""),
        ("context:default", "unix:///var/run/docker.sock", ""), ("tcp://[::1]:1", "tcp://[::1]:1", ""),
    ])
    func `two names for one engine are an error`(one: String, two: String, rest: String) {
        let project = Project(
            environment: MarkedText(
                stringLiteral: """
                    manifests: [../manifests/shop.yaml]
                    hosts:
                      one: {engine: "\(one)"\(rest)}
                      two: {engine: 1️⃣"\(two)"\(rest)}
                    """))
        #expect(project.mistakes == ["1 environment.duplicate-engine"])
        #expect(project.load().diagnostics.first?.notes.first?.position.line == 3)
    }

    @Test func `two sockets of one machine are two engines`() {
        let project = Project(
            environment: """
                manifests: [../manifests/shop.yaml]
                hosts: {one: {engine: "ssh://a/run/1.sock"}, two: {engine: "ssh://a/run/2.sock"}}
                """)
        #expect(project.mistakes.isEmpty)
    }

    @Test func `what is asked before a promotion is read`() {
        let gates = """
            gates:
              soak: 1m
              verify: {smoke: [/bin/smoke, x]}
              probe:
                page: {service: web, http: 8080/health}
                queue: {service: web, exec: [check, --all]}

            """
        let desired = Project(environment: MarkedText(stringLiteral: gates + Project.oneHost.text)).load().desired
        #expect(desired?.promotion.soak == 60)
        #expect(desired?.promotion.verify == ["smoke": ["/bin/smoke", "x"]])
        let probes = desired?.promotion.probes ?? [:]
        #expect(
            probes.mapValues(\.probe) == [
                "page": .http(port: 8080, path: "/health"), "queue": .exec(["check", "--all"]),
            ])
        #expect(Set(probes.values.map(\.service)) == ["web"])
    }

    @Test(arguments: [
        ("name: 1️⃣Prod\n", "environment.bad-name"), ("name: 1️⃣5\n", "environment.wrong-type"),
        ("name: x\nafter: 1️⃣x\n", "environment.bad-value"), ("gates: {1️⃣saok: 30m}\n", "environment.unknown-key"),
        ("gates: {probe: {page: {service: web, tcp: 80, 1️⃣when: x}}}\n", "environment.unknown-key"),
        ("gates: {probe: {1️⃣page: {http: 80/}}}\n", "environment.missing-key"),
        ("gates: {probe: {1️⃣page: {service: web}}}\n", "environment.missing-key"),
        ("gates: {probe: {page: {service: web, http: 1️⃣nowhere}}}\n", "environment.bad-value"),
        ("gates: {verify: {page: a}, probe: {page: 1️⃣{service: web, tcp: 80}}}\n", "environment.bad-value"),
        ("gates: {probe: {page: {service: 1️⃣wbe, http: 80/}}}\n", "environment.undefined-service"),
        ("gates: {freeze: [{from: 1️⃣2026-02-29, until: 2026-03-01}]}\n", "environment.bad-value"),
        ("gates: {freeze: [{from: 2026-02-01, until: 1️⃣2026-02-01T10:00:75Z}]}\n", "environment.bad-value"),
        ("gates: {approval: 1️⃣maybe}\n", "environment.bad-value"), ("pass: [1️⃣A-B]\n", "environment.bad-name"),
        ("variables: {A: 1}\npass: [1️⃣A]\n", "environment.conflict"), ("variables: {1️⃣A: }\n", "environment.wrong-type"),
        ("variables: 1️⃣5\n", "environment.wrong-type"), ("1️⃣x-recast: {}\n1️⃣services: {}\n", "environment.unknown-key"),
        ("overrides: {services: {web: {1️⃣imge: x}}}\n", "manifest.unknown-key"),
    ])
    func `a mistake in the environment is found`(lines: String, code: String) {
        let project = Project(environment: MarkedText(stringLiteral: lines + Project.oneHost.text))
        #expect(project.mistakes == ["1 \(code)"])
    }

    @Test func `an environment without hosts and manifests says both`() {
        #expect(
            Project(environment: "name: x\n").mistakes == [
                "environments/test.yaml:1:1 environment.no-hosts", "environments/test.yaml:1:1 environment.missing-key",
            ])
    }
}
