import RecastModel
import RecastYAML
import Testing

@testable import RecastManifest

/// `x-recast` in a compose file that is only printed.
@Suite struct ExtensionPrintingTests {
    private func load(_ text: MarkedText) -> ComposeFiles.Result {
        let files = ComposeFiles(files: ["compose.yaml"], projectDirectory: "/srv/shop", workingDirectory: ".")
        return files.load(shell: [:]) { $0 == "compose.yaml" ? .success(Array(text.text.utf8)) : .failure(.notFound) }
    }

    @Test(arguments: [
        "{parallelism: 25%}", "{parallelism: 3}", "{parallelism: \"3\"}", "{max_gap: 90s}", "{rehearse: \"yes\"}",
        "{ready: {http: \":8080/health\", timeout: 120s}}", "{ready: {exec: a | b}}", "{ready: {tcp: \"80\"}}",
        "{ready: {http: {port: 80, path: /}}}", "{drain: {exec: [a, b], wait: 0.5m}}", "{task: before}",
        "{task: {when: after, timeout: 60m}}", "{canary: 0, bind: host, hosts: [a]}",
    ])
    func `what it says is printed as it was written`(written: String) {
        let result = load(MarkedText(stringLiteral: "services: {web: {image: a, x-recast: \(written)}}"))
        #expect(result.diagnostics.filter { $0.severity == .error } == [])
        let printed = ComposeTree.node(result.project?.yaml ?? "")
        #expect(printed["services"]?["web"]?["x-recast"]?.plain == ComposeTree.node(written).plain)
    }

    @Test(arguments: [
        "{1️⃣canaries: 1}", "{canary: 1️⃣-1}", "{max_gap: 1️⃣soon}", "{ready: {tcp: 1️⃣0}}", "{task: 1️⃣during}",
        "{bind: 1️⃣volume}",
    ])
    func `a mistake in it is found all the same`(written: String) {
        let text = MarkedText(stringLiteral: "services: {web: {image: a, x-recast: \(written)}}")
        let errors = load(text).diagnostics.filter { $0.severity == .error }
        #expect(errors.map { text.marker(at: $0.position) } == [1])
    }

    @Test func `a service whose name looks like an extension is a service`() {
        let result = load("services: {x-web: {image: a, stop_grace_period: 90s}}")
        let service = ComposeTree.node(result.project?.yaml ?? "")["services"]?["x-web"]
        #expect(service?["stop_grace_period"]?.string == "1m30s")
    }
}
