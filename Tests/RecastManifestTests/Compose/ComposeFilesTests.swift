import RecastModel
import RecastYAML
import Testing

@testable import RecastManifest

/// Compose files as they stand, from their bytes to the printed form.
@Suite struct ComposeFilesTests {
    /// `/srv/shop/compose.yaml` first, then `override.yaml` if there is one.
    private struct Files {
        var compose: MarkedText
        var override: MarkedText?
        var shell: [String: String] = [:]
        var change: (inout ComposeFiles) -> Void = { _ in }

        var result: ComposeFiles.Result {
            let texts = ["compose.yaml": compose, "override.yaml": override]
            var files = ComposeFiles(
                files: override == nil ? ["compose.yaml"] : ["compose.yaml", "override.yaml"],
                projectDirectory: "/srv/shop", workingDirectory: ".")
            change(&files)
            return files.load(shell: shell) { path in
                texts[path].flatMap { $0 }.map { .success(Array($0.text.utf8)) } ?? .failure(.notFound)
            }
        }

        /// `MARKER CODE` of what stands in `compose.yaml`, `override MARKER CODE` of the rest.
        var mistakes: [String] {
            result.diagnostics.filter { $0.severity != .note }.map { found in
                let isOverride = found.position.file == "override.yaml"
                let place = (isOverride ? override : compose)?.marker(at: found.position).map(String.init)
                let severity = found.severity == .warning ? "warning " : ""
                return (isOverride ? "override " : "")
                    + "\(place ?? found.position.description) \(severity)\(found.code)"
            }
        }

        /// A value of the printed form; `nil` also when nothing is printed.
        func printed(_ keys: String...) -> PlainValue? {
            guard let project = result.project else { return nil }
            let root = ComposeTree.node(String(decoding: project.json, as: UTF8.self))
            return keys.reduce(Optional(root)) { $0?[$1] }?.plain
        }
    }

    private func service(_ lines: String, _ override: String? = nil) -> Files {
        Files(
            compose: MarkedText(stringLiteral: "services: {a: {image: i, \(lines)}}"),
            override: override.map { MarkedText(stringLiteral: "services: {a: {\($0)}}") })
    }

    @Test(
        arguments: [
            ("dns: ['']", "dns", nil), ("dns: ['', 1.1.1.1]", "dns", "[1.1.1.1]"), ("dns_opt: ['']", "dns_opt", "['']"),
            ("build: {ssh: [default]}", "build", "{context: /srv/shop, dockerfile: Dockerfile, ssh: [default]}"),
            ("ulimits: {n: 0}", "ulimits", "{n: {}}"),
            ("volumes: [/a]", "volumes", "[{type: volume, target: /a}]"),
            ("volumes: [/ab]", "volumes", "[{type: volume, target: /ab, volume: {}}]"),
            (
                "ports: [{target: 80, published: 010}]", "ports",
                "[{target: 80, published: '8', protocol: tcp, mode: ingress}]"
            ),
            (
                "blkio_config: {weight_device: [{path: /d, weight: 0}]}", "blkio_config",
                "{weight_device: [{Path: /d, Weight: 0}]}"
            ),
        ] as [(String, String, String?)])
    func `a value is printed as Docker Compose prints it`(lines: String, key: String, printed: String?) {
        #expect(service(lines).printed("services", "a", key) == printed.map { ComposeTree.node($0).plain })
    }

    @Test(arguments: [
        ("environment: [1️⃣'', A=1]", "manifest.wrong-type"), ("labels: {1️⃣'': x}", "manifest.bad-name"),
        ("expose: [1️⃣0.5]", "manifest.wrong-type"), ("group_add: [1️⃣1.5]", "manifest.wrong-type"),
        ("ports: [{target: 80, published: 1️⃣80.5}]", "manifest.wrong-type"),
        ("storage_opt: {size: 1️⃣true}", "manifest.wrong-type"),
        ("logging: {options: {o: 1️⃣true}}", "manifest.wrong-type"),
        ("blkio_config: {weight: 1️⃣70000}", "manifest.bad-value"),
        ("healthcheck: {test: [1️⃣curl, x]}", "manifest.bad-value"),
    ])
    func `a value of the wrong kind is refused where it stands`(lines: String, code: String) {
        #expect(service(lines).mistakes == ["1 \(code)"])
    }

    @Test func `a label file may be read twice`() {
        var files = service("label_file: [l]", "label_file: l")
        files.change = { $0.resolvesEnvironment = false }
        #expect(files.mistakes == [])
    }

    @Test func `memory without a limit is a number in YAML, where Docker Compose takes no text for it`() {
        let files = Files(compose: "services: {a: {image: i, memswap_limit: -1}}")
        #expect(files.result.project?.yaml.contains("memswap_limit: -1\n") == true)
        #expect(files.printed("services", "a", "memswap_limit") == .scalar(.string("-1")))
    }

    @Test func `the home directory is this machine's, whoever's variables count`() {
        let files = Files(compose: "services: {a: {image: i, volumes: [\"~/x:/y\"]}}", shell: ["HOME": "/home/me"])
        #expect(files.result.project?.yaml.contains("source: /home/me/x\n") == true)
    }

    @Test func `a preparing step needs no command`() {
        #expect(service("pre_start: [{image: m}]").mistakes == [])
    }

    @Test(arguments: [(true, "prod"), (false, "P.rod")])
    func `a project's name is made a name by normalizing`(normalizes: Bool, name: String) {
        let files = Files(compose: "{name: P.rod, services: {a: {image: i}}}") { $0.normalizes = normalizes }
        #expect(files.printed("name") == .scalar(.string(name)))
    }

    @Test func `a project's name that the caller gives stays`() {
        let files = Files(compose: "{name: P.rod, services: {a: {image: i}}}") {
            $0.normalizes = false
            $0.projectName = "q"
        }
        #expect(files.printed("name") == .scalar(.string("q")))
    }

    @Test(arguments: [
        ("privileged: '${P}'", "privileged", "'${P}'"), ("mem_limit: '${M}'", "mem_limit", "'${M}'"),
        ("scale: '${N}'", "scale", "'${N}'"), ("stop_grace_period: '${D}'", "stop_grace_period", "'${D}'"),
        ("ports: ['${H}:80']", "ports", "['${H}:80']"), ("extra_hosts: ['a=${I}']", "extra_hosts", "['a=${I}']"),
        ("env_file: ['${E}']", "env_file", "[{path: '/srv/shop/${E}', required: true}]"),
        ("volumes: ['${V:-x:y}:/v']", "volumes", "[{type: volume, source: '${V:-x:y}', target: /v, volume: {}}]"),
        ("command: echo $$A", "command", "echo $$A"), ("labels: {a: $$b}", "labels", "{a: $$b}"),
    ])
    func `a variable that is left alone may stand anywhere`(lines: String, key: String, printed: String) {
        var files = service(lines)
        files.change = {
            $0.interpolates = false
            $0.checksConsistency = false
        }
        #expect(files.mistakes == [])
        #expect(files.printed("services", "a", key) == ComposeTree.node(printed).plain)
    }

    @Test func `a mistake in an override is told there`() {
        let files = Files(
            compose: "services: {a: {image: i, cap_add: [A]}}",
            override: "services: {a: {cap_add: [!reset 1️⃣A], 2️⃣nope: 1}}")
        #expect(files.mistakes == ["override 1 manifest.tag-in-list", "override 2 manifest.unknown-key"])
    }

    @Test func `a key that an override takes away is gone, however the environment was written`() {
        let files = service("environment: [A=1, B=2]", "environment: {A: !reset null}")
        #expect(files.printed("services", "a", "environment") == ComposeTree.node("{B: '2'}").plain)
    }
}
