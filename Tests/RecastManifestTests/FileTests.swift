import RecastManifest
import RecastModel
import Testing

/// Files that cannot be what they should be.
@Suite struct FileTests {
    private static let environment: MarkedText = """
        manifests: [1️⃣../manifests/shop.yaml]
        hosts: {one: {engine: "unix:///run/one.sock"}}
        """

    private func project(_ manifest: MarkedText = "services: {web: {image: a}}") -> Project {
        Project(manifest, environment: Self.environment)
    }

    @Test(arguments: [
        (FileProblem.notFound, "missing-file", "there is no file 'manifests/shop.yaml'"),
        (.isDirectory, "unreadable-file", "'manifests/shop.yaml' is a directory"),
        (.tooLarge(limit: 1 << 20), "unreadable-file", "'manifests/shop.yaml' is larger than 1 MiB"),
        (
            .unreadable(reason: "no permission"), "unreadable-file",
            "'manifests/shop.yaml' cannot be read: no permission"
        ),
    ])
    func `a manifest that cannot be read is an error where it is named`(
        problem: FileProblem, code: String, message: String
    ) {
        var project = project()
        project.problems = [Project.manifestPath: problem]
        #expect(project.mistakes == ["1 environment.\(code)"])
        #expect(project.load().diagnostics.first?.message == message)
    }

    @Test func `an environment that cannot be read is an error at its beginning`() {
        var project = project()
        project.problems = [Project.environmentPath: .notFound]
        #expect(project.mistakes == ["environments/test.yaml:1:1 environment.missing-file"])
    }

    @Test(arguments: ["", "\n\n", "# only words\n", "---\n"])
    func `an empty file is an error`(text: String) {
        #expect(
            project(MarkedText(stringLiteral: text)).mistakes == ["manifests/shop.yaml:1:1 environment.empty-file"])
    }

    @Test(arguments: [
        ("services:\n  web:\n  1️⃣\timage: a\n", "yaml.tab"),
        ("services:\n  web:\n    image: a\n   1️⃣ports: [80]\n", "yaml.syntax"),
        ("services: {web: {image: a, 1️⃣image: b}}\n", "yaml.duplicate-key"),
        ("x-a: &a [1️⃣*a]\nservices: {web: {image: a}}\n", "yaml.cyclic-alias"),
        ("x-a: 1️⃣*b\nservices: {web: {image: a}}\n", "yaml.unknown-alias"),
    ])
    func `what is no YAML is told by the parser, with its place`(text: String, code: String) {
        #expect(project(MarkedText(stringLiteral: text)).mistakes == ["1 \(code)"])
    }

    @Test func `invalid UTF-8 is told with its place`() {
        var project = project()
        project.raw = [Project.manifestPath: Array("services:\n  web: {image: ".utf8) + [0xFF, 0x7D]]
        #expect(project.mistakes == ["manifests/shop.yaml:2:16 yaml.encoding"])
    }

    @Test func `a billion laughs are refused long before they are expanded`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let clock = ContinuousClock()
        var codes: [String] = []
        let time = clock.measure { codes = project(MarkedText(stringLiteral: text)).load().diagnostics.map(\.code) }
        #expect(codes == ["yaml.too-many-aliases"])
        #expect(time < .seconds(30))
    }

    @Test func `with one file missing, mistakes in the others are still told`() {
        var project = Project(
            "services: {web: {1️⃣imge: a}}",
            environment: """
                manifests: [../manifests/shop.yaml, 1️⃣../manifests/more.yaml]
                hosts: {one: {engine: "unix:///run/one.sock"}}
                """)
        #expect(project.mistakes == ["1 environment.missing-file", "1 manifest.unknown-key"])
        project.files["manifests/more.yaml"] = "services: {web: {image: a}}"
        #expect(project.mistakes == ["1 manifest.unknown-key"])
    }

    @Test func `manifests merge in order, and the last name holds`() {
        var project = project("name: one\nservices: {web: {image: a, hostname: x}}")
        project.files["manifests/more.yaml"] = "name: Two_B!\nservices: {web: {image: b}}"
        project.files[Project.environmentPath] = """
            manifests: [../manifests/shop.yaml, ../manifests/./more.yaml]
            hosts: {one: {engine: "unix:///run/one.sock"}}
            """
        let loaded = project.load()
        #expect(loaded.desired?.application == "two_b")
        #expect(loaded.desired?.instances.first?.spec.image.description == "b:latest")
        #expect(loaded.desired?.instances.first?.spec.hostname == "x")
        #expect(project.mistakes == ["manifests/more.yaml:1:7 warning manifest.changed-text"])
    }

    @Test func `each file is read once`() {
        var reads: [String: Int] = [:]
        var project = project("services: {web: {image: a, env_file: [a.env, ./a.env]}}")
        project.files["manifests/a.env"] = ""
        _ = EnvironmentLoader(
            read: { path in
                guard let file = project.files[path] else { return .failure(.notFound) }
                reads[path, default: 0] += 1
                return .success(Array(file.text.utf8))
            }, processVariable: { _ in nil }
        ).load(environmentFile: "./environments/test.yaml")
        #expect(reads == [Project.environmentPath: 1, Project.manifestPath: 1, "manifests/a.env": 1])
    }
}
