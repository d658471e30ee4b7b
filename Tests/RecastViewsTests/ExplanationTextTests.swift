import RecastModel
import RecastViews
import Testing

@Suite struct ExplanationTextTests {
    private static func position(_ line: Int, _ column: Int) -> SourcePosition {
        SourcePosition(file: "a.yaml", line: line, column: column)
    }

    private static let explanation = Explanation(
        path: "services.web.environment.A", value: "x-1", isSecret: false, isImplied: false,
        layers: [
            .init(
                .init(position(5, 6), line: "  A: x-${TAG}"), routes: [.included(position(1, 1))],
                variables: [
                    .init("TAG", value: "1", source: .environment(position(2, 3))),
                    .init("ZONE", value: nil, source: nil), .init("E", value: "", source: .commandLine),
                ]),
            .init(
                .init(position(3, 4), line: nil), routes: [.extended("base", position(4, 5)), .mergeKey], variables: []),
        ], parts: [])

    @Test func `the text that holds, what went into it, and what it took the place of`() {
        #expect(
            ExplanationText().lines(Self.explanation).joined(separator: "\n") == """
                services.web.environment.A: x-1

                stands at a.yaml:5:6
                   5 |   A: x-${TAG}
                     |      ^
                  through `include` at a.yaml:1:1
                  TAG is '1', from `variables:` at a.yaml:2:3
                  ZONE is not set: its default in the text holds
                  E is empty, from --set

                in place of a.yaml:3:4
                  through `extends` of base at a.yaml:4:5
                  through a merge key, `<<`
                """)
    }

    @Test func `a collection is shown whole, with the place of each part`() {
        let explanation = Explanation(
            path: "networks", value: "a: {}\nlong: {}", isSecret: false, isImplied: true,
            layers: [.init(.init(Self.position(1, 1), line: "networks:"), routes: [], variables: [])],
            parts: [.init("a", position: Self.position(2, 3)), .init("long", position: Self.position(3, 3))])
        #expect(
            ExplanationText().lines(explanation).joined(separator: "\n") == """
                networks:
                  a: {}
                  long: {}

                follows from a.yaml:1:1
                   1 | networks:
                     | ^

                with
                  a     a.yaml:2:3
                  long  a.yaml:3:3
                """)
    }

    @Test func `machines get every place`() throws {
        let text = try JSONText.line(ExplanationDocument(Self.explanation))
        #expect(
            text.hasPrefix(
                "{\"format\":1,\"implied\":false,\"layers\":[{\"place\":{\"column\":6,\"file\":\"a.yaml\",\"line\":5}"))
        #expect(text.contains("{\"from\":\"default\",\"name\":\"ZONE\"}"))
        #expect(
            text.contains(
                "{\"kind\":\"extends\",\"place\":{\"column\":5,\"file\":\"a.yaml\",\"line\":4},\"service\":\"base\"}"))
        #expect(text.contains("{\"kind\":\"merge-key\"}"))
    }
}
