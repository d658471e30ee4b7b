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
        ("engine: 1️⃣ssh://deploy@a", "environment.unsupported-engine"),
        ("engine: \"1️⃣context:prod\"", "environment.unsupported-engine"),
        ("1️⃣tls: {}, engine: \"tcp://127.0.0.1:1\"", "environment.unsupported-key"),
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

    @Test func `two names for one engine are an error`() {
        let project = Project(
            environment: """
                manifests: [../manifests/shop.yaml]
                hosts:
                  one: {engine: "unix:///run/one.sock"}
                  two: {engine: 1️⃣"unix:///run/./one.sock"}
                """)
        #expect(project.mistakes == ["1 environment.duplicate-engine"])
        #expect(project.load().diagnostics.first?.notes.first?.position.line == 3)
    }

    @Test(arguments: [
        ("name: 1️⃣Prod\n", "environment.bad-name"), ("name: 1️⃣5\n", "environment.wrong-type"),
        ("name: x\nafter: 1️⃣x\n", "environment.bad-value"), ("gates: {1️⃣saok: 30m}\n", "environment.unknown-key"),
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
