import Foundation
import Testing

/// A page under `docs/reference` that is made from the program, so that the two cannot disagree.
struct GeneratedPage {
    let name: String
    let text: String

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/reference")

    static func committed(_ name: String) -> String {
        (try? String(contentsOf: folder.appending(path: "\(name).md"), encoding: .utf8)) ?? ""
    }

    /// Writes the page when `RECAST_WRITE_DOCS=1` asks for it, and otherwise compares.
    func check() throws {
        if ProcessInfo.processInfo.environment["RECAST_WRITE_DOCS"] == "1" {
            try text.write(to: Self.folder.appending(path: "\(name).md"), atomically: true, encoding: .utf8)
        }
        #expect(
            Self.committed(name) == text,
            """
            docs/reference/\(name).md is not what the program says. Write it anew with
            RECAST_WRITE_DOCS=1 swift test --filter RecastManifestTests.GeneratedPageTests, and commit it.
            """)
    }
}

@Suite struct GeneratedPageTests {
    @Test func `the page of compose keys is the loader's own table`() throws {
        try GeneratedPage(name: "compose", text: ComposePage.text).check()
    }

    @Test func `the page of diagnostics shows what the loader says`() throws {
        try GeneratedPage(name: "diagnostics", text: DiagnosticsPage.text).check()
    }
}
