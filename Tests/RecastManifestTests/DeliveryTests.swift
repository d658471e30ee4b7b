import RecastModel
import Testing

@testable import RecastManifest

/// Secrets, configs and paths of this machine that come along with a release.
@Suite struct DeliveryTests {
    private static let hosts: MarkedText = """
        manifests: [../manifests/shop.yaml]
        hosts:
          a: {engine: "unix:///run/a.sock", labels: {zone: x}}
          b: {engine: "unix:///run/b.sock", labels: {zone: y}}
        variables: {LEVEL: info}
        pass: [TOKEN]
        """

    /// One service with these lines, on host `a`, and what stands at the top.
    private func project(_ lines: String, top: String = "", files: [String: MarkedText] = [:]) -> Project {
        let indented = lines.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        let text = "services:\n  web:\n    image: nginx\n    x-recast: {hosts: [a]}\n\(indented)\n\(top)\n"
        var project = Project(MarkedText(stringLiteral: text), environment: Self.hosts, files: files)
        project.shell = ["TOKEN": "s3cret"]
        return project
    }

    private func files(_ project: Project) -> [DeliveredFile] {
        project.load().desired?.instances.first?.spec.files ?? []
    }

    @Test func `secrets and configs have compose's targets and modes`() {
        let made = files(
            project(
                "secrets: [token, {source: token, target: other, mode: \"0400\", uid: \"7\"}]\nconfigs: [app]",
                top: "secrets: {token: {environment: TOKEN}}\nconfigs: {app: {content: \"level=${LEVEL}\"}}"))
        let secret = FileContent(Array("s3cret".utf8))
        #expect(
            made == [
                DeliveredFile(.secret, "token", at: "/run/secrets/token", content: secret, mode: 0o444),
                DeliveredFile(.secret, "token", at: "/run/secrets/other", content: secret, mode: 0o400, user: 7),
                DeliveredFile(.config, "app", at: "/app", content: FileContent(Array("level=info".utf8)), mode: 0o444),
            ])
    }

    @Test func `a file of a secret lies beside the manifest`() {
        let found = files(
            project("secrets: [k]", top: "secrets: {k: {file: ./k.txt}}", files: ["manifests/k.txt": "abc"]))
        #expect(found.map(\.entries) == [["": .file(FileContent(Array("abc".utf8)), mode: 0o444)]])
        #expect(
            project("secrets: [k]", top: "secrets: {k: {file: 1️⃣./k.txt}}").mistakes == ["1 manifest.missing-file"])
    }

    @Test func `a program's secret is asked for, and empty until then`() {
        let project = project("secrets: [k]", top: "secrets: {k: {x-recast: {command: [vault, read]}}}")
        #expect(project.load().commands == [["vault", "read"]])
        #expect(project.mistakes.isEmpty)
    }

    @Test func `a variable of a secret must be the environment's`() {
        var project = project("secrets: [k]", top: "secrets: {k: {environment: 1️⃣OTHER}}")
        #expect(project.mistakes == ["1 manifest.unset-variable"])
        project.shell["OTHER"] = "x"
        #expect(project.mistakes == ["1 manifest.unpassed-variable"])
    }

    @Test func `a read-only relative bind comes along, a writable one is refused`() {
        let tree: [String: LocalNode] = [
            "manifests/conf": .folder(mode: 0o755, names: ["a", "l"]), "manifests/conf/a": .file(mode: 0o600),
            "manifests/conf/l": .symbolicLink(to: "a"),
        ]
        var read = project("volumes: [\"./conf:/etc/app:ro\"]", files: ["manifests/conf/a": "1"])
        read.tree = tree
        let file = files(read).first
        #expect(file?.kind == .bind)
        #expect(file?.target == "/etc/app")
        #expect(
            file?.entries == [
                "": .folder(mode: 0o755), "a": .file(FileContent(Array("1".utf8)), mode: 0o600),
                "l": .symbolicLink(to: "a"),
            ])
        #expect(read.load().desired?.instances.first?.spec.mounts == [])
        #expect(project("volumes: [\"1️⃣./conf:/etc/app\"]").mistakes == ["1 manifest.relative-path"])
        #expect(project("volumes: [\"1️⃣./conf:/etc/app:ro\"]").mistakes == ["1 manifest.missing-file"])
    }

    @Test func `a bind that hosts have is a path below the project's`() {
        let text: MarkedText = """
            services:
              web: {image: a, volumes: ["./data:/d"], x-recast: {hosts: [a], bind: host}}
            """
        let mounts = Project(text, environment: Self.hosts).load().desired?.instances.first?.spec.mounts
        #expect(
            mounts?.map(\.source) == [
                .bind(path: "/manifests/data", propagation: nil, selinux: "", createHostPath: true)
            ])
    }
}
