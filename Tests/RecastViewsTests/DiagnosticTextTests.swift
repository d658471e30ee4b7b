import RecastModel
import RecastViews
import Testing

@Suite struct DiagnosticTextTests {
    private func text(_ diagnostic: Diagnostic, _ source: String) -> String {
        DiagnosticText(sources: ["a.yaml": Array(source.utf8)]).lines([diagnostic]).joined(separator: "\n")
    }

    @Test func `place, line, caret and help`() {
        let diagnostic = Diagnostic(
            code: "manifest.unknown-key", "unknown key 'imge'", at: SourcePosition(file: "a.yaml", line: 2, column: 3),
            length: 4, help: "did you mean 'image'?",
            notes: [Diagnostic.Note("declared here", at: SourcePosition(file: "a.yaml", line: 1, column: 1))])
        #expect(
            text(diagnostic, "web:\n  imge: nginx\n") == """
                a.yaml:2:3: error[manifest.unknown-key]: unknown key 'imge'
                   2 |   imge: nginx
                     |   ^^^^ did you mean 'image'?
                  a.yaml:1:1: note: declared here
                """)
    }

    @Test func `nothing from a file moves the cursor, turns the line or hides the caret`() {
        let diagnostic = Diagnostic(
            code: "x", "no '\u{1B}[2J'", at: SourcePosition(file: "a.yaml", line: 1, column: 5), help: "a\u{202E}b")
        #expect(
            text(diagnostic, "a: \u{1B}b") == """
                a.yaml:1:5: error[x]: no '\\u{1B}[2J'
                   1 | a:  b
                     |     ^ a\\u{202E}b
                """)
    }

    @Test func `a line is quoted without the password of a URL`() {
        let diagnostic = Diagnostic(code: "x", "m", at: SourcePosition(file: "a.yaml", line: 1, column: 1))
        let quoted = text(diagnostic, "a: \"ssh://root:se:c@ret@h\", b: [http://u:pw@h/p@q, u@h:1, m@x]")
        #expect(quoted.contains("a: \"ssh://root:********@h\", b: [http://u:**@h/p@q, u@h:1, m@x]"), "\(quoted)")
    }

    @Test func `of thousands, a hundred are told`() {
        let one = Diagnostic(code: "x", "m", at: SourcePosition(file: "b.yaml", line: 1, column: 1))
        let lines = DiagnosticText(sources: [:]).lines(Array(repeating: one, count: 30_000))
        #expect(lines.count == 101)
        #expect(lines.last == "… and 29900 more.")
    }

    @Test func `a caret stays within its line, tabs count as one, a missing line is left out`() {
        let wide = Diagnostic(code: "x", "m", at: SourcePosition(file: "a.yaml", line: 1, column: 3), length: 99)
        #expect(text(wide, "\ta: b").hasSuffix("   1 |  a: b\n     |   ^^^"))
        let beyond = Diagnostic(code: "x", "m", at: SourcePosition(file: "a.yaml", line: 9, column: 1), help: "h")
        #expect(text(beyond, "a").hasSuffix("m\n       h"))
    }
}

@Suite struct DiagnosticsDocumentTests {
    @Test func `machines get place, end, path, code and help`() throws {
        let diagnostic = Diagnostic(
            .warning, code: "manifest.x", "m", at: SourcePosition(file: "a.yaml", line: 2, column: 3), length: 4,
            help: "h")
        let document = DiagnosticsDocument([diagnostic]) { "\($0.file)!" }
        #expect(
            try JSONText.line(document)
                == #"{"diagnostics":[{"code":"manifest.x","column":3,"endColumn":7,"file":"a.yaml","help":"h","length":4,"#
                + #""line":2,"message":"m","notes":[],"path":"a.yaml!","severity":"warning"}],"format":1,"valid":true}"#
        )
    }
}
