import RecastModel
import RecastYAML
import Testing

@Suite struct StructureTests {
    @Test func `mappings keep the order of the file`() {
        #expect(read("b: 1\na: [x, {c: d}]\n").root?.outline == #"{"b": int 1, "a": ["x", {"c": "d"}]}"#)
    }

    @Test(arguments: ["", "\n\n", "# only a comment\n", "---\n", "---\n...\n", "\u{FEFF}"])
    func `a file without content has no root and no fault`(text: String) {
        let result = read(text)
        #expect(result.root == nil)
        #expect(result.diagnostics == [])
    }

    @Test(arguments: [
        "a: 1\r\nb: 2\r\n", "\u{FEFF}a: 1\nb: 2",
        "--- {a: 1,\nb: 2}\n...\n", "a: 1\nb: 2\n---\n", "a: 1\rb: 2\r",
    ])
    func `line endings, byte order marks and document marks do not matter`(text: String) {
        let result = read(text)
        #expect(result.root?.outline == #"{"a": int 1, "b": int 2}"#)
        #expect(result.diagnostics == [])
        #expect(result.root?["b"]?.position == SourcePosition(file: "test.yaml", line: 2, column: 4))
    }

    @Test func `positions are where keys and values start`() {
        let source: MarkedText = """
            1️⃣services:
              2️⃣wéb: 3️⃣nginx
              4️⃣"db": 5️⃣'postgres'
              list:
                - 6️⃣one
                - 7️⃣{a: 8️⃣b}
            """
        let root = read(source.text).root
        #expect(root?.position == source[1])
        let services = root?["services"]
        #expect(services?.position == source[2])
        guard case .mapping(let entries) = services?.content else { return #expect(Bool(false)) }
        #expect(entries.map(\.keyPosition).prefix(2) == [source[2], source[4]])
        #expect(entries.map(\.value.position).prefix(2) == [source[3], source[5]])
        #expect(services?["list"]?[0]?.position == source[6])
        #expect(services?["list"]?[1]?.position == source[7])
        #expect(services?["list"]?[1]?["a"]?.position == source[8])
    }

    @Test func `a value starts behind its anchor and tag`() {
        let source: MarkedText = """
            a: &x 1️⃣one
            b: !mine &y
              # a comment
              2️⃣c: d
            e: &z
            f: &q !mine 3️⃣[]
            """
        let root = read(source.text).root
        #expect(root?["a"]?.position == source[1])
        #expect(root?["b"]?.position == source[2])
        #expect(root?["f"]?.position == source[3])
        #expect(root?["e"]?.content == .null)
        #expect(root?["e"]?.position.line == 5)
    }

    @Test func `each character of a text has a place`() {
        let source: MarkedText = """
            plain: ab1️⃣c
            quoted: "ab2️⃣c"
            block: |
              first
              se3️⃣cond
            folded: >-
              ab4️⃣c
            alias: &a ab5️⃣c
            use: *a
            """
        let root = read(source.text).root
        #expect(root?["plain"]?.position(ofCharacter: 2) == source[1])
        #expect(root?["quoted"]?.position(ofCharacter: 2) == source[2])
        #expect(root?["block"]?.position(ofCharacter: 8) == source[3])
        #expect(root?["folded"]?.position(ofCharacter: 2) == source[4])
        #expect(root?["use"]?.position(ofCharacter: 2) == source[5])
    }

    @Test func `a duplicate key is an error that shows the first`() {
        let source: MarkedText = """
            a:
              1️⃣image: x
              2️⃣image: y
            3️⃣a: 1
            """
        let result = read(source.text)
        #expect(result.codes == ["yaml.duplicate-key", "yaml.duplicate-key"])
        #expect(result.diagnostics.first?.position == source[2])
        #expect(result.diagnostics.first?.length == 5)
        #expect(result.diagnostics.first?.notes == [Diagnostic.Note("first declared here", at: source[1])])
        #expect(result.diagnostics.last?.position == source[3])
        #expect(result.root?.outline == #"{"a": {"image": "x"}}"#)
    }

    @Test(
        arguments: [
            "1️⃣1: a", "1️⃣true: a", "1️⃣1.5: a",
            "1️⃣~: a", "?1️⃣ \n: a", "? 1️⃣[x]\n: a", "? 1️⃣{x: y}\n: a",
        ] as [MarkedText])
    func `a key that is not text is an error`(source: MarkedText) {
        let result = read(source.text)
        #expect(result.codes == ["yaml.key-not-text"])
        #expect(result.diagnostics.first?.position == source[1])
    }

    @Test(arguments: ["'1': a", "yes: a", "22:22: a", "!!str 1: a", "2020-01-01: a"])
    func `text that looks typed to others is a key`(text: String) {
        #expect(read(text).codes == [])
    }

    @Test func `a second document is an error at its start`() {
        let source: MarkedText = "a: 1\n1️⃣---\nb: 2\n"
        let result = read(source.text)
        #expect(result.codes == ["yaml.multiple-documents"])
        #expect(result.diagnostics.first?.position == source[1])
    }
}

@Suite struct AliasTests {
    @Test func `an alias repeats the value and stands at its own place`() {
        let source: MarkedText = """
            a: &x 1️⃣[one]
            b: 2️⃣*x
            *k : &k 1
            """
        let root = read("a: &x [one]\nb: *x\n").root
        #expect(root?["b"]?.outline == #"["one"]"#)
        #expect(root?["b"]?.position == source[2])
        #expect(root?["b"]?[0]?.position.line == 1)
    }

    @Test func `an alias may be a key`() {
        #expect(read("a: &k name\n*k : 1\n").root?.outline == #"{"a": "name", "name": int 1}"#)
    }

    @Test func `the latest anchor of a name counts`() {
        #expect(read("[&a 1, *a, &a 2, *a]").root?.outline == "[int 1, int 1, int 2, int 2]")
        #expect(read("&a [&a 1, *a]").root?.outline == "[int 1, int 1]")
    }

    @Test func `an unknown alias is an error and the rest is read`() {
        let source: MarkedText = "a: 1️⃣*x\nb: &x 1\nc:\n  <<: 2️⃣*y\n"
        let result = read(source.text)
        #expect(result.codes == ["yaml.unknown-alias", "yaml.unknown-alias"])
        #expect(result.diagnostics.map(\.position) == [source[1], source[2]])
        #expect(result.diagnostics.first?.length == 2)
        #expect(result.root?["b"]?.content == .int(1))
    }

    @Test(arguments: ["a: &a [1️⃣*a]", "a: &a {b: {c: 1️⃣*a}}", "a: &a\n  <<: 1️⃣*a\n"] as [MarkedText])
    func `an alias inside of its own anchor is an error`(source: MarkedText) {
        let result = read(source.text)
        #expect(result.codes == ["yaml.cyclic-alias"])
        #expect(result.diagnostics.first?.position == source[1])
    }

    @Test func `a merge key brings in what is not declared`() {
        let text = """
            base: &base {image: a, user: b}
            more: &more {user: c, tty: d}
            web:
              first: 1
              <<: [*base, *more, {inline: e}]
              image: own
            """
        #expect(
            read(text).root?["web"]?.outline
                == #"{"first": int 1, "user": "b", "tty": "d", "inline": "e", "image": "own"}"#)
    }

    @Test func `merged mappings merge in turn`() {
        let text = "a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b}\n"
        #expect(read(text).root?["c"]?.outline == #"{"x": int 1, "y": int 2}"#)
    }

    @Test func `a merge key in quotes is a key`() {
        #expect(read("'<<': 1").root?.outline == #"{"<<": int 1}"#)
    }

    @Test(
        arguments: [
            "<<: 1️⃣text", "<<: 1️⃣1", "a: &a [x]\nb: {<<: [1️⃣*a]}", "<<: [1️⃣x]", "<<:1️⃣\na: 1",
        ] as [MarkedText])
    func `a merge of anything but mappings is an error`(source: MarkedText) {
        let result = read(source.text)
        #expect(result.codes == ["yaml.bad-merge"])
        #expect(result.diagnostics.first?.position == source[1])
    }

    @Test func `two merge keys are a duplicate`() {
        let source: MarkedText = "a: &a {x: 1}\nb:\n  <<: *a\n  1️⃣<<: *a\n"
        #expect(read(source.text).codes == ["yaml.duplicate-key"])
        #expect(read(source.text).diagnostics.first?.position == source[1])
    }
}
