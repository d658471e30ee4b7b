import RecastManifest
import RecastModel
import Testing

@Suite struct RegistryTests {
    private func project(_ lines: String, modes: [String: UInt16] = [:]) -> Project {
        var project = Project(
            environment: MarkedText(stringLiteral: "\(Project.oneHost.text)\nregistries:\n  \(lines)\n"))
        project.modes = modes
        return project
    }

    @Test(
        arguments: [
            ("{env: TOKEN}", RegistryDefinition.SecretSource.variable("TOKEN")),
            ("{file: ../secrets/token}", .file("secrets/token")), ("{file: /run/token}", .file("/run/token")),
            ("{command: [pass, show, x]}", .command(["pass", "show", "x"])),
            ("{command: vault}", .command(["vault"])),
            ("{command: [./give, x]}", .command(["environments/give", "x"])),
            ("{command: [../give, x]}", .command(["./give", "x"])),
        ])
    func `a registry has a user and a place for its secret`(secret: String, source: RegistryDefinition.SecretSource) {
        let found = project("registry.example.com:5000: {username: deploy, secret: \(secret)}").load().desired?
            .registries
        #expect(found?.map(\.registry) == ["registry.example.com:5000"])
        #expect(found?.map(\.username) == ["deploy"])
        #expect(found?.map(\.secret) == [source])
        #expect(found?.first?.position.line == 5)
    }

    @Test(arguments: [
        ("1️⃣a/b: {username: x, secret: {env: X}}", "environment.bad-name"),
        ("1️⃣a: {secret: {env: X}}", "environment.missing-key"), ("1️⃣a: {username: x}", "environment.missing-key"),
        ("a: {username: x, 1️⃣secret: {}}", "environment.bad-value"),
        ("a: {username: x, 1️⃣secret: {env: X, file: y}}", "environment.bad-value"),
        ("a: {username: x, secret: {env: 1️⃣hunter-2}}", "environment.bad-name"),
        ("a: {username: x, secret: 1️⃣hunter2}", "environment.wrong-type"),
        ("a: {username: x, secret: {command: 1️⃣[]}}", "environment.bad-value"),
        ("a: {username: x, 1️⃣password: x, secret: {env: X}}", "environment.unknown-key"),
        ("a: {username: x, secret: {1️⃣evn: X}}", "environment.unknown-key"),
    ])
    func `a mistake is found`(lines: String, code: String) {
        #expect(project(lines).mistakes.contains("1 \(code)"))
    }

    @Test func `a secret file that others can read is a warning with its mode`() {
        let lines = "a: {username: x, secret: {file: 1️⃣token}}"
        let project = project(lines, modes: ["environments/token": 0o644])
        #expect(project.mistakes == ["1 warning environment.exposed-file"])
        let found = project.load().diagnostics.first
        #expect(found?.message == "'environments/token' can be read by others (mode 644)")
        #expect(found?.help == "chmod 600 environments/token")
        #expect(self.project(lines, modes: ["environments/token": 0o600]).mistakes.isEmpty)
    }
}
