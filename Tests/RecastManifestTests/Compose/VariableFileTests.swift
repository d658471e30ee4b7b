import RecastModel
import RecastYAML
import Testing

@testable import RecastManifest

@Suite struct VariableFileTests {
    private func tree(
        _ lines: String, _ files: [String: MarkedText], variables: [String: String] = [:], strict: Bool = true
    ) -> ComposeTree {
        ComposeTree(
            MarkedText(stringLiteral: "services: {a: {image: i, \(lines)}}"), variables: variables, files: files
        ) { $0.strict = strict }
    }

    @Test func `what the service says wins over env files, and a later file over an earlier one`() {
        let tree = tree(
            "environment: {A: own, N: null}, env_file: [{path: 1.env, required: true}, {path: sub/2.env, required: true}]",
            ["/srv/shop/1.env": "A=1\nB=1\nC=1\nN=1\n", "/srv/shop/sub/2.env": "C=2\nD=2\n"])
        #expect(tree.has("services", "a", "environment", equal: "{A: own, N: null, B: '1', C: '2', D: '2'}"))
        #expect(tree.value("services", "a", "env_file") == nil)
        #expect(tree.mistakes == [])
    }

    @Test func `an env file sees the environment, then the service, then earlier files`() {
        let tree = tree(
            "environment: {B: own, P: own}, env_file: [{path: 1.env}, {path: 2.env}]",
            ["/srv/shop/1.env": "C=first\n", "/srv/shop/2.env": "X=$P-$B-$C\nP\n"], variables: ["P": "project"])
        #expect(tree.value("services", "a", "environment", "X")?.string == "project-own-first")
        #expect(tree.value("services", "a", "environment", "P")?.string == "own")
    }

    @Test func `a raw file is taken as it stands`() {
        let tree = tree("env_file: [{path: r.env, format: raw}]", ["/srv/shop/r.env": "A='$x'\n"])
        #expect(tree.value("services", "a", "environment", "A")?.string == "'$x'")
    }

    @Test func `a value from a file stands where the file has it`() {
        let tree = tree("env_file: [{path: 1.env}]", ["/srv/shop/1.env": "# first\nA=1\n"])
        #expect(tree.value("services", "a", "environment", "A")?.position.description == "/srv/shop/1.env:2:1")
    }

    @Test(arguments: [
        ("env_file: [{path: 1️⃣no.env, required: true}]", ["1 missing-file"]),
        ("env_file: [{path: no.env, required: false}]", []),
        ("label_file: [1️⃣no.env]", ["1 missing-file"]),
        ("env_file: [{path: bad.env, format: 1️⃣yaml}]", ["1 bad-value"]),
    ])
    func `a file must be there unless it may be missing`(lines: String, mistakes: [String]) {
        #expect(tree(lines, [:]).mistakes == mistakes)
    }

    @Test func `a fault in a file is told at its place in the file`() {
        let tree = tree("env_file: [{path: 1.env}]", ["/srv/shop/1.env": "A=1\nB 1️⃣C=2\n"])
        #expect(tree.mistakes.count == 1)
        #expect(tree.mistakes.allSatisfy { $0.hasSuffix("bad-env-file") })
        #expect(tree.project.report.diagnostics.map(\.position.file) == ["/srv/shop/1.env"])
    }

    @Test func `a variable without a value is an error only in earnest`() {
        let files: [String: MarkedText] = ["/srv/shop/1.env": "A=1\n1️⃣B=${NONE}\n"]
        #expect(tree("env_file: [{path: 1.env}]", files).mistakes == ["1 unset-variable"])
        #expect(tree("env_file: [{path: 1.env}]", files, strict: false).mistakes == ["1 warning unset-variable"])
    }

    @Test func `a value without a name is an error only in earnest`() {
        let files: [String: MarkedText] = ["/srv/shop/1.env": "A=1\n1️⃣=x\n"]
        #expect(tree("env_file: [{path: 1.env}]", files).mistakes == ["1 bad-env-file"])
        #expect(tree("env_file: [{path: 1.env}]", files, strict: false).mistakes == [])
    }

    @Test func `labels win over label files, which see no variables`() {
        let tree = tree(
            "labels: {M: own}, label_file: [l.env, m.env]",
            ["/srv/shop/l.env": "L=1\nM=file\n", "/srv/shop/m.env": "N=${L}${P:-none}\n"], variables: ["P": "x"])
        #expect(tree.has("services", "a", "labels", equal: "{M: own, L: '1', N: 1none}"))
        #expect(tree.value("services", "a", "label_file") == nil)
    }

    @Test func `files of a disabled service are not read`() {
        #expect(tree("profiles: [p], env_file: [{path: no.env}]", [:]).mistakes == [])
    }

    @Test func `files are left alone when asked`() {
        let tree = ComposeTree("services: {a: {image: i, env_file: [{path: no.env}], label_file: [l]}}") {
            $0.resolveEnvironment = false
        }
        #expect(tree.mistakes == [])
        #expect(tree.has("services", "a", "env_file", equal: "[{path: /srv/shop/no.env}]"))
    }
}
