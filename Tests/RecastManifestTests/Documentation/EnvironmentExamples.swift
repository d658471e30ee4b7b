import RecastManifest

/// An example for each code of environments.
enum EnvironmentExamples {
    static let all = form + files + hosts

    private static let form = [
        more("unknown-key", "varables: { A: \"1\" }"),
        whole("missing-key", "hosts: { one: { engine: \"unix:///run/one.sock\" } }"),
        more("wrong-type", "variables: text"),
        more("bad-value", "gates: { soak: 30 minutes }"),
        more("bad-value", "gates: { freeze: [{ from: 2026-02-30, until: 2026-03-02 }] }"),
        more("undefined-service", "gates: { probe: { page: { service: wep, http: 8080/health } } }"),
        more("bad-name", "name: Prod"),
        more("changed-text", "variables: { TAG: 1.10 }"),
        more("conflict", "variables: { TAG: \"1\" }\npass: [TAG]"),
        more("empty-section", "variables:"),
        more("repeated-item", "variables: [TAG=1, TAG=2]"),
        more("no-effect", "gates: { signers: people }"),
        more("unknown-tag", "name: !stage prod"),
        more("tag-in-list", "pass: [!reset TAG]"),
        more("literal-variable", "variables: { URL: \"https://${HOST}/\" }"),
    ]

    private static let files = [
        more("missing-file", "env_file: dev.env"),
        more("bad-env-file", "env_file: dev.env", files: ["environments/dev.env": "A=1\nB C=2\n"]),
        more("unset-variable", "env_file: dev.env", files: ["environments/dev.env": "URL=https://${HOST}/\n"]),
        Example(
            code: "environment.unpassed-variable",
            project: with(text("env_file: dev.env")) {
                $0.files["environments/dev.env"] = "URL=https://${HOST}/\n"
                $0.shell = ["HOST": "shop.example"]
            },
            shown: [Project.environmentPath, "environments/dev.env"], remark: "Where the shell has `HOST`:"),
        Example(
            code: "environment.unreadable-file",
            project: with(text("env_file: dev.env")) { $0.problems["environments/dev.env"] = .isDirectory },
            shown: [Project.environmentPath], remark: "Where `dev.env` is a directory:"),
        Example(
            code: "environment.empty-file", project: Project(environment: ""), shown: [],
            remark: "Where `environments/test.yaml` is empty:"),
        Example(
            code: "environment.exposed-file",
            project: with(text("registries: { r.example.com: { username: me, secret: { file: token } } }")) {
                $0.files["environments/token"] = "abcd\n"
                $0.modes["environments/token"] = 0o644
            },
            shown: [Project.environmentPath], remark: "Where others can read `token`:"),
    ]

    private static let hosts = [
        whole("no-hosts", "manifests: [../manifests/shop.yaml]"),
        engines("bad-engine", "one: { engine: \"shs://one\" }"),
        engines("insecure-engine", "one: { engine: \"tcp://one:2375\" }"),
        engines("duplicate-engine", "one: { engine: \"ssh://a\" }\n  two: { engine: \"ssh://a\" }"),
    ]

    // MARK: Making one

    private static func whole(_ code: String, _ text: MarkedText, files: [String: MarkedText] = [:]) -> Example {
        var project = Project(environment: text)
        project.files.merge(files) { $1 }
        return Example(
            code: "environment.\(code)", project: project, shown: [Project.environmentPath] + files.keys.sorted(),
            remark: nil)
    }

    /// Lines below those of an environment with one host.
    private static func more(_ code: String, _ lines: String, files: [String: MarkedText] = [:]) -> Example {
        whole(code, text(lines), files: files)
    }

    private static func engines(_ code: String, _ lines: String) -> Example {
        whole(code, MarkedText(stringLiteral: "manifests: [../manifests/shop.yaml]\nhosts:\n  \(lines)"))
    }

    private static func text(_ lines: String) -> MarkedText {
        MarkedText(stringLiteral: Project.oneHost.text + "\n" + lines)
    }

    private static func with(_ environment: MarkedText, _ change: (inout Project) -> Void) -> Project {
        var project = Project(environment: environment)
        change(&project)
        return project
    }
}
