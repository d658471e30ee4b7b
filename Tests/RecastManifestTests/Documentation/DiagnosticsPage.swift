import RecastModel
import RecastViews
import RecastYAML
import Testing

@testable import RecastManifest

/// `docs/reference/diagnostics.md`: every code with a sentence and examples that are really run.
enum DiagnosticsPage {
    static let text = ([head] + parts.map(\.text)).joined(separator: "\n\n") + "\n"

    /// Every code that an example brings about.
    static let codes = Set(examples.map(\.code))

    private static let examples = ManifestExamples.all + EnvironmentExamples.all + YAMLExamples.all

    /// The examples, each run once.
    static let results = examples.map(ExampleResult.init)

    private static let head = """
        # Diagnostics

        Every message about a file has a stable code. Below each stand a small input and what `recast validate` prints
        for it; both were run to make this page. Files that are not shown are `environments/test.yaml` with one host,
        and `manifests/shop.yaml` with one service.

            FILE:LINE:COLUMN: SEVERITY[CODE]: MESSAGE
               LINE | the line
                    | ^^^ what to do

        An error stops every command before a host is touched; a warning is shown and does not; a note is shown by
        `validate` alone. `validate --json` has `file`, `line`, `column`, `endColumn` (the first one behind), `path`,
        `severity`, `code`, `message`, `help` and `notes` of each. Keys that are read differently, without effect or
        refused stand in [Compose keys](compose.md).
        """

    private static var parts: [DiagnosticEntry] {
        let domains: [(String, String)] = [("manifest", "Manifests"), ("environment", "Environments")]
        let own = domains.flatMap { domain, title -> [DiagnosticEntry] in
            let entries = Code.allCases.compactMap { code -> DiagnosticEntry? in
                let identifier = "\(domain).\(code.rawValue)"
                return codes.contains(identifier) ? .code(identifier, code.sentence) : nil
            }
            return [.title(title)] + entries
        }
        return own + [.title("YAML")] + YAMLProblem.allCases.map { .code($0.rawValue, $0.sentence) }
    }
}

/// A part of the page.
private enum DiagnosticEntry {
    case title(String)
    case code(String, String)

    var text: String {
        switch self {
        case .title(let title): return "## \(title)"
        case .code(let code, let sentence):
            let shown = DiagnosticsPage.results.filter { $0.example.code == code }.map(\.text)
            return (["### `\(code)`", sentence] + shown).joined(separator: "\n\n")
        }
    }
}

/// A small input, and what Recast says about it.
struct Example: Sendable {
    let code: String
    let project: Project
    /// The files that are worth showing, in order.
    let shown: [String]
    /// Told where the input cannot be shown whole.
    let remark: String?
}

/// An example with what came of it.
struct ExampleResult: Sendable {
    let example: Example
    let all: [Diagnostic]
    private let sources: [String: [UInt8]]

    init(_ example: Example) {
        let loaded = example.project.load()
        self.example = example
        all = loaded.diagnostics
        sources = loaded.sources
    }

    /// Those with the example's code.
    var diagnostics: [Diagnostic] { all.filter { $0.code == example.code } }

    var text: String {
        let files = example.shown.compactMap { name in example.project.files[name].map { (name, $0.text) } }
        let input = files.map { name, text in
            Self.block((files.count > 1 ? ["# \(name)"] : []) + text.lines, in: "yaml")
        }
        let output = DiagnosticText(sources: sources).lines(diagnostics)
        return ([example.remark].compactMap(\.self) + input + [Self.block(output, in: "text")]).joined(
            separator: "\n\n")
    }

    private static func block(_ lines: [String], in language: String) -> String {
        (["```\(language)"] + lines + ["```"]).joined(separator: "\n")
    }
}

extension String {
    fileprivate var lines: [String] {
        var lines = split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}

@Suite struct DiagnosticsPageTests {
    @Test func `every code has an example`() {
        let known = Set(Code.allCases.map(\.rawValue))
        let shown = Set(DiagnosticsPage.codes.map { String($0.drop { $0 != "." }.dropFirst()) })
        #expect(known.subtracting(shown).sorted() == [])
        #expect(Set(YAMLProblem.allCases.map(\.rawValue)).subtracting(DiagnosticsPage.codes) == [])
    }

    @Test func `every code has a sentence`() {
        #expect(Code.allCases.filter { $0.sentence.isEmpty } == [])
    }

    @Test func `every example brings its code about`() {
        for result in DiagnosticsPage.results {
            #expect(!result.diagnostics.isEmpty, "\(result.example.code): \(result.all)")
        }
    }
}
