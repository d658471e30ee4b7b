import RecastModel
import RecastYAML
import Testing

@Suite struct EmissionTests {
    private func node(_ content: YAMLNode.Content, tag: String? = nil) -> YAMLNode {
        YAMLNode(content, at: SourcePosition(file: "", line: 1, column: 1), tag: tag)
    }

    private func mapping(_ entries: KeyValuePairs<String, YAMLNode>) -> YAMLNode {
        node(
            .mapping(
                entries.map {
                    YAMLNode.Entry(
                        key: $0, keyPosition: SourcePosition(file: "", line: 1, column: 1), value: $1)
                }))
    }

    @Test func `a tree is written in block style`() {
        let tree = mapping([
            "name": node(.string("shop")),
            "services": mapping([
                "web": mapping([
                    "ports": node(.sequence([node(.string("80:80")), node(.int(443))])),
                    "command": node(
                        .sequence([mapping(["a": node(.null), "b": node(.bool(true))]), node(.sequence([]))])),
                    "labels": mapping([:]),
                    "cpus": node(.float(1)),
                    "reset": node(.sequence([node(.int(1))]), tag: "!override"),
                ])
            ]),
            "script": node(.string("one\n\n  two\n")),
        ])
        #expect(
            tree.yamlText == """
                name: shop
                services:
                  web:
                    ports:
                      - "80:80"
                      - 443
                    command:
                      - a: null
                        b: true
                      - []
                    labels: {}
                    cpus: 1.0
                    reset: !override
                      - 1
                script: |
                  one

                    two

                """)
    }

    @Test(arguments: [
        "nginx:1.25", "/srv/data", "${VAR:-x}", "a b", "it's",
        "a,b", "x#y", "http://x/y?z=[1]", "été", "1.2.3-alpine",
    ])
    func `ordinary text needs no quotes`(text: String) {
        #expect(node(.string(text)).yamlText == text + "\n")
    }

    @Test(arguments: [
        "", "80", "1.10", "010", "true", "null",
        "~", "yes", "No", "on", "22:22", "2020-01-01", "2020-01-01T00:00:00Z",
        " a", "a ", "a: b", "a:", "a #b", "# a", "- a", "[a]",
        "{a}", "*a", "&a", "!a", "%a", "@a", "`a`", "'a'", "\"a\"",
        "? a", "| a", "> a", "<<", "=", "---", "...",
        "a\tb", "a\r\nb", "\n", "\u{1}", "\u{FEFF}", "\u{85}", " \n",
        "a\n ", " a\nb", "\u{2028}", "a: \u{301}b", "1e3", ".inf", "-1", "null\n",
    ])
    func `text that would be read as something else is quoted`(text: String) throws {
        let written = node(.string(text)).yamlText
        let line = try #require(written.split(separator: "\n").first)
        #expect(line.first == "\"" || line.first == "|")
        #expect(read(written).root?.content == .string(text))
    }

    @Test(arguments: ["a\nb", "a\nb\n", "a\n\n\n", "a\n\nb", "a: b\n# c\n\td\n", "a \nb \n"])
    func `text of several lines is written as a block`(text: String) {
        let written = mapping(["k": node(.string(text)), "z": node(.int(1))]).yamlText
        #expect(written.hasPrefix("k: |"))
        #expect(read(written).root?["k"]?.content == .string(text))
        #expect(read(written).root?["z"]?.content == .int(1))
    }

    @Test func `a key longer than libyaml looks ahead is read back`() {
        let key = String(repeating: "k", count: 3000)
        let tree = mapping([key: node(.sequence([node(.int(1))])), "b": mapping([key: node(.null)])])
        #expect(read(tree.yamlText).root?.outline == tree.outline)
    }

    @Test func `what is written is read back as it was`() async {
        for seed in UInt64(0)..<3000 {
            await Task.yield()
            var generator = SeededGenerator(seed: seed)
            let tree = RandomTree(generator: &generator).node
            let written = tree.yamlText
            let result = read(written)
            #expect(result.diagnostics == [], "seed \(seed):\n\(written)")
            #expect(result.root?.outline == tree.outline, "seed \(seed):\n\(written)")
            #expect(result.root?.yamlText == written, "seed \(seed)")
        }
    }
}

/// A tree of every kind of value, with text chosen to be awkward.
private struct RandomTree {
    let node: YAMLNode

    init(generator: inout SeededGenerator) {
        // At the root, absent text and null are no document.
        node = Self.collection(depth: 0, &generator)
    }

    private static func collection(depth: Int, _ generator: inout SeededGenerator) -> YAMLNode {
        let count = Int.random(in: 0...4, using: &generator)
        let items = (0..<count).map { _ in value(depth: depth + 1, &generator) }
        var seen: Set<String> = []
        let entries = items.map { item in
            YAMLNode.Entry(key: text(&generator), keyPosition: place, value: item)
        }.filter { seen.insert($0.key).inserted }
        return made(Bool.random(using: &generator) ? .sequence(items) : .mapping(entries), &generator)
    }

    private static func value(depth: Int, _ generator: inout SeededGenerator) -> YAMLNode {
        switch Int.random(in: depth > 5 ? 3...9 : 0...9, using: &generator) {
        case 0...2: collection(depth: depth, &generator)
        case 3: made(.null, &generator)
        case 4: made(.bool(Bool.random(using: &generator)), &generator)
        case 5: made(.int(Int64.random(in: Int64.min...Int64.max, using: &generator)), &generator)
        case 6: made(.float(Double(bitPattern: generator.next())), &generator)
        case 7: made(.bigInt(String(UInt64.random(in: (1 << 63)...UInt64.max, using: &generator))), &generator)
        default: made(.string(text(&generator)), &generator)
        }
    }

    private static func text(_ generator: inout SeededGenerator) -> String {
        let pieces = [
            "a", "Z", "é", "👩‍👧", "0", "9", " ", " ", "\n", "\n", "\t",
            "\r", ":", "#", "-", "?", "|", ">", "'", "\"", "\\", "{",
            "]", ",", "&", "*", "!", "%", "@", "`",
            "~", "<<", "null", "yes", "1e3", "...", "---", "\u{0}", "\u{85}",
            "\u{2028}", "\u{FEFF}", "\u{FFFE}", "\u{301}", "$", "/", "=", ".", "_",
        ]
        let count = Int.random(in: 0...6, using: &generator)
        return (0..<count).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &generator)] }.joined()
    }

    /// A number or boolean with a tag would be text.
    private static func made(_ content: YAMLNode.Content, _ generator: inout SeededGenerator) -> YAMLNode {
        let isTagged = Int.random(in: 0...9, using: &generator) == 0
        let tag: String? =
            switch content {
            case .null, .string, .sequence, .mapping: isTagged ? "!override" : nil
            case .bool, .int, .bigInt, .float: nil
            }
        return YAMLNode(content, at: place, tag: tag)
    }

    private static var place: SourcePosition { SourcePosition(file: "test.yaml", line: 1, column: 1) }
}
