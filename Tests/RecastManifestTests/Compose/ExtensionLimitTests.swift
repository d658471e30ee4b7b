import RecastModel
import Testing

@testable import RecastManifest

/// Services and files that bring in others: what is read how often, and how far.
@Suite struct ExtensionLimitTests {
    private func load(_ texts: [String: String]) -> ComposeFiles.Result {
        let files = ComposeFiles(files: ["compose.yaml"], projectDirectory: "/srv/shop", workingDirectory: ".")
        return files.load(shell: [:]) { path in
            texts[path].map { .success(Array($0.utf8)) } ?? .failure(.notFound)
        }
    }

    private func codes(_ result: ComposeFiles.Result) -> [String] {
        result.diagnostics.filter { $0.severity == .error }.map(\.code)
    }

    /// `order`: the numbers of the services as they stand in the file; each extends the one before.
    private func chain(_ order: some Sequence<Int>) -> String {
        "services:\n"
            + order.map { $0 == 0 ? "  s0: {image: i}\n" : "  s\($0): {extends: s\($0 - 1)}\n" }.joined()
    }

    @Test(.timeLimit(.minutes(2)), arguments: [true, false])
    func `a chain of extends has an end`(isReversed: Bool) {
        let short = 0..<150
        let long = 0..<2000
        #expect(codes(load(["compose.yaml": isReversed ? chain(short.reversed()) : chain(short)])) == [])
        let refused = codes(load(["compose.yaml": isReversed ? chain(long.reversed()) : chain(long)]))
        #expect(Set(refused) == ["manifest.dependency-cycle"])
    }

    @Test func `a file that many services extend is read once`() {
        let extending = (1...20).map { "  s\($0): {extends: {file: base.yaml, service: b}}\n" }.joined()
        let result = load([
            "compose.yaml": "services:\n" + extending, "base.yaml": "services: {b: {image: i, restart: no, nope: 1}}",
        ])
        #expect(codes(result) == ["manifest.unknown-key"])
    }

    @Test(.timeLimit(.minutes(2))) func `files that include each other's like twice are not read for ever`() {
        var texts = ["compose.yaml": "include: [f1.yaml]\nservices: {a: {image: i}}\n"]
        for number in 1...30 {
            texts["f\(number).yaml"] = "include: [{path: f\(number + 1).yaml}, {path: ./f\(number + 1).yaml}]\n"
        }
        texts["f31.yaml"] = "services: {b: {image: i}}\n"
        #expect(Set(codes(load(texts))) == ["manifest.conflict"])
    }

    @Test func `the variables of a project win over those of what it includes`() {
        let result = load([
            "compose.yaml": "include: [part/compose.yaml]", ".env": "TAG=own", "part/.env": "TAG=part\nMORE=part\n",
            "part/compose.yaml": "services: {p: {image: 'x:$TAG-$MORE'}}",
        ])
        let json = String(decoding: result.project?.json ?? [], as: UTF8.self)
        #expect(json.contains("\"x:own-part\""))
    }
}
