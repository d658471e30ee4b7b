import RecastManifest
import Testing

@Suite struct DotenvTests {
    private func values(_ text: String, _ variables: [String: String] = [:]) throws -> [String: String] {
        let file = try Dotenv(text) { variables[$0] }
        return Dictionary(file.entries.map { ($0.name, $0.value) }) { _, later in later }
    }

    @Test(arguments: [
        ("FOO=bar", "bar"), ("FOO =bar", "bar"), ("FOO= bar ", "bar"), ("FOO: bar", "bar"), ("export FOO=bar", "bar"),
        ("\texport\tFOO=bar", "bar"), ("\u{FEFF}FOO=bar", "bar"), ("FOO=bar\r\n", "bar"), ("FOO=", ""), ("FOO=\n", ""),
        ("FOO=foobar=", "foobar="), ("FOO=1:B", "1:B"), ("FOO=bar # comment", "bar"), ("FOO=bar #", "bar"),
        ("FOO=1#no-comment", "1#no-comment"), ("FOO=a\\tb", "a\\tb"), ("FOO=$$x", "$x"),
    ])
    func `a plain value`(text: String, value: String) throws {
        #expect(try values(text) == ["FOO": value])
    }

    @Test(arguments: [
        (#"FOO="bar""#, "bar"), ("FOO='bar'", "bar"), (#"FOO="a\"b""#, #"a"b"#), (#"FOO='it\'s'"#, "it's"),
        (#"FOO="'d'""#, "'d'"), ("FOO='a#b' # c", "a#b"), ("FOO=\"a#b\"#", "a#b"), (#"FOO="a\nb""#, "a\nb"),
        (#"FOO='\n'"#, #"\n"#), (#"FOO="a\ b\c""#, #"a\ b\c"#), (#"FOO="\\n""#, #"\n"#), (#"FOO="\0123""#, "S"),
        (#"FOO="\x07""#, #"\x07"#), (#"FOO="\07""#, #"\07"#), ("FOO=\"one\n  two\n\"", "one\n  two\n"),
        ("FOO='$BAR'", "$BAR"), (#"FOO="\$BAR""#, "$BAR"), (#"FOO="\\""#, #"\"#),
    ])
    func `a value in quotes`(text: String, value: String) throws {
        #expect(try values(text) == ["FOO": value])
    }

    @Test func `names may hold dots, dashes, brackets and letters of any script`() throws {
        #expect(try values("A.b-c_1=1\na[1]=2\ná=3\n456=4\n").keys.sorted() == ["456", "A.b-c_1", "a[1]", "á"])
    }

    @Test func `a name alone takes the value of the lookup, or nothing`() throws {
        #expect(
            try values("A=1\nFOO\nBAR\nB=2\nBAZ", ["FOO": "x", "BAZ": "z"]) == [
                "A": "1", "FOO": "x", "B": "2", "BAZ": "z",
            ])
    }

    @Test func `the lookup wins over this file, and this file over earlier ones`() throws {
        let text = "A=1\nX=$A\nY=$B\nZ=$C"
        let file = try Dotenv(text, earlier: ["A": "old", "B": "old", "C": "old"]) { $0 == "C" ? "shell" : nil }
        #expect(file.entries.map(\.value) == ["1", "1", "old", "shell"])
    }

    @Test func `entries have their lines, and unset variables too`() throws {
        let file = try Dotenv("# c\nA='\n\n'\nB=${NO}\n\nC=\"${NO}\"\n") { _ in nil }
        #expect(file.entries.map(\.line) == [2, 5, 7])
        #expect(file.unset.map(\.name) == ["NO", "NO"])
        #expect(file.unset.map(\.line) == [5, 7])
    }

    @Test(
        arguments: [
            ("lol▸$wut", 1), ("A=1\nKEY=▸\"", 2), ("A=1\n\n  KEY=▸'x", 3), ("A=▸\"x\\\"", 1),
            ("A=1\nINVALID▸ LINE\nB=2", 2),
            ("A=\"\n\"\n▸=x", 3), ("▸%!(x)=foo", 1), ("A B=1", 1), ("A=x ▸${", 1), ("A=\"1\n${B}\"\nB= ${▸ }", 3),
        ] as [(MarkedOffset, Int)])
    func `a fault has its line and its place in it`(text: MarkedOffset, line: Int) throws {
        do throws(Dotenv.Fault) {
            _ = try Dotenv(text.text) { _ in "v" }
            Issue.record("no fault")
        } catch {
            #expect(error.line == line)
            let before = text.text.unicodeScalars.prefix(max(text.offset, 0))
            let column =
                before.count
                - ((before.lastIndex(of: "\n").map { before.distance(from: before.startIndex, to: $0) } ?? -1) + 1)
            if text.offset >= 0 { #expect(error.error.offset == column) }
        }
    }

    @Test func `the raw format takes values as they stand`() throws {
        let file = try Dotenv(raw: "\u{FEFF}# c\nA='$X' # y \n  B=\r\nC\n\nD=a=b") { $0 == "C" ? "c" : nil }
        #expect(file.entries.map(\.name) == ["A", "B", "C", "D"])
        #expect(file.entries.map(\.value) == ["'$X' # y ", "", "c", "a=b"])
        #expect(throws: Dotenv.Fault.self) { try Dotenv(raw: "A B=1") { _ in nil } }
    }

    @Test func `random text does not crash`() {
        let pieces = ["A", "=", "\n", "'", "\"", "\\", "#", " ", "$", "{", "}", "export ", ":", "é", "0", "n"]
        for seed in UInt64(0)..<5000 {
            var generator = ValuesGenerator(seed: seed)
            let text = generator.text(of: pieces, upTo: 20)
            let file = try? Dotenv(text) { _ in nil }
            #expect(file?.entries.allSatisfy { !$0.name.contains("\n") } ?? true, "seed \(seed)")
        }
    }
}
