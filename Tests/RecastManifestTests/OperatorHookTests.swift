import RecastManifest
import RecastModel
import Testing

/// `hooks` of an environment.
@Suite struct OperatorHookTests {
    private func project(_ lines: String) -> Project {
        Project(environment: MarkedText(stringLiteral: lines + "\n" + Project.oneHost.text))
    }

    private func hooks(_ lines: String) -> OperatorHooks? {
        let project = project(lines)
        #expect(project.load().diagnostics == [])
        return project.load().desired?.hooks
    }

    @Test func `an environment that says nothing has none`() {
        #expect(hooks("name: test") == OperatorHooks())
        #expect(hooks("hooks: {before: [], after: []}") == OperatorHooks())
    }

    @Test func `programs are kept in order, with their words or for a shell`() {
        let found = hooks(
            """
            hooks:
              before:
                - [backup, --to, "s3://x y"]
                - make check && echo $HOME
              after: [[notify]]
            """)
        #expect(
            found?.before == [["backup", "--to", "s3://x y"], ["/bin/sh", "-c", "make check && echo $HOME"]])
        #expect(found?.after == [["notify"]])
    }

    @Test(arguments: [
        ("./notify", "environments/notify"), ("hooks/notify", "environments/hooks/notify"), ("../notify", "./notify"),
        ("notify", "notify"), ("/opt/./notify", "/opt/notify"),
    ])
    func `a program with a path is beside the environment, a name is one of PATH`(written: String, path: String) {
        #expect(hooks("hooks: {after: [[\(written), ./x]]}")?.after == [[path, "./x"]])
    }

    @Test(arguments: [
        ("hooks: {1️⃣befor: []}", "environment.unknown-key"), ("hooks: 1️⃣[a]", "environment.wrong-type"),
        ("hooks: {before: 1️⃣notify}", "environment.wrong-type"),
        ("hooks: {before: [1️⃣5]}", "environment.wrong-type"),
        ("hooks: {before: [1️⃣{run: a}]}", "environment.wrong-type"),
        ("hooks: {before: [[sleep, 1️⃣5]]}", "environment.wrong-type"),
        ("hooks: {after: [1️⃣\"\"]}", "environment.bad-value"), ("hooks: {after: [1️⃣[]]}", "environment.bad-value"),
        ("hooks: {after: [1️⃣[\"\", a]]}", "environment.bad-value"),
        ("hooks: {after: [1️⃣~]}", "environment.wrong-type"),
    ])
    func `a mistake is found at its place`(lines: String, code: String) {
        #expect(project(lines).mistakes == ["1 \(code)"])
    }
}
